// Package outdir reads an output tree and replaces it.
//
// It takes a directory and the files that belong there. The manifest in the
// directory says which files are ours: only those are ever replaced or removed,
// and only while they are as we wrote them, unless it is forced. What else
// lies in the directory survives.
//
// A tree that is not there yet appears whole, in one step. In one that is there
// files are replaced one by one, each with a rename, when all that is new lies
// ready in it: its folders stay the folders they are, with their owners, modes and
// attributes, and nothing else in them is touched; see inplace.go. A process that
// is killed meanwhile leaves each file old or new, never half of one, and a note of
// what is not done: [Interrupted] sees it, and the next [Write] finishes the work.
// Files that do not change are not written.
package outdir

import (
	"fmt"
	"path/filepath"
	"slices"

	"stackgen/render/artifact"
	"stackgen/render/plan"
)

// Changes is what a write does to a tree, by paths in the tree, sorted.
type Changes struct {
	New, Changed, Removed []string
	Unchanged             int
	Edited                []string // among Changed and Removed: no longer as we wrote them
	Foreign               []string // not ours, and left alone

	same []string // the unchanged ones
}

// Paths lists the files of the new tree.
func (c Changes) Paths() []string { return slices.Concat(c.New, c.Changed, c.same) }

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

// Options of a write.
type Options struct {
	Force bool // replace and remove files of ours that were edited since
	Sync  bool // have the new tree on stable storage before it takes its place
}

// Compare tells what [Write] would do, and fails where it would fail for what
// lies in the directory. It writes nothing.
func Compare(dir string, files []artifact.File) (Changes, error) {
	stack, err := stackIn(files)
	if err != nil {
		return Changes{}, err
	}
	return CompareEach(dir, stack, func(put func([]artifact.File) error) error { return put(files) })
}

// CompareEach is Compare of the files of a stack that are handed over in batches.
func CompareEach(dir, stack string, each func(put func([]artifact.File) error) error) (Changes, error) {
	found, err := scan(dir)
	if err != nil {
		return Changes{}, err
	}
	defer found.close()
	if err := found.sameStack(stack); err != nil {
		return Changes{}, err
	}
	w := Writer{found: found}
	if err := each(w.Put); err != nil {
		return Changes{}, err
	}
	return w.judge()
}

// Write makes dir hold files, the manifest among them.
func Write(dir string, files []artifact.File, o Options) (Changes, error) {
	stack, err := stackIn(files)
	if err != nil {
		return Changes{}, err
	}
	w, err := Begin(dir, stack, o)
	if err != nil {
		return Changes{}, err
	}
	defer w.Close()
	if err := w.Put(files); err != nil {
		return Changes{}, err
	}
	return w.Finish()
}

// stackIn is the name of the stack that files are of: the manifest among them has it.
func stackIn(files []artifact.File) (string, error) {
	for _, f := range files {
		if f.TreePath() == plan.ManifestName {
			return stackOf(f.Content)
		}
	}
	return "", fmt.Errorf("there is no %s among the files", plan.ManifestName)
}
