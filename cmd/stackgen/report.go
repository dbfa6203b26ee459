package main

import (
	"io"

	"stackgen/cmd/stackgen/internal/report"
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
	diags = report.Merge(diags)
	lines := schema.Lines(in)
	stdout, stderr := cmd.OutOrStdout(), cmd.ErrOrStderr()
	switch f.format.value {
	case "json":
		return report.WriteJSON(stdout, diags)
	case "sarif":
		return report.WriteSARIF(stdout, in.File, version, diags)
	case "github":
		return report.WriteAnnotations(stdout, diags)
	}
	r := report.Text{Lines: lines, Colour: report.ColourOf(stderr), Verbose: f.verbose}
	_, err := io.WriteString(stderr, r.Of(diags))
	return err
}
