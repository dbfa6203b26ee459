// Package outdir reads an output tree and replaces it.
//
// It takes a directory and the files that belong there. The manifest in the
// directory says which files are ours: only those are ever replaced or removed,
// and only while they are as we wrote them, unless it is forced. What else
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
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

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

// Options of a write.
type Options struct {
	Force bool // replace and remove files of ours that were edited since
	Sync  bool // have the new tree on stable storage before it takes its place
}

// Write makes dir hold files.
func Write(dir string, files []artifact.File, o Options) (Changes, error) {
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
	case len(c.Edited) > 0 && !o.Force:
		return c, &EditedError{dir, c.Edited}
	}
	defer found.close()
	w := write{place: p, found: found, changes: c, files: byPath(files), sync: o.Sync}
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
	sync    bool
}

func byPath(files []artifact.File) map[string]artifact.File {
	m := make(map[string]artifact.File, len(files))
	for _, f := range files {
		m[f.TreePath()] = f
	}
	return m
}

// put writes new files below a folder of a root, with a worker for each of the
// folders in it.
func (w *write) put(root *os.Root, below string, paths []string) error {
	top, err := root.OpenRoot(below)
	if err != nil {
		return err
	}
	defer top.Close()
	all := folderOf(paths)
	if err := w.putFiles(top, all.files); err != nil {
		return err
	}
	err = inParallel(slices.Sorted(maps.Keys(all.folders)), func(name string) error {
		return w.putFolder(top, name, all.folders[name])
	})
	if err != nil || !w.sync {
		return err
	}
	return flush(root, below)
}

// putFolder makes a folder in another and fills it. A path is never walked from
// its beginning: each folder is opened once, in the one that it is in.
func (w *write) putFolder(in *os.Root, name string, f *folder) error {
	if err := in.Mkdir(name, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	root, err := in.OpenRoot(name)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := w.putFiles(root, f.files); err != nil {
		return err
	}
	for name, sub := range f.folders {
		if err := w.putFolder(root, name, sub); err != nil {
			return err
		}
	}
	return nil
}

func (w *write) putFiles(in *os.Root, paths []string) error {
	for _, p := range paths {
		if err := putFile(in, path.Base(p), w.files[p]); err != nil {
			return err
		}
	}
	return nil
}

func putFile(folder *os.Root, name string, f artifact.File) (err error) {
	file, err := folder.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fs.FileMode(f.TreeMode()))
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
	return nil
}
