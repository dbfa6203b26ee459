package render_test

import (
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stackgen/render"
	"stackgen/render/plan"
	"stackgen/schema"

	"github.com/google/go-jsonnet"
)

var update = flag.Bool("update", false, "rewrite the golden trees")

// TestGolden compares the whole tree of every fixture: the set of files, their
// content and modes. -update makes the tree what the program renders.
func TestGolden(t *testing.T) {
	topologies, err := filepath.Glob("../fixtures/*/topology.jsonnet")
	if err != nil || len(topologies) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, file := range topologies {
		name := filepath.Base(filepath.Dir(file))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, want := golden(name), rendered(t, name)
			if name != reference {
				dropRuntime(t, want)
			}
			if *update {
				rewrite(t, dir, want)
			}
			compare(t, dir, tree(t, dir), want)
		})
	}
}

// reference is the fixture whose golden tree has all files.
const reference = "nullzero"

// dropRuntime takes from a tree what carries out its plan. It is the same for every
// stack, and so in the golden tree of the reference stack alone.
func dropRuntime(t *testing.T, files map[string]entry) {
	t.Helper()
	for _, f := range plan.Runtime() {
		if e, ok := files[f.TreePath()]; !ok || e.content != f.Content || e.executable != f.Script {
			t.Errorf("%s is missing, or not what it is in every tree", f.TreePath())
		}
		delete(files, f.TreePath())
	}
}

// golden is where the expected tree of a fixture lies. That of the reference
// stack is the committed render of the repository itself.
func golden(fixture string) string {
	if fixture == reference {
		return "../out"
	}
	return "../fixtures/" + fixture + "/want"
}

// entry is a file of a tree.
type entry struct {
	content    string
	executable bool
}

func rendered(t *testing.T, fixture string) map[string]entry {
	t.Helper()
	topo, diags, err := schema.Load(schema.Input{File: "../fixtures/" + fixture + "/topology.jsonnet", Importer: &jsonnet.FileImporter{}})
	if err != nil {
		t.Fatal(err)
	}
	if topo != nil {
		diags = append(diags, render.Check(topo)...)
	}
	for _, d := range diags {
		t.Errorf("finding in %s: %s: %s (%s)", fixture, d.Path, d.Message, d.Rule)
	}
	if topo == nil {
		t.FailNow()
	}
	files, err := render.Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	tree := make(map[string]entry, len(files))
	for _, f := range files {
		if _, twice := tree[f.TreePath()]; twice {
			t.Errorf("%s is rendered twice", f.TreePath())
		}
		tree[f.TreePath()] = entry{f.Content, f.Script}
	}
	return tree
}

// tree reads what is in a directory; one that does not exist is empty.
func tree(t *testing.T, dir string) map[string]entry {
	t.Helper()
	files := map[string]entry{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		files[filepath.ToSlash(rel)] = entry{string(content), info.Mode()&0o100 != 0}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return files
}

func compare(t *testing.T, dir string, got, want map[string]entry) {
	t.Helper()
	for _, path := range slices.Sorted(maps.Keys(want)) {
		g, ok := got[path]
		switch {
		case !ok:
			t.Errorf("%s/%s is rendered but not in the golden tree", dir, path)
		case g.content != want[path].content:
			t.Errorf("%s/%s differs %s", dir, path, firstDifference(g.content, want[path].content))
		case g.executable != want[path].executable:
			t.Errorf("%s/%s: executable is %t in the golden tree, %t as rendered", dir, path, g.executable, want[path].executable)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[path]; !ok {
			t.Errorf("%s/%s is in the golden tree but not rendered", dir, path)
		}
	}
	if t.Failed() {
		t.Log("`make golden` makes the golden trees what the program renders; read the diff before committing it")
	}
}

// firstDifference shows the first line that is not equal.
func firstDifference(golden, rendered string) string {
	g, r := strings.Split(golden, "\n"), strings.Split(rendered, "\n")
	for i := 0; i < len(g) && i < len(r); i++ {
		if g[i] != r[i] {
			return "in line " + strconv.Itoa(i+1) + "\n  golden: " + g[i] + "\nrendered: " + r[i]
		}
	}
	return "in length: " + strconv.Itoa(len(g)) + " lines in the golden tree, " + strconv.Itoa(len(r)) + " as rendered"
}

// rewrite makes dir hold exactly the files of want.
func rewrite(t *testing.T, dir string, want map[string]entry) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for path, e := range want {
		path = filepath.Join(dir, filepath.FromSlash(path))
		mode := fs.FileMode(0o644)
		if e.executable {
			mode = 0o755
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(e.content), mode); err != nil {
			t.Fatal(err)
		}
	}
}
