package outdir

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/plan"
)

// compare tells how a tree becomes the one that holds files.
func compare(t *tree, files []artifact.File) (c Changes, err error) {
	wanted := byPath(files)
	if c.stack, err = t.sameStack(wanted[plan.ManifestName].Content); err != nil {
		return c, err
	}
	for _, p := range slices.Sorted(maps.Keys(t.entries)) {
		if err := c.leftOver(t, wanted, p); err != nil {
			return c, err
		}
	}
	for _, f := range files {
		if err := c.file(t, f); err != nil {
			return c, err
		}
	}
	for _, list := range [][]string{c.New, c.Changed, c.Removed, c.Edited} {
		slices.Sort(list)
	}
	return c, t.freeWay(files, c.Removed)
}

// sameStack fails when the tree is another stack's: its files would all go.
// It gives the name of the stack.
func (t *tree) sameStack(manifest string) (string, error) {
	stack, err := stackOf(manifest)
	if err != nil {
		return "", fmt.Errorf("reading the new manifest: %w", err)
	}
	if t.owner.known && t.owner.stack != stack {
		return "", &ForeignError{t.dir, fmt.Sprintf("is the output of stack %q, not of %q", t.owner.stack, stack),
			"name another folder with -o; if the stack has a new name, remove the folder first"}
	}
	return stack, nil
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

// leftOver sorts in what is in the tree but not wanted.
func (c *Changes) leftOver(t *tree, wanted map[string]artifact.File, p string) error {
	_, keep := wanted[p]
	mode := t.entries[p]
	switch {
	case keep || mode.IsDir():
		return nil
	case !t.owner.owns(p) || !mode.IsRegular():
		c.Foreign = append(c.Foreign, p)
		return nil
	}
	content, err := t.read(p)
	if err != nil {
		return err
	}
	c.Removed = append(c.Removed, p)
	if t.owner.edited(p, content) {
		c.Edited = append(c.Edited, p)
	}
	return nil
}

// file sorts in a file that is wanted.
func (c *Changes) file(t *tree, f artifact.File) error {
	p := f.TreePath()
	mode, exists := t.entries[p]
	if !exists || mode.IsDir() { // freeWay speaks about directories
		c.New = append(c.New, p)
		return nil
	}
	if !mode.IsRegular() {
		return t.inTheWay(p, "is not a regular file")
	}
	content, err := t.read(p)
	if err != nil {
		return err
	}
	switch same := content == f.Content; {
	case same && sameMode(mode, f):
		c.Unchanged++
	case !t.owner.owns(p) && !same:
		return t.inTheWay(p, "is not a file of stackgen, and one of that name is to be written")
	default:
		c.Changed = append(c.Changed, p)
		if !same && t.owner.edited(p, content) {
			c.Edited = append(c.Edited, p)
		}
	}
	return nil
}

// sameMode compares what git keeps of a mode. Windows keeps nothing.
func sameMode(mode fs.FileMode, f artifact.File) bool {
	return runtime.GOOS == "windows" || (mode&0o100 != 0) == f.Script
}

// freeWay fails when a directory stands where a file is wanted or the other
// way round, and it is not about to go.
func (t *tree) freeWay(files []artifact.File, removed []string) error {
	going := map[string]bool{}
	for _, p := range removed {
		going[p] = true
	}
	ours := ancestors(slices.Collect(maps.Keys(t.owner.digests)))
	for _, f := range files {
		p := f.TreePath()
		for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
			if mode, exists := t.entries[dir]; exists && !mode.IsDir() && !going[dir] {
				return t.inTheWay(dir, "is not a directory, and files are to be written below it")
			}
		}
		if t.entries[p].IsDir() && t.staysBelow(p, going, ours) {
			return t.inTheWay(p, "is a directory, and a file of that name is to be written")
		}
	}
	return nil
}

// staysBelow reports whether a folder holds anything that is not about to go.
// Folders of ours go when they are empty; one may be there since a write was
// killed.
func (t *tree) staysBelow(dir string, going, ours map[string]bool) bool {
	for p, mode := range t.entries {
		goes := going[p] || mode.IsDir() && ours[p]
		if (p == dir || strings.HasPrefix(p, dir+"/")) && !goes {
			return true
		}
	}
	return false
}

func (t *tree) inTheWay(p, what string) error {
	return &ForeignError{filepath.Join(t.dir, filepath.FromSlash(p)), what, "move it out of the output folder and render again"}
}
