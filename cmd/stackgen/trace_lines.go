package main

import (
	"slices"

	"stackgen/render"
	"stackgen/render/artifact"
	"stackgen/schema"
	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/rules"
	"stackgen/schema/topology"
)

// artifactLines renders a stack and gives a function that finds the lines by
// which a hop is so: "rtr01/vyos/commands.txt:15-19", or "" where there are none.
func artifactLines(in schema.Input, t *topology.Topology) func(flow.Hop) string {
	var files []artifact.File
	if renders(in, t) {
		files, _ = render.Render(t)
	}
	return func(h flow.Hop) string {
		return render.Lines(t, files, artifact.Query{Machine: h.Machine, Hop: hopOf(h), Path: diag.Split(h.Path)})
	}
}

// hopOf is what a hop of a walk is to a renderer. Where a walk stops, it is what the
// walk would have met.
func hopOf(h flow.Hop) artifact.Hop {
	switch {
	case h.Kind == flow.Answer, h.Why == flow.Dropped, h.Why == flow.NoAnswer:
		return artifact.Verdict
	case h.Why == flow.NoListener:
		return artifact.Listening
	}
	return artifact.Hop(h.Kind)
}

// renders reports whether a stack can be rendered: what is wrong with it, if
// anything, is about what arrives and not about what can be written.
func renders(in schema.Input, t *topology.Topology) bool {
	_, diags, err := schema.Load(in)
	isFirmError := func(d diag.Diagnostic) bool { return d.Severity == diag.Error && rules.IsFirm(d.Rule) }
	return err == nil && !slices.ContainsFunc(diags, isFirmError) && !render.Check(t).HasErrors()
}
