//go:build linux

package systemtest

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"stackgen/render"
	"stackgen/render/artifact"
	"stackgen/schema"
	"stackgen/schema/topology"

	"github.com/google/go-jsonnet"
)

// load is a checked topology; text is its Jsonnet.
func load(t testing.TB, text string, warned ...string) *topology.Topology {
	t.Helper()
	file := filepath.Join(t.TempDir(), "topology.jsonnet")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	topo, diags, err := schema.Load(schema.Input{File: file, Importer: &jsonnet.FileImporter{}})
	if err != nil {
		t.Fatal(err)
	}
	if topo != nil {
		diags = append(diags, render.Check(topo)...)
	}
	found := map[string]bool{}
	for _, d := range diags {
		found[d.Rule] = true
		if !slices.Contains(warned, d.Rule) {
			t.Errorf("%s: %s: %s (%s)", d.Severity, d.Path, d.Message, d.Rule)
		}
	}
	for _, rule := range warned {
		if !found[rule] {
			t.Errorf("no finding of %s", rule)
		}
	}
	if diags.HasErrors() {
		t.FailNow()
	}
	return topo
}

// write puts files into a folder that every machine sees as /lab/<name>, and
// removes from it what is no longer wanted.
func (l *lab) write(name string, files []artifact.File) {
	l.t.Helper()
	dir := filepath.Join(l.share, name)
	if err := os.RemoveAll(dir); err != nil {
		l.t.Fatal(err)
	}
	for _, f := range files {
		path := filepath.Join(dir, f.TreePath())
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			l.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(f.Content), os.FileMode(f.TreeMode())); err != nil {
			l.t.Fatal(err)
		}
	}
}

// plain is a topology of one host and nothing on it.
const plain = "{ apiVersion: 'stackgen/v1', name: 'plain', networks: {}, hosts: { vmm: { os: 'debian-12' } }, vms: {} }"

// writeSteps writes the tree of a stack that consists of a host and these
// files and steps of it.
func (l *lab) writeSteps(set artifact.Set) {
	l.t.Helper()
	set.Sort()
	var files []artifact.File
	err := render.Tree(load(l.t, plain), set, func(batch []artifact.File) error {
		files = append(files, batch...)
		return nil
	})
	if err != nil {
		l.t.Fatal(err)
	}
	l.write("out", files)
}
