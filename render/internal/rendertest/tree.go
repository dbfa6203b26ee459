package rendertest

import (
	"os"
	"path/filepath"
	"testing"

	"stackgen/render/artifact"
)

// Tree writes the files of a set into a new temporary directory, as they lie in
// the output tree, and gives its path.
func Tree(t testing.TB, set artifact.Set) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range set.Files {
		path := filepath.Join(dir, filepath.FromSlash(f.TreePath()))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(f.Content), os.FileMode(f.TreeMode())); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
