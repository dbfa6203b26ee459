package main

import (
	"fmt"
	"os"
	"path/filepath"

	"stackgen/cmd/stackgen/internal/outdir"
	"stackgen/render/artifact"
	"stackgen/render/plan"
	"stackgen/schema"
	"stackgen/schema/diag"
	"stackgen/schema/topology"

	"github.com/spf13/cobra"
)

// loadedStack is one of several stacks.
type loadedStack struct {
	checked
	in schema.Input
}

// loadStacks reads, checks and reports several topologies: each on its own, and
// then what two of them claim. When there are errors they have been reported and
// the error is the exit status.
func (f *topologyFlags) loadStacks(cmd *cobra.Command, files []string) ([]loadedStack, diag.List, error) {
	var stacks []loadedStack
	var diags diag.List
	for _, file := range files {
		in, err := f.input(cmd, []string{file})
		if err != nil {
			return nil, nil, err
		}
		c, err := f.loadWithin(cmd, in)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", file, err)
		}
		stacks = append(stacks, loadedStack{c, in})
		diags = append(diags, c.diags...)
	}
	if !diags.HasErrors() {
		diags = append(diags, clashes(stacks)...)
	}
	if diags.HasErrors() {
		return nil, diags, f.conclude(cmd, stacks[0].in, diags)
	}
	return stacks, diags, nil
}

// clashes are the findings about things that two stacks claim.
func clashes(stacks []loadedStack) (diags diag.List) {
	topos := make([]*topology.Topology, len(stacks))
	for i, s := range stacks {
		topos[i] = s.topo
	}
	for _, c := range schema.Across(topos) {
		var here, there diag.List
		here.Errorf(c.Rule, c.Path, "%s", c.Message).Hintf("%s", c.Hint)
		there.Errorf(c.Rule, c.OtherPath, "")
		schema.Locate(stacks[c.Stack].in, here)
		schema.Locate(stacks[c.Other].in, there)
		here[0].Related = append(here[0].Related, otherClaim(here[0], there[0])...)
		diags = append(diags, here...)
	}
	return diags
}

// otherClaim is where the other stack claims a thing. If both have it from one
// place of a library, that is where the other calls it from.
func otherClaim(here, there diag.Diagnostic) []diag.Related {
	places := append([]diag.Related{{Pos: there.Pos}}, there.Related...)
	for _, p := range places {
		if p.Pos.IsValid() && p.Pos != here.Pos {
			return []diag.Related{{Pos: p.Pos, Message: "claimed here"}}
		}
	}
	return nil
}

// renderStacks writes the trees of several stacks, each into a folder of its name
// below the output folder, or compares them. Nothing is written when anything is
// wrong with any of them.
func renderStacks(cmd *cobra.Command, flags *renderFlags, files []string) error {
	if _, err := os.Stat(filepath.Join(flags.out, plan.ManifestName)); err == nil {
		return hintedError{fmt.Errorf("%s holds the output of one stack, not folders of several", flags.out),
			"name another folder with -o, or remove it first"}
	}
	stacks, diags, err := flags.loadStacks(cmd, files)
	if err != nil {
		return err
	}
	trees, err := treesOf(stacks, flags)
	if err != nil {
		return err
	}
	if flags.compare && flags.format.value != "text" {
		for _, t := range trees {
			diags = append(diags, treeFindings(t.dir, t.changes)...)
		}
	}
	if err := flags.report(cmd, stacks[0].in, diags); err != nil {
		return err
	}
	for _, t := range trees {
		switch {
		case flags.compare:
			if status := printChecked(cmd, t.dir, t.changes); status != nil {
				err = status
			}
		default:
			if t.changes, err = outdir.Write(t.dir, t.files, flags.write); err != nil {
				return err
			}
			printRendered(cmd.ErrOrStderr(), t.dir, t.changes)
		}
	}
	return err
}

// stackTree is what a stack renders, where it goes, and what that changes there.
type stackTree struct {
	dir     string
	files   []artifact.File
	changes outdir.Changes
}

// treesOf renders all stacks, and looks whether each can be written, before the
// first is.
func treesOf(stacks []loadedStack, flags *renderFlags) ([]stackTree, error) {
	trees := make([]stackTree, len(stacks))
	for i, s := range stacks {
		t := &trees[i]
		t.dir = filepath.Join(flags.out, s.topo.Name)
		var err error
		if t.files, err = s.rendering.Files(); err != nil {
			return nil, err
		}
		if t.changes, err = outdir.Compare(t.dir, t.files); err != nil {
			return nil, err
		}
		if len(t.changes.Edited) > 0 && !flags.write.Force && !flags.compare {
			return nil, &outdir.EditedError{Dir: t.dir, Files: t.changes.Edited}
		}
	}
	return trees, nil
}
