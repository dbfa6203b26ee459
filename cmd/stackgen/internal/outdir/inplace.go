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

// journal is where in a tree the new files wait that are about to be moved to
// their places. It is there only while a write runs, or was killed: then its
// manifest says which files are ours beyond those of the tree's own, so that
// the next write can finish the work.
const (
	journal         = ".stackgen"
	journalFiles    = journal + "/files"
	journalManifest = journal + "/manifest.json"
)

// inPlace replaces file by file, each with one rename, the manifest last.
func (w *write) inPlace() error {
	root, err := w.openDir()
	if err != nil {
		return fmt.Errorf("writing the output folder: %w", err)
	}
	defer root.Close()
	if err := w.prepare(root); err != nil {
		return fmt.Errorf("writing the output folder: %w", errors.Join(err, w.abandon(root)))
	}
	if err := w.perform(root); err != nil {
		return fmt.Errorf("replacing the output folder: %w", err)
	}
	return root.RemoveAll(journal)
}

func (w *write) openDir() (*os.Root, error) {
	err := w.place.parent.Mkdir(w.place.name, 0o755)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return w.place.parent.OpenRoot(w.place.name)
}

// prepare makes the journal. A manifest of a killed write stays until ours,
// which says all that it says, takes its place.
func (w *write) prepare(root *os.Root) error {
	if err := root.RemoveAll(journalFiles); err != nil {
		return err
	}
	if err := root.MkdirAll(journalFiles, 0o700); err != nil {
		return err
	}
	if err := w.put(root, journalFiles, slices.Concat(w.changes.New, w.changes.Changed)); err != nil {
		return err
	}
	text, err := json.Marshal(w.union())
	if err != nil {
		return err
	}
	if err := root.WriteFile(journalManifest+".new", text, 0o600); err != nil {
		return err
	}
	return root.Rename(journalManifest+".new", journalManifest)
}

// union is a manifest of the files of the old tree and of the new.
func (w *write) union() plan.Manifest {
	m := plan.Manifest{Generator: "stackgen", Version: 1, Stack: w.changes.stack}
	for _, p := range slices.Sorted(maps.Keys(w.found.owner.digests)) {
		for _, d := range w.found.owner.digests[p] {
			m.Files = append(m.Files, plan.Entry{Path: p, SHA256: d})
		}
	}
	for _, p := range slices.Concat(w.changes.New, w.changes.Changed) {
		m.Files = append(m.Files, plan.Entry{Path: p, SHA256: digest(w.files[p].Content)})
	}
	return m
}

// clearJournal removes the journal of a write that was killed with nothing left
// to do.
func (t *tree) clearJournal() error {
	if t.root == nil {
		return nil
	}
	return t.root.RemoveAll(journal)
}

// abandon removes what prepare has made, unless a killed write needs it.
func (w *write) abandon(root *os.Root) error {
	if _, err := root.Lstat(journalManifest); err == nil {
		return root.RemoveAll(journalFiles)
	}
	return root.RemoveAll(journal)
}

func (w *write) perform(root *os.Root) error {
	for _, p := range w.changes.Removed {
		if err := root.Remove(filepath.FromSlash(p)); err != nil {
			return err
		}
		pruneDirs(root, p)
	}
	written := slices.Concat(w.changes.New, w.changes.Changed)
	for _, last := range []bool{false, true} {
		for _, p := range filter(written, func(p string) bool { return (p == plan.ManifestName) == last }) {
			w.removeDirs(root, p)
			if err := move(root, journalFiles+"/"+p, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeDirs removes the folders that stand where a file is to be: compare has
// found that they hold nothing which stays.
func (w *write) removeDirs(root *os.Root, p string) {
	if !w.found.entries[p].IsDir() {
		return
	}
	below := filter(slices.Sorted(maps.Keys(w.found.entries)), func(e string) bool {
		return w.found.entries[e].IsDir() && strings.HasPrefix(e+"/", p+"/")
	})
	for _, dir := range slices.Backward(below) {
		root.Remove(filepath.FromSlash(dir)) // if it cannot be, the rename says so
	}
}

func move(root *os.Root, from, to string) error {
	if err := root.MkdirAll(filepath.FromSlash(path.Dir(to)), 0o755); err != nil {
		return err
	}
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
