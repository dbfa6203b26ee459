package render_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"

	"stackgen/render"
	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
	"stackgen/render/plan"
)

// TestEach: the batches are what Files gives, each file once; the manifest comes last
// and has the digest of each; a batch that was handed over is let go.
func TestEach(t *testing.T) {
	topo := checked(t, rendertest.Fleet(t, 1000))
	want, err := render.Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	_, rendering := render.Prepare(topo)
	var got []artifact.File
	var batches [][]artifact.File
	err = rendering.Each(func(batch []artifact.File) error {
		if !slices.IsSortedFunc(batch, artifact.Compare) {
			t.Errorf("batch %d is not sorted", len(batches))
		}
		got, batches = append(got, batch...), append(batches, batch)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	manifest := got[len(got)-1]
	slices.SortFunc(got, artifact.Compare)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the batches have %d files that are not the %d there are", len(got), len(want))
	}
	if len(batches) < 4 {
		t.Errorf("%d files come in only %d batches", len(got), len(batches))
	}
	for i, batch := range batches[:len(batches)-1] {
		if slices.ContainsFunc(batch, func(f artifact.File) bool { return f.Content != "" }) {
			t.Errorf("batch %d still has contents", i)
		}
	}
	wantDigests(t, manifest, want)
}

func wantDigests(t *testing.T, manifest artifact.File, files []artifact.File) {
	t.Helper()
	var m plan.Manifest
	if err := json.Unmarshal([]byte(manifest.Content), &m); err != nil || manifest.Path != plan.ManifestName {
		t.Fatalf("the last file is %s: %v", manifest.Path, err)
	}
	files = slices.DeleteFunc(slices.Clone(files), func(f artifact.File) bool { return f.Path == plan.ManifestName && f.Machine == "" })
	if len(m.Files) != len(files) {
		t.Fatalf("the manifest lists %d files of %d", len(m.Files), len(files))
	}
	for i, f := range files {
		sum := sha256.Sum256([]byte(f.Content))
		if e := m.Files[i]; e.Path != f.TreePath() || e.SHA256 != hex.EncodeToString(sum[:]) {
			t.Fatalf("entry %d of the manifest is of %s, with a digest of other content; want %s", i, e.Path, f.TreePath())
		}
	}
}

// TestEachEnds with the first error of whoever takes the files.
func TestEachEnds(t *testing.T) {
	full := errors.New("no space left")
	for batches := range 3 {
		_, rendering := render.Prepare(rendertest.Topology(t, "nullzero"))
		n := 0
		err := rendering.Each(func([]artifact.File) error {
			if n++; n > batches {
				return full
			}
			return nil
		})
		if !errors.Is(err, full) || n != batches+1 {
			t.Errorf("after %d batches: %v, and %d more", batches, err, n-batches-1)
		}
	}
}
