package outdir

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/plan"
)

// rendered makes the files of a tree, with a manifest, from path and content.
func rendered(t testing.TB, stack string, contents map[string]string) []artifact.File {
	t.Helper()
	m := plan.Manifest{Generator: "stackgen", Version: 1, Stack: stack}
	var files []artifact.File
	for path, content := range contents {
		files = append(files, artifact.File{Path: path, Content: content, Script: strings.HasSuffix(path, ".sh")})
		m.Files = append(m.Files, plan.Entry{Path: path, SHA256: digestOf(content).String()})
	}
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return append(files, artifact.File{Path: plan.ManifestName, Content: string(text) + "\n"})
}

func mustWrite(t testing.TB, dir string, files []artifact.File) Changes {
	t.Helper()
	c, err := Write(dir, files, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// contents reads all files below a folder but the manifest.
func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	got := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == plan.ManifestName {
			return err
		}
		text, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		got[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func wantContents(t testing.TB, dir string, want map[string]string) {
	t.Helper()
	if got := contents(t, dir); !maps.Equal(got, want) {
		t.Errorf("%s holds\n got %q\nwant %q", dir, got, want)
	}
}

// places are where a tree can lie: in a folder of its own, and in a work tree of git.
func places(t *testing.T) map[string]string {
	work := filepath.Join(t.TempDir(), "work")
	if err := os.MkdirAll(filepath.Join(work, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"alone": filepath.Join(t.TempDir(), "out"), "work tree": work}
}

func TestWrite(t *testing.T) {
	for name, dir := range places(t) {
		t.Run(name, func(t *testing.T) {
			// Other names sort between a folder and what is in it.
			old := map[string]string{"a": "1", "b/c": "2", "b/d/e.sh": "3", "b-1/x": "1", "b.c": "1", "b/d-2": "1", "gone/x": "4", "file": "5", "dir/y": "6"}
			mustWrite(t, dir, rendered(t, "lab", old))
			wantContents(t, dir, old)
			next := map[string]string{"a": "1", "b/c": "changed", "b/d/e.sh": "3", "b-1/x": "1", "b.c": "1", "b/d-2": "1", "new/z": "7", "file/now/dir": "8", "dir": "9"}
			got := mustWrite(t, dir, rendered(t, "lab", next))
			wantContents(t, dir, next)
			want := Changes{
				New: []string{"dir", "file/now/dir", "new/z"}, Changed: []string{"b/c", "manifest.json"},
				Removed: []string{"dir/y", "file", "gone/x"}, Unchanged: 5, same: []string{"a", "b-1/x", "b.c", "b/d-2", "b/d/e.sh"},
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("changes\n got %+v\nwant %+v", got, want)
			}
			if _, err := os.Stat(filepath.Join(dir, "gone")); !errors.Is(err, fs.ErrNotExist) {
				t.Error("a folder that became empty is still there")
			}
			nothingBeside(t, dir)
		})
	}
}

// nothingBeside wants no trace of a write but the tree itself.
func nothingBeside(t testing.TB, dir string) {
	t.Helper()
	beside := filepath.Join(filepath.Dir(dir), buildingName(filepath.Base(dir)))
	for _, path := range []string{beside, filepath.Join(dir, journalName)} {
		if _, err := os.Lstat(path); err == nil {
			t.Errorf("%s was left behind", path)
		}
	}
}

func TestWriteKeepsUnchangedFiles(t *testing.T) {
	for name, dir := range places(t) {
		t.Run(name, func(t *testing.T) {
			mustWrite(t, dir, rendered(t, "lab", map[string]string{"a": "1", "b": "2"}))
			before, err := os.Stat(filepath.Join(dir, "a"))
			if err != nil {
				t.Fatal(err)
			}
			mustWrite(t, dir, rendered(t, "lab", map[string]string{"a": "1", "b": "3"}))
			after, err := os.Stat(filepath.Join(dir, "a"))
			if err != nil {
				t.Fatal(err)
			}
			if !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
				t.Error("an unchanged file was written")
			}
		})
	}
}

func TestWriteModes(t *testing.T) {
	for name, dir := range places(t) {
		t.Run(name, func(t *testing.T) {
			files := rendered(t, "lab", map[string]string{"a": "1", "b.sh": "2"})
			mustWrite(t, dir, files)
			for path, want := range map[string]fs.FileMode{"a": 0o644, "b.sh": 0o755} {
				info, err := os.Stat(filepath.Join(dir, path))
				if err != nil || info.Mode().Perm() != want {
					t.Errorf("%s has mode %v, want %v (%v)", path, info.Mode().Perm(), want, err)
				}
			}
			if err := os.Chmod(filepath.Join(dir, "b.sh"), 0o644); err != nil {
				t.Fatal(err)
			}
			if c := mustWrite(t, dir, files); !reflect.DeepEqual(c.Changed, []string{"b.sh"}) {
				t.Errorf("a script that is not executable: changed %q", c.Changed)
			}
		})
	}
}

// TestWriteSparesForeign keeps what is not ours in every form, also a file that
// an old manifest of ours does not know.
func TestWriteSparesForeign(t *testing.T) {
	for name, dir := range places(t) {
		t.Run(name, func(t *testing.T) {
			mustWrite(t, dir, rendered(t, "lab", map[string]string{"a/x": "1"}))
			put(t, filepath.Join(dir, "a", "mine"), "mine")
			put(t, filepath.Join(dir, "own", "deep", "mine"), "mine")
			if err := os.Mkdir(filepath.Join(dir, "empty"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink("nowhere", filepath.Join(dir, "link")); err != nil {
				t.Fatal(err)
			}
			mustWrite(t, dir, rendered(t, "lab", map[string]string{"b": "1"}))
			if target, err := os.Readlink(filepath.Join(dir, "link")); target != "nowhere" {
				t.Errorf("the link is %q (%v)", target, err)
			}
			if info, err := os.Stat(filepath.Join(dir, "empty")); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("the empty folder is %v (%v)", info, err)
			}
			for _, p := range []string{"a/mine", "own/deep/mine"} {
				if text, err := os.ReadFile(filepath.Join(dir, p)); string(text) != "mine" {
					t.Errorf("%s is %q (%v)", p, text, err)
				}
			}
		})
	}
}

func put(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestCompareWritesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "out")
	c, err := Compare(dir, rendered(t, "lab", map[string]string{"a": "1"}))
	if err != nil || len(c.New) != 2 {
		t.Errorf("changes %+v, %v", c, err)
	}
	if _, err := os.Stat(filepath.Dir(dir)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a folder was made")
	}
}

func TestMergeSides(t *testing.T) {
	text := "{\n<<<<<<< HEAD\na\n||||||| base\nb\n=======\nc\n>>>>>>> theirs\n}\n"
	if got, want := mergeSides([]byte(text)), [][]byte{[]byte("{\na\n}\n"), []byte("{\nc\n}\n")}; !reflect.DeepEqual(got, want) {
		t.Errorf("mergeSides\n got %q\nwant %q", got, want)
	}
}

// BenchmarkWrite writes the trees of a hundred and of a thousand machines, finds them
// unchanged, and changes one file.
func BenchmarkWrite(b *testing.B) {
	for _, machines := range []int{100, 1000} {
		contents := map[string]string{}
		for m := range machines {
			for f := range 12 {
				contents[fmt.Sprintf("m%04d/%c/%c", m, 'a'+f/2, 'a'+f)] = strings.Repeat("line\n", 60)
			}
		}
		files := rendered(b, "lab", contents)
		contents["m0000/a/a"] = "changed"
		changed := rendered(b, "lab", contents)
		dir := filepath.Join(b.TempDir(), "out")
		mustWrite(b, dir, files)
		for name, write := range map[string]func(){
			"new":       func() { mustWrite(b, filepath.Join(b.TempDir(), "out"), files) },
			"unchanged": func() { mustWrite(b, dir, files) },
			"changed":   func() { mustWrite(b, dir, changed); mustWrite(b, dir, files) }, // and back
		} {
			b.Run(fmt.Sprintf("%d/%s", machines, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					write()
				}
			})
		}
	}
}
