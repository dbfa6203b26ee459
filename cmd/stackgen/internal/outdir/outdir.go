// Package outdir reads an output tree and replaces it.
//
// It takes a directory and the files that belong there. The manifest in the
// directory says which files are ours: only those are ever replaced or removed,
// and only while they are as we wrote them, unless force is given. What else
// lies in the directory survives.
//
// The new tree is complete before the old one is touched, and takes its place
// in one step where the system can exchange two directories; see exchange.go,
// and inplace.go for where it cannot. A process that is killed leaves the old
// tree or the new one, and the next [Write] clears away what it left behind.
// Files that do not change are not written.
package outdir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"stackgen/render/artifact"
)

// Changes is what a write does to a tree, by paths in the tree, sorted.
type Changes struct {
	New, Changed, Removed []string
	Unchanged             int
	Edited                []string // among Changed and Removed: no longer as we wrote them
	Foreign               []string // not ours, and left alone

	stack string // whose tree it becomes
}

// None reports whether a write has nothing to do.
func (c Changes) None() bool { return len(c.New)+len(c.Changed)+len(c.Removed) == 0 }

// Files is the number of files of the new tree.
func (c Changes) Files() int { return len(c.New) + len(c.Changed) + c.Unchanged }

// EditedError says that files of ours were changed by someone else.
type EditedError struct {
	Dir   string
	Files []string
}

func (e *EditedError) Error() string {
	if len(e.Files) == 1 {
		return fmt.Sprintf("%s was edited by hand", filepath.Join(e.Dir, e.Files[0]))
	}
	return fmt.Sprintf("%d files in %s were edited by hand", len(e.Files), e.Dir)
}

// ForeignError says that something which is not ours is in the way.
type ForeignError struct {
	Path string // as the user would name it
	What string // what is the matter with it
	Hint string // what to do
}

func (e *ForeignError) Error() string { return e.Path + " " + e.What }

// Compare tells what [Write] would do, and fails where it would fail for what
// lies in the directory. It writes nothing.
func Compare(dir string, files []artifact.File) (Changes, error) {
	found, err := scan(dir)
	if err != nil {
		return Changes{}, err
	}
	defer found.close()
	return compare(found, files)
}

// Write makes dir hold files. Without force it refuses to replace or remove
// files of ours that were edited since.
func Write(dir string, files []artifact.File, force bool) (Changes, error) {
	p, err := openPlace(dir)
	if err != nil {
		return Changes{}, err
	}
	defer p.close()
	if err := p.recover(); err != nil {
		return Changes{}, err
	}
	found, err := scan(dir)
	if err != nil {
		return Changes{}, err
	}
	c, err := compare(found, files)
	switch {
	case err != nil:
		return c, err
	case c.None():
		return c, found.clearJournal()
	case len(c.Edited) > 0 && !force:
		return c, &EditedError{dir, c.Edited}
	}
	defer found.close()
	w := write{place: p, found: found, changes: c, files: byPath(files)}
	if err := w.exchange(); !errors.Is(err, errors.ErrUnsupported) {
		return c, err
	}
	return c, w.inPlace()
}

// write is one replacement of a tree.
type write struct {
	place   *place
	found   *tree
	changes Changes
	files   map[string]artifact.File
}

func byPath(files []artifact.File) map[string]artifact.File {
	m := make(map[string]artifact.File, len(files))
	for _, f := range files {
		m[f.TreePath()] = f
	}
	return m
}

// put writes new files below a folder of a root and flushes them to the disk.
func (w *write) put(root *os.Root, below string, paths []string) error {
	oneByOne := len(paths) <= fewFiles
	err := inParallel(paths, func(path string) error {
		return putFile(root, filepath.Join(below, filepath.FromSlash(path)), w.files[path], oneByOne)
	})
	if err != nil || oneByOne {
		return err
	}
	return flush(root, below)
}

// fewFiles are flushed each on its own; with more, flushing the file system
// once is cheaper though it waits for what other programs have written.
const fewFiles = 256

func putFile(root *os.Root, path string, f artifact.File, sync bool) (err error) {
	if err := root.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := root.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fs.FileMode(f.TreeMode()))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := file.WriteString(f.Content); err != nil {
		return err
	}
	// The mode that OpenFile was given has lost what the umask forbids.
	if err := file.Chmod(fs.FileMode(f.TreeMode())); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	if sync {
		return file.Sync()
	}
	return nil
}
