package outdir

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"stackgen/render/artifact"
)

// status is how a file of the new tree compares with what is there.
type status int

const (
	missing status = iota
	unchanged
	different
)

// compare compares a file with what is there, in a folder of the tree, and tells
// whether someone has edited that. It fails where something is in the way.
func (t *tree) compare(p string, f artifact.File, in *folder, buf []byte) (is status, edited bool, err error) {
	mode, exists := t.entries[p]
	if !exists || mode.IsDir() { // freeWay speaks about directories
		return missing, false, nil
	}
	if !mode.IsRegular() {
		return 0, false, t.inTheWay(p, "is not a regular file")
	}
	same, err := t.holds(p, f.Content, in, buf)
	switch {
	case err != nil:
		return 0, false, err
	case same && sameMode(mode, f):
		return unchanged, false, nil
	case same:
		return different, false, nil
	case !t.owner.owns(p):
		return 0, false, t.inTheWay(p, "is not a file of stackgen, and one of that name is to be written")
	}
	content, err := t.read(p)
	return different, err == nil && t.owner.edited(p, content), err
}

func (t *tree) holds(p, content string, in *folder, buf []byte) (bool, error) {
	dir, err := in.open()
	if err != nil {
		return false, t.unreadable(p, err)
	}
	same, err := dir.holds(path.Base(p), content, buf)
	if err != nil {
		return false, t.unreadable(p, err)
	}
	return same, nil
}

// sameStack fails when the tree is another stack's: its files would all go.
func (t *tree) sameStack(stack string) error {
	if !t.owner.known || t.owner.stack == stack {
		return nil
	}
	return &ForeignError{t.dir, fmt.Sprintf("is the output of stack %q, not of %q", t.owner.stack, stack),
		"name another folder with -o; if the stack has a new name, remove the folder first"}
}

// stackOf reads a manifest of our own as far as the name of its stack: the list of
// files may be megabytes.
func stackOf(manifest string) (string, error) {
	d := json.NewDecoder(strings.NewReader(manifest))
	for {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		if token == "stack" {
			var name string
			err := d.Decode(&name)
			return name, err
		}
	}
}

// leftOvers sorts in what is in the tree and was not put.
func (w *Writer) leftOvers() error {
	wanted := slices.Concat(w.changes.same, w.changes.Changed)
	slices.Sort(wanted)
	for p, mode := range w.found.entries {
		if _, ok := slices.BinarySearch(wanted, p); ok || mode.IsDir() {
			continue
		}
		switch {
		case !w.found.owner.owns(p) || !mode.IsRegular():
			w.changes.Foreign = append(w.changes.Foreign, p)
		default:
			if err := w.leftOver(p); err != nil {
				return err
			}
		}
	}
	slices.Sort(w.changes.Foreign)
	return nil
}

// leftOver sorts in a file that is to go.
func (w *Writer) leftOver(p string) error {
	content, err := w.found.read(p)
	if err != nil {
		return err
	}
	w.changes.Removed = append(w.changes.Removed, p)
	if w.found.owner.edited(p, content) {
		w.changes.Edited = append(w.changes.Edited, p)
	}
	return nil
}

// sameMode compares what git keeps of a mode. Windows keeps nothing.
func sameMode(mode fs.FileMode, f artifact.File) bool {
	return runtime.GOOS == "windows" || (mode&0o100 != 0) == f.Script
}

// freeWay fails when a directory stands where a new file is to be or the other
// way round, and it is not about to go.
func (t *tree) freeWay(paths, removed []string) error {
	if len(t.entries) == 0 {
		return nil
	}
	going := map[string]bool{}
	for _, p := range removed {
		going[p] = true
	}
	for _, p := range paths {
		for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
			if mode, exists := t.entries[dir]; exists && !mode.IsDir() && !going[dir] {
				return t.inTheWay(dir, "is not a directory, and files are to be written below it")
			}
		}
		if t.entries[p].IsDir() && t.staysBelow(p, going) {
			return t.inTheWay(p, "is a directory, and a file of that name is to be written")
		}
	}
	return nil
}

// staysBelow reports whether a folder holds anything that is not about to go.
// Folders of ours go when they are empty; one may be there since a write was
// killed.
func (t *tree) staysBelow(dir string, going map[string]bool) bool {
	ours := t.owner.folders()
	for p, mode := range t.entries {
		goes := going[p] || mode.IsDir() && ours[p]
		if (p == dir || strings.HasPrefix(p, dir+"/")) && !goes {
			return true
		}
	}
	return false
}

func (t *tree) inTheWay(p, what string) error {
	return &ForeignError{filepath.Join(t.dir, filepath.FromSlash(p)), what,
		"move it out of the output folder and render again"}
}
