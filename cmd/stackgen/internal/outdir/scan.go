package outdir

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"stackgen/render/artifact"
	"stackgen/render/plan"
)

// tree is a directory as it is found.
type tree struct {
	dir     string                 // as the user named it
	entries map[string]fs.FileMode // by path with slashes; symbolic links are not followed
	owner   ownership
	root    *os.Root // nil when the directory does not exist
	top     openDir  // that directory; nil as root is
}

// scan reads a directory. One that does not exist is an empty tree.
func scan(dir string) (*tree, error) {
	t := &tree{dir: dir, entries: map[string]fs.FileMode{}}
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err != nil {
		if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
			return nil, &ForeignError{dir, "is not a directory", "name another one with -o, or move it away"}
		}
		return nil, fmt.Errorf("reading the output folder: %w", err)
	}
	t.root = root
	found, err := t.list()
	if err != nil {
		return nil, fmt.Errorf("reading the output folder: %w", err)
	}
	if !slices.ContainsFunc(found, func(e entry) bool { return e.name == plan.ManifestName || e.name == journalName }) {
		if err := t.refuseForeign(found); err != nil {
			return nil, err // and what is below is not looked at: it may be all that there is
		}
	}
	var walked error
	var both sync.WaitGroup
	both.Go(func() { walked = t.walk(found) })
	both.Go(func() { t.owner, err = readOwnership(root, dir) })
	both.Wait()
	switch {
	case walked != nil:
		return nil, fmt.Errorf("reading the output folder: %w", walked)
	case err != nil:
		return nil, err
	case !t.owner.known:
		return t, t.refuseForeign(found)
	}
	return t, nil
}

// open gives the directory itself.
func (t *tree) open() (openDir, error) { return t.top, nil }

func (t *tree) close() {
	if t.root != nil {
		t.top.close()
		t.root.Close()
	}
}

// entry is what is found in a directory.
type entry struct {
	name string
	mode fs.FileMode
}

// list opens the directory and gives what is in it.
func (t *tree) list() (found []entry, err error) {
	if t.top, err = openTop(t.root, "."); err != nil {
		return nil, err
	}
	return t.top.list()
}

// walk lists all entries but those of a write that was killed (inplace.go), with a
// worker for each folder at the top.
func (t *tree) walk(found []entry) error {
	found = slices.DeleteFunc(slices.Clone(found), func(e entry) bool { return e.name == journalName })
	var mu sync.Mutex
	return inParallel(found, func(e entry) error {
		below := map[string]fs.FileMode{e.name: e.mode}
		if e.mode.IsDir() && e.name != ".git" {
			if err := walkFolder(t.top, e.name, e.name, below); err != nil {
				return err
			}
		}
		mu.Lock()
		defer mu.Unlock()
		maps.Copy(t.entries, below)
		return nil
	})
}

// walkFolder lists what is in a folder of another, whose path it is given.
func walkFolder(in openDir, name, path string, into map[string]fs.FileMode) error {
	dir, err := in.enter(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // somebody has removed it meanwhile
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer dir.close()
	found, err := dir.list()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, e := range found {
		into[path+"/"+e.name] = e.mode
		if e.mode.IsDir() {
			if err := walkFolder(dir, e.name, path+"/"+e.name, into); err != nil {
				return err
			}
		}
	}
	return nil
}

// refuseForeign fails on a directory that someone else has filled. Hidden
// files, such as .git or .gitkeep, do not count.
func (t *tree) refuseForeign(found []entry) error {
	for _, e := range found {
		if !strings.HasPrefix(e.name, ".") {
			return &ForeignError{t.dir, "is not an output folder of stackgen: it is not empty and has no " + plan.ManifestName,
				"name another folder with -o, or empty this one"}
		}
	}
	return nil
}

// read gives the content of a regular file of the tree.
func (t *tree) read(path string) (string, error) {
	b, err := t.root.ReadFile(filepath.FromSlash(path))
	if err != nil {
		return "", t.unreadable(path, err)
	}
	return string(b), nil
}

func (t *tree) unreadable(path string, err error) error {
	return fmt.Errorf("reading %s: %w", filepath.Join(t.dir, filepath.FromSlash(path)), err)
}

// Read gives the files that the manifest of a directory lists, as they are now, and
// the paths of those that are gone.
func Read(dir string) (files []artifact.File, gone []string, err error) {
	const toRead = "name a folder that stackgen has written"
	t, err := scan(dir)
	var foreign *ForeignError
	if errors.As(err, &foreign) && foreign.Path == dir {
		foreign.Hint = toRead // nothing is about to be written
	}
	if err != nil {
		return nil, nil, err
	}
	defer t.close()
	if !t.owner.known {
		return nil, nil, &ForeignError{dir, "has no " + plan.ManifestName, toRead}
	}
	entries, err := t.listed()
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		mode, exists := t.entries[e.Path]
		if !exists || !mode.IsRegular() {
			gone = append(gone, e.Path)
			continue
		}
		f := artifact.File{Machine: e.Machine, Path: strings.TrimPrefix(e.Path, e.Machine+"/"),
			Format: artifact.Format(e.Format), Script: mode&0o100 != 0}
		f.Step = strings.TrimPrefix(e.Step, e.Machine+"/")
		if f.Content, err = t.read(e.Path); err != nil {
			return nil, nil, err
		}
		files = append(files, f)
	}
	return files, gone, nil
}

// listed is what the manifests of the tree list.
func (t *tree) listed() (entries []plan.Entry, err error) {
	err = eachManifest(t.root, t.dir, func(_ string, text []byte) error {
		for _, side := range mergeSides(text) {
			var m plan.Manifest
			if err := json.Unmarshal(side, &m); err != nil {
				return err
			}
			entries = append(entries, m.Files...)
		}
		return nil
	})
	return entries, err
}
