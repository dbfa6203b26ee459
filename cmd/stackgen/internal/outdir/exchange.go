package outdir

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"

	"stackgen/render/plan"
)

// exchange completes the new tree beside the old one and swaps the two. Unchanged
// and foreign files are hard links, so that they stay the files they were. Its
// error is [errors.ErrUnsupported], and the old tree is as it was, where the system or
// the place does not allow it.
func (w *Writer) exchange(s *stage) error {
	err := w.complete(s)
	s.close()
	switch {
	case err != nil:
		return err
	case w.found.root == nil:
		if err := s.in.Rename(s.path, w.place.name); err != nil {
			return err
		}
		w.made = nil // it is the tree now
		return nil
	}
	if err := s.in.Rename(s.path, w.place.stage); err != nil {
		return err
	}
	s.path = w.place.stage
	if err := swapDirs(w.place.lock, s.path, w.place.name); err != nil {
		return err
	}
	w.made = nil // it is the old tree now
	w.removeOld()
	if err := w.place.discard(w.found.owner.owns); err != nil {
		return fmt.Errorf("removing the old tree: %w", err)
	}
	return nil
}

// removeOld removes from the old tree what the new one has, or has no more. What
// cannot be removed, or came late, is left to discard.
func (w *Writer) removeOld() {
	old := batch{paths: make([]string, 0, len(w.found.entries))}
	for p, mode := range w.found.entries {
		if !mode.IsDir() && p != plan.ManifestName {
			old.paths = append(old.paths, p)
		}
	}
	slices.Sort(old.paths)
	_, folders := run{0, len(old.paths), 0}.split(old)
	inParallel(folders, func(r run) error {
		old.remove(r, w.found.top)
		return nil
	})
}

// remove removes the files of a run, and the folder of the run from the one that it
// is in, if that leaves it empty.
func (b batch) remove(r run, in openDir) {
	name := r.name(b)
	dir, err := in.enter(name)
	if err != nil {
		return
	}
	files, folders := r.split(b)
	for _, i := range files {
		dir.remove(path.Base(b.paths[i]))
	}
	for _, sub := range folders {
		b.remove(sub, dir)
	}
	dir.close()
	in.removeDir(name)
}

// complete adds to the stage what the old tree has of the new.
func (w *Writer) complete(s *stage) error {
	kept := batch{paths: slices.Concat(w.changes.same, w.changes.Foreign)}
	slices.Sort(kept.paths)
	if err := kept.visitAll(w.found.open, w.openStage,
		func(i int, old, new *folder) error { return w.keep(kept.paths[i], old, new) }); err != nil {
		return err
	}
	if err := w.makeDirs(s); err != nil {
		return fmt.Errorf("writing the new tree: %w", err)
	}
	if err := w.chmodDirs(s); err != nil {
		return err
	}
	return w.flush(s)
}

// keep puts a file of the old tree into the new one. Where hard links cannot be made
// the tree has to be replaced in place.
func (w *Writer) keep(p string, old, new *folder) error {
	from, err := old.open()
	if err != nil {
		return w.found.unreadable(p, err)
	}
	to, err := new.open()
	if err != nil {
		return fmt.Errorf("writing the new tree: %w", err)
	}
	if w.found.entries[p]&fs.ModeSymlink != 0 {
		return w.keepSymlink(p)
	}
	if to.link(from, path.Base(p)) != nil {
		return errors.ErrUnsupported
	}
	return nil
}

func (w *Writer) keepSymlink(p string) error {
	target, err := w.found.root.Readlink(filepath.FromSlash(p))
	if err != nil {
		return err
	}
	return w.place.parent.Symlink(target, filepath.Join(w.place.building, filepath.FromSlash(p)))
}

// makeDirs makes the directories that are foreign and empty.
func (w *Writer) makeDirs(s *stage) error {
	ours := w.found.owner.folders()
	for p, mode := range w.found.entries {
		if !mode.IsDir() || ours[p] {
			continue
		}
		if err := s.in.MkdirAll(s.at(p), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// chmodDirs gives the directories of the new tree the modes they have in the
// old one.
func (w *Writer) chmodDirs(s *stage) error {
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
		err := s.in.Chmod(s.at(p), mode.Perm())
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return s.in.Chmod(s.path, top)
}
