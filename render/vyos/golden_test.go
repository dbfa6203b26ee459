package vyos

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// inRelease is a fixture whose router runs a release.
func inRelease(t *testing.T, version string) *topology.Topology {
	t.Helper()
	return rendertest.Variant(t, "nullzero", "{ vms+: { rtr01+: { router+: { version: '"+version+"' } } } }")
}

// edgeReleases are those that a router with all features is rendered in.
func edgeReleases() []string { return []string{"1.3", "1.4", "1.5", "rolling"} }

// edge is the router with all features in a release, without those that the
// release refuses.
func edge(t *testing.T, version string) *topology.Topology {
	t.Helper()
	patch := "{ vms+: { rtr01+: { router+: { version: '" + version + "' } } } }"
	for _, missing := range missingFeatures()[version] {
		patch += " + " + missing
	}
	topo := rendertest.Variant(t, "edge", patch)
	if diags := Check(topo); diags.HasErrors() {
		t.Fatalf("%s refuses what is in fixtures/edge; missingFeatures takes it out: %v", version, diags)
	}
	return topo
}

// missingFeatures takes features out of the router that has all.
func missingFeatures() map[string][]string {
	return map[string][]string{
		"1.3": {},
	}
}

// TestGolden compares the reference router in every release, and the one with
// all features in those of today.
func TestGolden(t *testing.T) {
	for _, version := range releases() {
		t.Run(version, func(t *testing.T) { compare(t, inRelease(t, version), "nullzero", version) })
	}
	for _, version := range edgeReleases() {
		t.Run("edge/"+version, func(t *testing.T) { compare(t, edge(t, version), "edge", version) })
	}
}

// compare holds the files of a router against those in testdata.
func compare(t *testing.T, topo *topology.Topology, name, version string) {
	t.Helper()
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join("testdata", name, version)
	if *update {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range set.Files {
		if !f.Script {
			golden(t, filepath.Join(dir, filepath.FromSlash(f.Path)), f.Content)
		}
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%v; `make golden` writes it", err)
	} else if got != string(want) {
		t.Errorf("%s differs from what is rendered:\n%s", path, got)
	}
}
