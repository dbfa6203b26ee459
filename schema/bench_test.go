package schema

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"stackgen/schema/internal/check"
	"stackgen/schema/internal/decode"
	"stackgen/schema/internal/evaluate"

	"github.com/google/go-jsonnet"
)

// BenchmarkStages measures the stages of [Load] on the reference stack and on
// stacks of 100 and 1,000 machines. ns/machine shows whether time grows with the
// size of the stack or faster.
func BenchmarkStages(b *testing.B) {
	reference := Input{File: "../fixtures/nullzero/topology.jsonnet", Importer: &jsonnet.FileImporter{}}
	b.Run("reference", func(b *testing.B) { benchStages(b, reference, 4) })
	for _, n := range []int{100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchStages(b, fleetOf(b, n), n) })
	}
}

// fleetOf is the stack of fixtures/fleet.libsonnet with n machines.
func fleetOf(b *testing.B, n int) Input {
	library, err := filepath.Abs("../fixtures/fleet.libsonnet")
	if err != nil {
		b.Fatal(err)
	}
	file := filepath.Join(b.TempDir(), "fleet.jsonnet")
	if err := os.WriteFile(file, fmt.Appendf(nil, "(import '%s')(%d)", library, n), 0o600); err != nil {
		b.Fatal(err)
	}
	return Input{File: file, Importer: &jsonnet.FileImporter{}}
}

func benchStages(b *testing.B, in Input, machines int) {
	doc, diags, err := evaluate.File(in)
	if err != nil || diags.HasErrors() {
		b.Fatal(err, diags)
	}
	topo, err := decode.Topology(doc)
	if err != nil {
		b.Fatal(err)
	}
	for _, stage := range []struct {
		name string
		run  func() error
	}{
		{"evaluate", func() error { _, _, err := evaluate.File(in); return err }},
		{"validate", func() error { _, err := validated(doc); return err }},
		{"decode", func() error { _, err := decode.Topology(doc); return err }},
		{"check", func() error { check.Topology(topo); return nil }},
		{"load", func() error { _, _, err := Load(in); return err }},
	} {
		b.Run(stage.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := stage.run(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*machines), "ns/machine")
		})
	}
}
