package outdir

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"

	"stackgen/render/plan"
)

// exchange makes the new tree beside the old one and swaps the two. Unchanged
// and foreign files are hard links, so that they stay the files they were. Its
// error is [errors.ErrUnsupported], and nothing has happened, where the system
// or the place does not allow it.
func (w *write) exchange() error {
	if w.found.root != nil && (!canSwap || w.place.occupied(w.found)) {
		return errors.ErrUnsupported
	}
	if err := w.place.parent.Mkdir(w.place.stage, 0o700); err != nil {
		return errors.ErrUnsupported // inPlace says what is the matter, if anything is
	}
	if err := w.fillStage(); err != nil {
		return errors.Join(err, w.place.discard())
	}
	if w.found.root == nil {
		return w.place.parent.Rename(w.place.stage, w.place.name)
	}
	if err := swapDirs(w.place.lock, w.place.stage, w.place.name); err != nil {
		return errors.Join(err, w.place.discard())
	}
	if err := w.place.discard(); err != nil {
		return fmt.Errorf("removing the old tree: %w", err)
	}
	return nil
}

// fillStage writes the manifest first: it says whose the other files are,
// should we be killed.
func (w *write) fillStage() error {
	// A root of its own: no link in the old tree leads a file out of the new one.
	stage, err := w.place.parent.OpenRoot(w.place.stage)
	if err != nil {
		return err
	}
	defer stage.Close()
	written := slices.Concat(w.changes.New, w.changes.Changed)
	kept := w.kept(written)
	if err := w.makeDirs(kept); err != nil {
		return err
	}
	for _, first := range []bool{true, false} {
		now := func(p string) bool { return (p == plan.ManifestName) == first }
		if err := inParallel(filter(kept, now), w.link); err != nil {
			return err
		}
		if err := w.put(stage, ".", filter(written, now)); err != nil {
			return fmt.Errorf("writing the new tree: %w", err)
		}
	}
	return w.chmodDirs()
}

// kept lists the files of the old tree that are in the new one as they are.
func (w *write) kept(written []string) (kept []string) {
	gone := map[string]bool{}
	for _, p := range slices.Concat(written, w.changes.Removed) {
		gone[p] = true
	}
	for p, mode := range w.found.entries {
		if !mode.IsDir() && !gone[p] {
			kept = append(kept, p)
		}
	}
	return kept
}

// makeDirs makes the directories that kept files are in, and those that are
// foreign and empty.
func (w *write) makeDirs(kept []string) error {
	dirs := ancestors(kept)
	ours := ancestors(slices.Collect(maps.Keys(w.found.owner.digests)))
	for p, mode := range w.found.entries {
		if mode.IsDir() && !ours[p] {
			dirs[p] = true
		}
	}
	for d := range dirs {
		if err := w.place.parent.MkdirAll(w.staged(d), 0o755); err != nil {
			return fmt.Errorf("writing the new tree: %w", err)
		}
	}
	return nil
}

// link puts a file of the old tree into the new one. Where hard links cannot
// be made the tree has to be replaced in place.
func (w *write) link(p string) error {
	old := filepath.Join(w.place.name, filepath.FromSlash(p))
	if w.found.entries[p]&fs.ModeSymlink == 0 {
		if err := w.place.parent.Link(old, w.staged(p)); err != nil {
			return errors.ErrUnsupported
		}
		return nil
	}
	target, err := w.place.parent.Readlink(old)
	if err != nil {
		return err
	}
	return w.place.parent.Symlink(target, w.staged(p))
}

// chmodDirs gives the directories of the new tree the modes they have in the
// old one.
func (w *write) chmodDirs() error {
	top := fs.FileMode(0o755)
	if w.found.root != nil {
		info, err := w.found.root.Stat(".")
		if err != nil {
			return err
		}
		top = info.Mode().Perm()
	}
	for p, mode := range w.found.entries {
		if !mode.IsDir() || mode.Perm() == 0o755 {
			continue
		}
		err := w.place.parent.Chmod(w.staged(p), mode.Perm())
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return w.place.parent.Chmod(w.place.stage, top)
}

func (w *write) staged(p string) string { return filepath.Join(w.place.stage, filepath.FromSlash(p)) }

// ancestors is the set of all directories that paths are in.
func ancestors(paths []string) map[string]bool {
	dirs := map[string]bool{}
	for _, p := range paths {
		for d := path.Dir(p); d != "." && !dirs[d]; d = path.Dir(d) {
			dirs[d] = true
		}
	}
	return dirs
}

func filter(paths []string, keep func(string) bool) []string {
	return slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return !keep(p) })
}
