package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"stackgen/cmd/stackgen/internal/outdir"
	"stackgen/cmd/stackgen/internal/verify"
	"stackgen/render/artifact"
	"stackgen/schema/diag"

	"github.com/spf13/cobra"
)

func verifyCommand() *cobra.Command {
	var require []string
	format := formatFlag{value: "text", allowed: []string{"text", "json", "github"}}
	cmd := &cobra.Command{
		Use:   "verify [DIR]",
		Short: "ask the real programs whether they take a rendered tree",
		Long: `Gives each file of a rendered tree (out unless named) to the program that reads
it, in a folder of its own and without network. Nothing of the tree is run. What
has no program here is skipped, not passed. Exits 4 when one refuses a file.`,
		Example: "  stackgen verify\n  stackgen verify --require all --output github",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := append(args, "out")[0]
			if err := knownChecks(require); err != nil {
				return usageError{cmd.CommandPath(), err}
			}
			files, err := outdir.Read(dir)
			if err != nil {
				return err
			}
			v := verification{dir: dir, files: files, require: require}
			v.results = verify.Run(files, progress(cmd.ErrOrStderr()))
			return v.report(cmd, format.value)
		},
	}
	cmd.Flags().StringSliceVar(&require, "require", nil, "fail when these `checks` are skipped: all, or names as printed")
	cmd.Flags().Var(&format, "output", "text, json or github")
	return cmd
}

func knownChecks(names []string) error {
	for _, n := range names {
		if n != "all" && !slices.Contains(verify.Names(), n) {
			return fmt.Errorf("there is no check %q; there are: %s", n, strings.Join(verify.Names(), ", "))
		}
	}
	return nil
}

// progress says on a terminal how far the checks are.
func progress(w io.Writer) func(done, all int) {
	if !colourOf(w) {
		return func(int, int) {}
	}
	return func(done, all int) {
		fmt.Fprintf(w, "\r%d of %d checks\x1b[K", done, all)
		if done == all {
			fmt.Fprint(w, "\r\x1b[K")
		}
	}
}

// verification is what the programs said about a tree.
type verification struct {
	dir     string
	files   []artifact.File
	require []string
	results []verify.Result
}

func (v verification) report(cmd *cobra.Command, format string) error {
	var err error
	switch format {
	case "json":
		err = writeJSON(cmd.OutOrStdout(), v.findings())
	case "github":
		err = writeAnnotations(cmd.OutOrStdout(), v.findings())
	default:
		_, err = io.WriteString(cmd.OutOrStdout(), v.text())
	}
	if err != nil {
		return fmt.Errorf("reporting: %w", err)
	}
	if slices.ContainsFunc(v.results, v.fails) {
		return exitStatus(exitNotVerified)
	}
	return nil
}

// fails tells a refusal, and a skip of what is required. What no program on
// this machine could judge cannot be required.
func (v verification) fails(r verify.Result) bool {
	required := slices.Contains(v.require, r.Checker) || slices.Contains(v.require, "all") && r.Missing
	return r.State == verify.Failed || r.State == verify.Skipped && required
}

func (v verification) text() string {
	var b strings.Builder
	count := map[verify.State]int{}
	for _, r := range v.results {
		count[r.State]++
		note := ""
		if r.State == verify.Skipped {
			note = ": " + r.Output
		}
		fmt.Fprintf(&b, "%-7s  %-17s  %s%s\n", r.State, r.Checker, filepath.Join(v.dir, filepath.FromSlash(r.Path)), note)
	}
	for _, r := range v.results {
		if r.State == verify.Failed {
			fmt.Fprintf(&b, "\n%s: refused by %s\n%s%s\n", v.place(r), r.Checker, indent(r.Output), v.region(r))
		}
	}
	fmt.Fprintf(&b, "\n%d ok, %d failed, %d skipped", count[verify.OK], count[verify.Failed], count[verify.Skipped])
	if count[verify.Skipped] > 0 {
		b.WriteString(" (skipped is not passed; --require all fails on what is not installed)")
	}
	return b.String() + "\n"
}

func (v verification) place(r verify.Result) string {
	place := filepath.Join(v.dir, filepath.FromSlash(r.Path))
	if r.Line > 0 {
		place += fmt.Sprintf(":%d", r.Line)
	}
	return place
}

// region shows the line that a program complains about, between its neighbours.
func (v verification) region(r verify.Result) string {
	i := slices.IndexFunc(v.files, func(f artifact.File) bool { return f.TreePath() == r.Path })
	if r.Line == 0 || i < 0 {
		return ""
	}
	lines := strings.Split(v.files[i].Content, "\n")
	var b strings.Builder
	for n := max(1, r.Line-1); n <= min(len(lines), r.Line+1); n++ {
		mark := " "
		if n == r.Line {
			mark = ">"
		}
		fmt.Fprintf(&b, "%s%5d | %s\n", mark, n, lines[n-1])
	}
	return b.String()
}

func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ") + "\n"
}

// findings are the results for programs: what is refused is an error, what was
// skipped a warning.
func (v verification) findings() (diags diag.List) {
	for _, r := range v.results {
		d := diag.Diagnostic{Severity: diag.Warning, Rule: "verify/skipped", Message: r.Checker + " was skipped: " + r.Output}
		switch {
		case r.State == verify.OK:
			continue
		case v.fails(r):
			d.Severity = diag.Error
		}
		if r.State == verify.Failed {
			d.Rule, d.Message = "verify/refused", r.Checker+" refuses it: "+r.Output
		}
		line := max(r.Line, 1)
		d.Pos = diag.Pos{File: filepath.ToSlash(filepath.Join(v.dir, r.Path)), Line: line, Column: 1, EndLine: line, EndColumn: 1}
		diags = append(diags, d)
	}
	return diags
}
