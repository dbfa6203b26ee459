package memo

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"stackgen/schema/diag"

	"github.com/google/go-jsonnet"
)

// rendered makes a folder with a topology of two files and a tree of two, and
// a memo of them.
func rendered(t *testing.T) (topology, library, out string, unchanged func() bool) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	t.Setenv("HOME", dir)
	topology, library, out = filepath.Join(dir, "t.jsonnet"), filepath.Join(dir, "l.libsonnet"), filepath.Join(dir, "out")
	write(t, topology, "import 'l.libsonnet'")
	write(t, library, "{}")
	write(t, filepath.Join(out, "vmm", "a"), "a")
	write(t, filepath.Join(out, "b"), "b")
	r := Record(&jsonnet.FileImporter{})
	for _, i := range [][2]string{{"", topology}, {topology, "l.libsonnet"}} {
		if _, _, err := r.Import(i[0], i[1]); err != nil {
			t.Fatal(err)
		}
	}
	For(out, "x").Remember(r, []string{"b", "vmm/a"}, warnings())
	return topology, library, out, func() bool {
		files, said, ok := For(out, "x").Unchanged(&jsonnet.FileImporter{})
		if ok && (files != 2 || !reflect.DeepEqual(said, warnings())) {
			t.Errorf("it remembers %d files and %+v", files, said)
		}
		return ok
	}
}

func warnings() (l diag.List) {
	d := l.Warningf("disks/unused", "/hosts/vmm", "%q is left", "x").AtKey().Hintf("remove it").Also("/a~1b", "here")
	d.Pos = diag.Pos{File: "t.jsonnet", Line: 1, Column: 2, EndLine: 3, EndColumn: 4, Computed: true}
	return l
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestUnchanged(t *testing.T) {
	_, _, out, unchanged := rendered(t)
	if !unchanged() {
		t.Error("nothing has changed, and the memo does not say so")
	}
	if _, _, ok := For(out, "y").Unchanged(&jsonnet.FileImporter{}); ok {
		t.Error("other arguments are taken for the same")
	}
}

func TestChanged(t *testing.T) {
	tests := []struct {
		name   string
		change func(t *testing.T, topology, library, out string)
	}{
		{"the topology", func(t *testing.T, topology, _, _ string) { write(t, topology, "import 'l.libsonnet' ") }},
		{"an import", func(t *testing.T, _, library, _ string) { write(t, library, "{ a: 1 }") }},
		{"an import is gone", func(t *testing.T, _, library, _ string) { os.Remove(library) }},
		{"an output", func(t *testing.T, _, _, out string) { write(t, filepath.Join(out, "b"), "other") }},
		{"an output of the same size", func(t *testing.T, _, _, out string) {
			path := filepath.Join(out, "vmm", "a")
			write(t, path, "z")
			// The clock of a file system may not have moved since the first write.
			if err := os.Chtimes(path, time.Time{}, time.Now().Add(time.Second)); err != nil {
				t.Fatal(err)
			}
		}},
		{"an output of the same time", func(t *testing.T, _, _, out string) {
			path := filepath.Join(out, "b")
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			write(t, path, "other")
			if err := os.Chtimes(path, time.Time{}, info.ModTime()); err != nil {
				t.Fatal(err)
			}
		}},
		{"an output is gone", func(t *testing.T, _, _, out string) { os.Remove(filepath.Join(out, "b")) }},
		{"the mode of an output", func(t *testing.T, _, _, out string) { os.Chmod(filepath.Join(out, "b"), 0o755) }},
		{"the memo is damaged", func(t *testing.T, _, _, out string) { write(t, For(out, "x").file, `{"imports": [`) }},
		{"the memo is empty", func(t *testing.T, _, _, out string) { write(t, For(out, "x").file, `{}`) }},
		{"the memo is tampered with", func(t *testing.T, _, library, out string) {
			write(t, library, "{ a: 1 }")
			c, foundAt, err := (&jsonnet.FileImporter{}).Import("", library)
			memo := For(out, "x").file
			text, _ := os.ReadFile(memo)
			old := digestOf(jsonnet.MakeContents("{}"), foundAt, err)
			if !strings.Contains(string(text), old) {
				t.Fatalf("the memo has no digest of the import:\n%s", text)
			}
			write(t, memo, strings.ReplaceAll(string(text), old, digestOf(c, foundAt, err)))
		}},
		{"the memo is tampered with: an output", func(t *testing.T, _, _, out string) {
			memo := For(out, "x").file
			text, _ := os.ReadFile(memo)
			path := filepath.Join(out, "b") + "\x00"
			if !strings.HasSuffix(string(text), path+filepath.Join(out, "vmm", "a")+"\x00") {
				t.Fatalf("the memo does not end with the outputs:\n%q", text)
			}
			if err := os.Link(filepath.Join(out, "b"), filepath.Join(out, "c")); err != nil {
				t.Fatal(err)
			}
			write(t, memo, strings.ReplaceAll(string(text), path, filepath.Join(out, "c")+"\x00"))
		}},
		{"the memo is cut short", func(t *testing.T, _, _, out string) {
			memo := For(out, "x").file
			text, _ := os.ReadFile(memo)
			write(t, memo, string(text[:len(text)-2]))
		}},
		{"the memo is of other arguments", func(t *testing.T, topology, _, out string) {
			r := Record(&jsonnet.FileImporter{})
			r.Import("", topology)
			For(out, "y").Remember(r, []string{"b"}, nil)
			if err := os.Rename(For(out, "y").file, For(out, "x").file); err != nil {
				t.Fatal(err)
			}
		}},
		{"the memo is of another build", func(t *testing.T, _, _, out string) {
			m := For(out, "x")
			text, _ := os.ReadFile(m.file)
			_, text, _ = bytes.Cut(text, []byte("\n"))
			body, paths, _ := bytes.Cut(text, []byte("\n"))
			m.key = append(m.key, "of another build"...)
			write(t, m.file, sum(m.key, body)+"\n"+string(body)+"\n"+string(paths))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			topology, library, out, unchanged := rendered(t)
			tt.change(t, topology, library, out)
			if unchanged() {
				t.Error("the change goes unseen")
			}
		})
	}
}

// TestParts is about a tree that is more than one part of a memo.
func TestParts(t *testing.T) {
	_, _, out, _ := rendered(t)
	var paths []string
	for i := range 2*partSize + 1 {
		paths = append(paths, fmt.Sprint("f", i))
		write(t, filepath.Join(out, paths[i]), "x")
	}
	For(out, "x").Remember(Record(&jsonnet.FileImporter{}), paths, nil)
	for _, changed := range []string{"", paths[0], paths[partSize], paths[2*partSize], ""} {
		if changed != "" {
			os.Chmod(filepath.Join(out, changed), 0o400)
		}
		files, _, ok := For(out, "x").Unchanged(&jsonnet.FileImporter{})
		if ok != (changed == "") || ok && files != len(paths) {
			t.Errorf("the mode of %q has changed: unchanged is %t, with %d files", changed, ok, files)
		}
		if changed != "" {
			os.Chmod(filepath.Join(out, changed), 0o644)
		}
	}
}
