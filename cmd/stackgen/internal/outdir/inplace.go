package outdir

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"stackgen/render/plan"
)

// journalName is where in a tree the new files wait that are about to be moved to
// their places. It is there only while a write runs, or was killed: then its
// manifest says which files are ours beyond those of the tree's own, so that
// the next write can finish the work.
const (
	journalName     = ".stackgen"
	journalFiles    = journalName + "/files"
	journalManifest = journalName + "/manifest.json"
)

// makeJournal makes an empty one. The manifest of a killed write stays until ours,
// which says all that it says, takes its place.
func (w *Writer) makeJournal() (*stage, error) {
	root, err := w.openDir()
	if err != nil {
		return nil, fmt.Errorf("writing the output folder %s: %w", w.place.dir, err)
	}
	s := &stage{in: root, path: journalFiles}
	err = root.RemoveAll(journalFiles)
	if err == nil {
		err = root.MkdirAll(journalFiles, 0o700)
	}
	if err == nil {
		s.top, err = openTop(root, journalFiles)
	}
	if err != nil {
		abandonJournal(root)
		root.Close()
		return nil, fmt.Errorf("writing the output folder %s: %w", w.place.dir, err)
	}
	return s, nil
}

func (w *Writer) openDir() (*os.Root, error) {
	err := w.place.parent.Mkdir(w.place.name, 0o755)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return w.place.parent.OpenRoot(w.place.name)
}

// inPlace replaces file by file, each with one rename, the manifest last.
func (w *Writer) inPlace(s *stage) error {
	if err := w.replaceable(); err != nil {
		return err
	}
	defer s.in.Close()
	s.close()
	err := w.flush(s)
	if err == nil {
		err = w.prepare(s)
	}
	if err != nil {
		return fmt.Errorf("writing the output folder: %w", err)
	}
	w.made = nil // from here on the next write needs the journal, should we be killed
	if err := w.perform(s.in); err != nil {
		return fmt.Errorf("replacing the output folder: %w", err)
	}
	return s.in.RemoveAll(journalName)
}

// replaceable fails when a folder is not ours to change, before the first file is
// replaced.
func (w *Writer) replaceable() error {
	for _, p := range slices.Concat(w.changes.New, w.changes.Changed, w.changes.Removed) {
		dir := path.Dir(p)
		for dir != "." && !w.found.entries[dir].IsDir() {
			dir = path.Dir(dir)
		}
		if w.found.root != nil && !w.found.top.mayChange(dir) {
			return fmt.Errorf("writing %s: %w", filepath.Join(w.found.dir, filepath.FromSlash(p)), fs.ErrPermission)
		}
	}
	return nil
}

// prepare writes into the journal which files are ours.
func (w *Writer) prepare(s *stage) error {
	m, err := w.newcomers(s)
	if err != nil {
		return err
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := s.in.WriteFile(journalManifest+".new", text, 0o600); err != nil {
		return err
	}
	return s.in.Rename(journalManifest+".new", journalManifest)
}

// newcomers is a manifest of the files that wait, and of those that a killed write
// left waiting: all that is ours beyond the manifest of the tree.
func (w *Writer) newcomers(s *stage) (plan.Manifest, error) {
	m := plan.Manifest{Generator: "stackgen", Version: plan.ManifestVersion, Stack: w.stack}
	for _, f := range w.found.owner.journal {
		m.Files = append(m.Files, plan.Entry{Path: f.Path, SHA256: f.SHA256.String()})
	}
	for _, p := range slices.Concat(w.changes.New, w.changes.Changed) {
		text, err := s.in.ReadFile(s.at(p))
		if err != nil {
			return m, err
		}
		m.Files = append(m.Files, plan.Entry{Path: p, SHA256: digestOf(string(text)).String()})
	}
	return m, nil
}

// clearJournal removes the journal of a write that was killed with nothing left
// to do.
func (t *tree) clearJournal() error {
	if t.root == nil {
		return nil
	}
	return t.root.RemoveAll(journalName)
}

// abandonJournal removes a journal, unless a killed write needs it.
func abandonJournal(root *os.Root) error {
	if _, err := root.Lstat(journalManifest); err == nil {
		return root.RemoveAll(journalFiles)
	}
	return root.RemoveAll(journalName)
}

func (w *Writer) perform(root *os.Root) error {
	for _, p := range w.changes.Removed {
		if err := root.Remove(filepath.FromSlash(p)); err != nil {
			return err
		}
		pruneDirs(root, p)
	}
	put := slices.Concat(w.changes.New, w.changes.Changed)
	if i := slices.Index(put, plan.ManifestName); i >= 0 {
		put = append(slices.Delete(put, i, i+1), plan.ManifestName)
	}
	for _, p := range put {
		w.removeDirs(root, p)
		if err := move(root, journalFiles+"/"+p, p); err != nil {
			return err
		}
	}
	return nil
}

// removeDirs removes the folders that stand where a file is to be: compare has
// found that they hold nothing which stays.
func (w *Writer) removeDirs(root *os.Root, p string) {
	if !w.found.entries[p].IsDir() {
		return
	}
	for _, dir := range slices.Backward(slices.Sorted(maps.Keys(w.found.entries))) {
		if !w.found.entries[dir].IsDir() || !strings.HasPrefix(dir+"/", p+"/") {
			continue
		}
		root.Remove(filepath.FromSlash(dir)) // if it cannot be, the rename says so
	}
}

func move(root *os.Root, from, to string) error {
	if err := root.MkdirAll(filepath.FromSlash(path.Dir(to)), 0o755); err != nil {
		return err
	}
	adopt(root, filepath.FromSlash(from), filepath.FromSlash(to))
	return root.Rename(filepath.FromSlash(from), filepath.FromSlash(to))
}

// pruneDirs removes the directories that a file was in, as far as they are
// empty now.
func pruneDirs(root *os.Root, p string) {
	for d := path.Dir(p); d != "."; d = path.Dir(d) {
		if root.Remove(filepath.FromSlash(d)) != nil {
			return // not empty
		}
	}
}
