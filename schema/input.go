package schema

import (
	"stackgen/schema/diag"
	"stackgen/schema/internal/check"
	"stackgen/schema/internal/evaluate"
	"stackgen/schema/internal/locate"
	"stackgen/schema/topology"
)

// Input is a topology file and what its Jsonnet may refer to.
type Input = evaluate.Input

// CheckText fails on text that the parser of Jsonnet does not survive, or reads as
// something else: what is nested too deeply, and bytes that are not UTF-8. The error
// begins with file, line and column as those of the parser do.
func CheckText(file, text string) error { return evaluate.CheckText(file, text) }

// Exceeded is the finding about a program that was stopped and did not say where
// it was.
func Exceeded(in Input) diag.List { return evaluate.Exceeded(in) }

// Lines gives the lines of a source file of a topology, as positions count
// them; none if it cannot be read.
func Lines(in Input) func(file string) []string { return evaluate.Lines(in) }

// Locate gives findings about a topology their positions in its sources. It
// reads and evaluates the topology again, as far as the findings need: without
// findings, positions cost nothing.
func Locate(in Input, diags diag.List) { locate.Findings(in, diags) }

// Judge gives findings about a topology the severity that its policies say, and
// adds what is to be said about the policies themselves. It wants all findings: a
// policy that none of them needs is reported.
func Judge(t *topology.Topology, diags diag.List) diag.List { return check.Judge(t, diags) }

// Clash is a thing that two stacks claim. It is a finding about the later one.
type Clash = check.Clash

// Across finds what can only belong to one of several stacks that are applied by
// the same people: a name, a hypervisor, an address of the Internet, a MAC address.
func Across(stacks []*topology.Topology) []Clash { return check.Across(stacks) }
