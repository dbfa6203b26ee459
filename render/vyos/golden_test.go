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

// TestGolden compares the reference router in every release.
func TestGolden(t *testing.T) {
	for _, version := range releases() {
		t.Run(version, func(t *testing.T) {
			set, err := Render(inRelease(t, version))
			if err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join("testdata", "nullzero", version)
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
		})
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
