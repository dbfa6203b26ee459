package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"stackgen/schema"
	"stackgen/schema/diag"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The rules of our output: data goes to stdout and all else to stderr. A report
// for people is not data, one for programs is. It begins with what is wrong,
// then comes where, then what helps; its last line is a count. Equal findings
// make equal reports: their order is that of the sources, and colour is for
// terminals only.

// reportFlags say how findings are reported.
type reportFlags struct {
	format  formatFlag
	verbose bool
}

// registerOutput adds --output to a command whose data are its findings.
func (f *reportFlags) registerOutput(flags *pflag.FlagSet) {
	f.format = formatFlag{value: "text", allowed: []string{"text", "json", "sarif", "github"}}
	flags.Var(&f.format, "output", "how to report findings: text, json, sarif or github")
}

// report prints the findings about a topology.
func (f *reportFlags) report(cmd *cobra.Command, in schema.Input, diags diag.List) error {
	diags = merged(inOrder(diags))
	lines := schema.Lines(in)
	stdout, stderr := cmd.OutOrStdout(), cmd.ErrOrStderr()
	switch f.format.value {
	case "json":
		return writeJSON(stdout, diags)
	case "sarif":
		return writeSARIF(stdout, in.File, diags)
	case "github":
		return writeAnnotations(stdout, diags)
	}
	r := textReport{lines: lines, colour: colourOf(stderr), verbose: f.verbose}
	_, err := io.WriteString(stderr, r.text(diags))
	return err
}

// inOrder sorts findings as their places stand in the sources: by file, line,
// column, rule and path. Those without a place come first.
func inOrder(diags diag.List) diag.List {
	diags = slices.Clone(diags)
	slices.SortStableFunc(diags, func(a, b diag.Diagnostic) int {
		return cmp.Or(
			strings.Compare(a.Pos.File, b.Pos.File),
			a.Pos.Line-b.Pos.Line, a.Pos.Column-b.Pos.Column,
			strings.Compare(a.Rule, b.Rule), strings.Compare(a.Path, b.Path))
	})
	return diags
}

// merged makes one finding of those that say the same about the same place: a
// value that a function or a local makes for many. The paths of the others
// become related places.
func merged(diags diag.List) (list diag.List) {
	for _, d := range diags {
		n := len(list)
		if n == 0 || !d.Pos.IsValid() || !sameMistake(list[n-1], d) {
			list = append(list, d)
			continue
		}
		list[n-1].Related = append(slices.Clip(list[n-1].Related), diag.Related{Path: d.Path, Pos: d.Pos, Message: alsoMade})
	}
	return list
}

const alsoMade = "made by the same place"

func sameMistake(a, b diag.Diagnostic) bool {
	return a.Rule == b.Rule && a.Pos == b.Pos && a.Message == b.Message && a.Hint == b.Hint && a.Severity == b.Severity
}

// count is how many findings there are.
func count(diags diag.List) string {
	return plural(diags.Count(diag.Error), "error") + ", " + plural(diags.Count(diag.Warning), "warning")
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
