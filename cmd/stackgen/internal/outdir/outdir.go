// Package outdir reads and replaces an output tree.
//
// It takes a directory and the files that belong there. A manifest in the
// directory says which files are ours: only those are replaced or removed.
package outdir

import (
	"fmt"
	"os"
	"path/filepath"

	"stackgen/render/artifact"
)

// Changes counts what a write did.
type Changes struct{ New, Changed, Removed, Unchanged int }

// String is for people, in a line.
func (c Changes) String() string {
	return fmt.Sprintf("%d files: %d new, %d changed, %d removed, %d unchanged",
		c.New+c.Changed+c.Unchanged, c.New, c.Changed, c.Removed, c.Unchanged)
}

// Write makes dir hold files.
func Write(dir string, files []artifact.File) (Changes, error) {
	var c Changes
	for _, f := range files {
		p := filepath.Join(dir, filepath.FromSlash(f.TreePath()))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			return c, err
		}
		if err := os.WriteFile(p, []byte(f.Content), os.FileMode(f.TreeMode())); err != nil {
			return c, err
		}
		c.New++
	}
	return c, nil
}
