package main

import (
	"fmt"
	"path/filepath"

	"stackgen/cmd/stackgen/internal/outdir"
	"stackgen/schema"
	"stackgen/schema/diag"

	"github.com/spf13/cobra"
)

// checkTree compares the output folder with what the topology renders. What a
// render would change are findings, so that every format of a report has them.
func checkTree(cmd *cobra.Command, flags *renderFlags, in schema.Input) error {
	c, err := flags.loadWithin(cmd, in)
	if err != nil {
		return err
	}
	if c.diags.HasErrors() {
		return flags.conclude(cmd, in, c.diags)
	}
	changes, err := outdir.CompareEach(flags.out, c.topo.Name, c.rendering.Each)
	if err != nil {
		return err
	}
	diags := c.diags
	if flags.format.value != "text" {
		diags = append(diags, treeFindings(flags.out, changes)...)
	}
	if err := flags.report(cmd, in, diags); err != nil {
		return err
	}
	return printChecked(cmd, flags.out, changes)
}

func printChecked(cmd *cobra.Command, dir string, c outdir.Changes) error {
	w := cmd.ErrOrStderr()
	if c.None() {
		fmt.Fprintf(w, "stackgen: %s is up to date: %d files\n", dir, c.Files())
		return nil
	}
	printChanges(w, dir, c)
	for _, p := range c.Edited {
		fmt.Fprintf(w, "stackgen: warning: %s was edited by hand\n", filepath.Join(dir, filepath.FromSlash(p)))
	}
	fmt.Fprintf(w, "stackgen: error: %s is not up to date: %d missing, %d stale, %d extra\n", dir, len(c.New), len(c.Changed), len(c.Removed))
	fmt.Fprintf(w, "stackgen: hint: %s\n", treeHint(c))
	return exitStatus(exitDifferent)
}

func treeHint(c outdir.Changes) string {
	if len(c.Edited) > 0 {
		return "put what was edited into the topology, run stackgen render --force and commit the folder"
	}
	return "run stackgen render and commit the folder"
}

// treeFindings says what is wrong with a tree, a finding for each file.
func treeFindings(dir string, c outdir.Changes) (diags diag.List) {
	for _, list := range []struct {
		rule, message string
		paths         []string
	}{
		{"tree/missing", "%q is rendered but not in the output folder", c.New},
		{"tree/stale", "%q is not what the topology renders", c.Changed},
		{"tree/extra", "%q is in the output folder but not rendered any more", c.Removed},
		{"tree/edited", "%q was edited by hand", c.Edited},
	} {
		for _, p := range list.paths {
			file := filepath.ToSlash(filepath.Join(dir, p))
			d := diags.Errorf(list.rule, "", list.message, file).Hintf("%s", treeHint(c))
			d.Pos = diag.Pos{File: file, Line: 1, Column: 1, EndLine: 1, EndColumn: 1}
		}
	}
	return diags
}
