//go:build linux || darwin

package outdir

import (
	"errors"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stackgen/render/artifact"
)

// twoTrees differ in every way that trees can.
func twoTrees(t testing.TB) (trees [2]map[string]string, files [2][]artifact.File) {
	trees = [2]map[string]string{{"same": "0"}, {"same": "0"}}
	for i := range 40 {
		name := digestOf(string(rune(i))).String()[:6]
		trees[0]["m"+name[:1]+"/"+name] = "old"
		trees[i%2]["n/"+name+".sh"] = "here or there"
		trees[1]["m"+name[:1]+"/"+name] = "new"
		if i%3 == 0 {
			delete(trees[1], "m"+name[:1]+"/"+name)
			trees[1]["m"+name[:1]+"/"+name+"/x"] = "file became folder"
		}
	}
	for i := range trees {
		files[i] = rendered(t, "lab", trees[i])
	}
	return trees, files
}

// TestWriteForever is not a test: it is what TestKilled kills.
func TestWriteForever(t *testing.T) {
	dir := os.Getenv("OUTDIR_WRITE_FOREVER")
	if dir == "" {
		t.Skip("runs only inside TestKilled")
	}
	_, files := twoTrees(t)
	for i := 0; ; i++ {
		mustWrite(t, dir, files[i%2])
	}
}

// TestKilled kills a writer at random moments. What is left has each file of one of
// the two trees, whole, and all that is foreign. Where it is between the two that
// can be seen, and the next write makes it whole without help.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	for name, dir := range places(t) {
		t.Run(name, func(t *testing.T) {
			trees, files := twoTrees(t)
			mustWrite(t, dir, files[0])
			put(t, filepath.Join(dir, "ma", "mine"), "mine")
			for i := range 100 {
				killWriter(t, dir)
				wantWholeFiles(t, dir, trees)
				mustWrite(t, dir, files[i%2])
				wantOneOf(t, dir, trees)
				nothingBeside(t, dir)
				if t.Failed() {
					t.Fatalf("after kill number %d", i)
				}
			}
		})
	}
}

func killWriter(t *testing.T, dir string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run", "^TestWriteForever$")
	cmd.Env = append(os.Environ(), "OUTDIR_WRITE_FOREVER="+dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Duration(rand.IntN(60)) * time.Millisecond)
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the writer ended by itself")
	}
}

// wantWholeFiles wants nothing half-written, and a trace of what is not done.
func wantWholeFiles(t *testing.T, dir string, trees [2]map[string]string) {
	t.Helper()
	got := map[string]string{}
	for p, text := range contents(t, dir) {
		if !strings.HasPrefix(p, journalName+"/") && p != "ma/mine" {
			got[p] = text
		}
	}
	for p, text := range got {
		if text != trees[0][p] && text != trees[1][p] {
			t.Errorf("%s holds %q, which is in neither tree", p, text)
		}
	}
	between := !maps.Equal(got, trees[0]) && !maps.Equal(got, trees[1])
	if between && !Interrupted(dir) {
		t.Error("the tree is between the two, and nothing says so")
	}
}

func wantOneOf(t *testing.T, dir string, trees [2]map[string]string) {
	t.Helper()
	got := contents(t, dir)
	if got["ma/mine"] != "mine" {
		t.Error("the foreign file is gone")
	}
	delete(got, "ma/mine")
	if !maps.Equal(got, trees[0]) && !maps.Equal(got, trees[1]) {
		t.Errorf("neither the old tree nor the new one: %d files", len(got))
	}
}

// TestNoPermission leaves the old tree whole, and needs only the folder itself
// to be writable.
func TestNoPermission(t *testing.T) {
	asNobody(t)
	base := t.TempDir()
	dir := filepath.Join(base, "out")
	old, next := rendered(t, "lab", map[string]string{"a": "1"}), rendered(t, "lab", map[string]string{"a": "2"})
	mustWrite(t, dir, old)
	chmod(t, base, 0o555)
	mustWrite(t, dir, next)
	wantContents(t, dir, map[string]string{"a": "2"})
	chmod(t, dir, 0o555)
	if _, err := Write(dir, old, Options{}); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("error %v, want permission denied", err)
	}
	wantContents(t, dir, map[string]string{"a": "2"})
	nothingBeside(t, dir)
}

func chmod(t *testing.T, path string, mode fs.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(path, 0o755) })
}
