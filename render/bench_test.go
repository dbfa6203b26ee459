package render_test

import (
	"fmt"
	"runtime"
	"testing"

	"stackgen/render"
	"stackgen/render/internal/rendertest"
	"stackgen/schema"
	"stackgen/schema/topology"
)

// BenchmarkRender measures what a run computes, from the file to the tree, on
// the reference stack and on stacks of 100 and 1,000 machines. ns/machine shows
// whether time grows with the size of the stack or faster. The stages of load
// are in package schema's benchmarks; write is in cmd/stackgen's.
func BenchmarkRender(b *testing.B) {
	b.Run("reference", func(b *testing.B) { benchRender(b, rendertest.Reference()) })
	for _, n := range []int{100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchRender(b, rendertest.Fleet(b, n)) })
	}
}

func benchRender(b *testing.B, in schema.Input) {
	topo := checked(b, in)
	for _, stage := range []struct {
		name string
		run  func() error
	}{
		{"load", func() error { _, _, err := schema.Load(in); return err }},
		{"check", func() error { render.Check(topo); return nil }},
		{"render", func() error { _, err := render.Render(topo); return err }},
		{"all", func() error { return all(in) }},
	} {
		b.Run(stage.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := stage.run(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(topo.VMs)), "ns/machine")
		})
	}
}

// checked is a topology without findings.
func checked(t testing.TB, in schema.Input) *topology.Topology {
	t.Helper()
	topo, diags, err := schema.Load(in)
	if err != nil || topo == nil {
		t.Fatal(err, diags)
	}
	if diags = append(diags, render.Check(topo)...); len(diags) > 0 {
		t.Fatal(diags)
	}
	return topo
}

func all(in schema.Input) error {
	topo, _, err := schema.Load(in)
	if err != nil {
		return err
	}
	render.Check(topo)
	_, err = render.Render(topo)
	return err
}

// TestRenderGrowsWithTheStack: ten times the machines take about ten times the
// memory, and make about ten times the text.
func TestRenderGrowsWithTheStack(t *testing.T) {
	small, large := cost(t, 50), cost(t, 500)
	for _, c := range []struct {
		name         string
		small, large uint64
	}{{"memory", small.memory, large.memory}, {"text", small.text, large.text}} {
		if ratio := float64(c.large) / float64(c.small); ratio > 12 {
			t.Errorf("ten times the machines need %.1f times the %s: %d bytes, then %d", ratio, c.name, c.small, c.large)
		}
	}
}

type bytes struct{ memory, text uint64 }

// cost is what checking and rendering a stack of n machines allocates, and how
// much text comes out.
func cost(t *testing.T, n int) (c bytes) {
	t.Helper()
	topo := checked(t, rendertest.Fleet(t, n))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	render.Check(topo)
	files, err := render.Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	for _, f := range files {
		c.text += uint64(len(f.Content))
	}
	c.memory = after.TotalAlloc - before.TotalAlloc
	return c
}
