package main

import (
	"strings"
	"testing"

	"stackgen/render"
	"stackgen/schema"

	"github.com/google/go-jsonnet"
)

// TestWork: the work is without findings, which would be timed as well; it is
// the same with `%` and without; and each server has eight files of its own.
func TestWork(t *testing.T) {
	with, without := tree(t, percentText), tree(t, plainText)
	if len(with) != len(without) {
		t.Fatalf("%d files with %%, %d without", len(with), len(without))
	}
	own := 0
	for path, content := range with {
		if without[path] != content {
			t.Errorf("%s is\n%s\nwithout %%\n%s", path, content, without[path])
		}
		if strings.HasPrefix(path, "web00001/") {
			own++
		}
	}
	if own < 8 {
		t.Errorf("a server has %d files, want 8 or more", own)
	}
}

// tree renders the work for 60 servers with a way of putting text together.
func tree(t *testing.T, text string) map[string]string {
	t.Helper()
	topo, diags, err := schema.Load(schema.Input{File: "p.jsonnet", Importer: &jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{
		"p.jsonnet":      jsonnet.MakeContents("local n = 60; local text = import 'text.libsonnet';" + topology),
		"text.libsonnet": jsonnet.MakeContents(text),
	}}})
	if err != nil || topo == nil {
		t.Fatal(err, diags)
	}
	if diags = append(diags, render.Check(topo)...); len(diags) > 0 {
		t.Fatal(diags)
	}
	files, err := render.Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	contents := map[string]string{}
	for _, f := range files {
		contents[f.TreePath()] = f.Content
	}
	return contents
}

func TestWritten(t *testing.T) {
	if n, err := written("stackgen: 58 files in out: 1 new, 3 changed, 0 removed, 54 unchanged\n"); n != 4 || err != nil {
		t.Errorf("got %d, %v; want 4", n, err)
	}
}
