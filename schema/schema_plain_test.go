package schema

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-jsonnet"
)

// TestPlainEqualsFast: all fixtures, good and bad, give the same model and the same
// findings with our shortcuts and without.
func TestPlainEqualsFast(t *testing.T) {
	for _, file := range append(badFixtures(t), goodFixtures(t)...) {
		load := func(plain bool) string {
			in := Input{File: file, Plain: plain, Importer: &jsonnet.FileImporter{}}
			topo, diags, err := Load(in)
			Locate(in, diags)
			text, jsonErr := json.Marshal(topo)
			if jsonErr != nil {
				t.Fatal(jsonErr)
			}
			return fmt.Sprintf("%s\n%+v\n%v", text, diags, err)
		}
		if got, want := load(false), load(true); got != want {
			t.Errorf("%s:\n got %.3000s\nwant %.3000s", file, got, want)
		}
	}
}

func goodFixtures(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../fixtures/*/topology.jsonnet")
	if err != nil || len(files) < 3 {
		t.Fatal(files, err)
	}
	return append(files, "../fixtures/fleet.libsonnet")
}

// TestAllocationsPerMachine counts what a machine more costs: a count does not
// depend on how busy the computer is.
func TestAllocationsPerMachine(t *testing.T) {
	count := func(n int) float64 {
		in := Input{File: "p", Importer: &jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{"p": jsonnet.MakeContents(fleet(n, ""))}}}
		return testing.AllocsPerRun(3, func() {
			if _, diags, err := Load(in); err != nil || diags.HasErrors() {
				t.Fatal(err, diags)
			}
		})
	}
	const most = 1000
	if each := (count(200) - count(100)) / 100; each > most {
		t.Errorf("%.0f allocations for each machine, want at most %d", each, most)
	} else {
		t.Logf("%.0f allocations for each machine", each)
	}
}
