package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"stackgen/cmd/stackgen/internal/outdir"
	"stackgen/cmd/stackgen/internal/provenance"
	"stackgen/cmd/stackgen/internal/report"
	"stackgen/cmd/stackgen/internal/sandbox"
	"stackgen/cmd/stackgen/internal/verify"
	"stackgen/render"
	"stackgen/render/artifact"
	"stackgen/render/plan"
	"stackgen/schema"
	"stackgen/schema/diag"

	"github.com/google/go-jsonnet"
	"github.com/spf13/cobra"
)

func verifyCommand() *cobra.Command {
	var require []string
	var from string
	var trust bool
	format := formatFlag{value: "text", allowed: []string{"text", "json", "github"}}
	cmd := &cobra.Command{
		Use:   "verify [DIR]...",
		Short: "ask the real programs whether they take a rendered tree",
		Long: `Gives each file of a rendered tree (out unless named, or those of several stacks
in it) to the program that reads its format, which the manifest states. Nothing
of the tree is run, and programs run in a sandbox: without network, privileges
or sight of the machine's files. Where the machine has no sandbox, a tree is
verified without if it is what the topology renders, another one with --trust.
What has no program here is skipped, not passed. Exits 4 when one refuses a
file, and says which values of the topology the line is made of; 1 when one is
not done in time.`,
		Example: "  stackgen verify\n  stackgen verify --require all --output github",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := knownChecks(require); err != nil {
				return usageError{cmd.CommandPath(), err}
			}
			dirs, err := treeFolders(cmd, args)
			if err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
			defer stop()
			var list []verification
			for _, dir := range dirs {
				files, gone, err := outdir.Read(dir)
				switch {
				case err != nil:
					return err
				case len(gone) > 0:
					err := fmt.Errorf("%s is listed in %s, and there is no such file", filepath.Join(dir, gone[0]), plan.ManifestName)
					return hintedError{err, "run stackgen render; a tree is verified whole"}
				}
				v := verification{dir: dir, topology: from, files: files, require: require}
				if err := v.run(ctx, cmd.ErrOrStderr(), trust); err != nil {
					return err
				}
				list = append(list, v)
			}
			return reportVerified(cmd, list, format.value)
		},
	}
	cmd.Flags().StringSliceVar(&require, "require", nil, "fail when these `checks` are skipped: all, or names as printed")
	cmd.Flags().Var(&format, "output", "text, json or github")
	cmd.Flags().BoolVar(&trust, "trust", false, "without a sandbox, let programs judge the tree all the same, as you")
	cmd.Flags().StringVar(&from, "topology", defaultTopology, "what the tree was rendered from: a `file`")
	return cmd
}

// treeFolders are the folders that are meant; one without a manifest of its own stands
// for those of several stacks in it.
func treeFolders(cmd *cobra.Command, args []string) (dirs []string, err error) {
	if len(args) == 0 {
		p, err := projectOf(cmd)
		if err != nil {
			return nil, err
		}
		args = []string{cmp.Or(p.Output, "out")}
	}
	for _, dir := range args {
		_, err := os.Stat(filepath.Join(dir, plan.ManifestName))
		below, _ := filepath.Glob(filepath.Join(dir, "*", plan.ManifestName)) // of a fixed pattern
		if err == nil || len(below) == 0 {
			dirs = append(dirs, dir)
			continue
		}
		for _, manifest := range below {
			dirs = append(dirs, filepath.Dir(manifest))
		}
	}
	return dirs, nil
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
	if !report.ColourOf(w) {
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
	dir      string
	topology string // the file that the tree was rendered from
	files    []artifact.File
	require  []string
	results  []verify.Result
}

// run asks the programs: in a sandbox, or without one where there is none and the tree
// is trusted.
func (v *verification) run(ctx context.Context, stderr io.Writer, trust bool) (err error) {
	o := verify.Options{Say: progress(stderr)}
	v.results, err = verify.Run(ctx, v.files, o)
	var none *sandbox.SetupError
	if errors.As(err, &none) {
		if !trust && !v.isRendered() {
			return hintedError{fmt.Errorf("verifying %s: %w", v.dir, err), "pass --trust if its author may run programs as you; or name the topology that it is rendered from with --topology"}
		}
		fmt.Fprintf(stderr, "stackgen: warning: %v: the programs that judge %s may do what you may\n", none, v.dir)
		o.Open = true
		v.results, err = verify.Run(ctx, v.files, o)
	}
	if err != nil {
		return fmt.Errorf("verifying %s: %w", v.dir, err)
	}
	return nil
}

// isRendered reports whether the tree is what its topology renders, file by file.
func (v *verification) isRendered() (same bool) {
	usual := usualLimits()
	in := schema.Input{File: v.topology, Importer: &jsonnet.FileImporter{}}
	err := usual.within(in, func(in schema.Input) error {
		topo, diags, err := schema.Load(in)
		if err != nil || diags.HasErrors() || render.Check(topo).HasErrors() {
			return err
		}
		files, err := render.Render(topo)
		same = err == nil && v.has(files)
		return err
	})
	return err == nil && same
}

// has reports whether a tree has no other files than these.
func (v *verification) has(files []artifact.File) bool {
	own := map[string]artifact.File{}
	for _, f := range files {
		own[f.TreePath()] = f
	}
	return !slices.ContainsFunc(v.files, func(f artifact.File) bool {
		same, ok := own[f.TreePath()]
		return !ok || same.Content != f.Content || same.Format != f.Format
	})
}

func reportVerified(cmd *cobra.Command, list []verification, format string) error {
	var diags diag.List
	var texts []string
	var err error
	for _, v := range list {
		switch late := func(r verify.Result) bool { return r.State == verify.Late }; {
		case slices.ContainsFunc(v.results, v.fails):
			err = exitStatus(exitNotVerified)
		case err == nil && slices.ContainsFunc(v.results, late):
			err = exitStatus(exitFailed)
		}
		diags = append(diags, v.findings()...)
		if format == "text" {
			texts = append(texts, v.text())
		}
	}
	if failed := writeVerified(cmd.OutOrStdout(), diags, strings.Join(texts, "\n"), format); failed != nil {
		return fmt.Errorf("reporting: %w", failed)
	}
	return err
}

func writeVerified(w io.Writer, diags diag.List, text, format string) error {
	switch format {
	case "json":
		return report.WriteJSON(w, diags)
	case "github":
		return report.WriteAnnotations(w, diags)
	}
	_, err := io.WriteString(w, text)
	return err
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
		if r.State != verify.OK && r.State != verify.Failed {
			note = ": " + r.Output
		}
		fmt.Fprintf(&b, "%-7s  %-17s  %s%s\n", r.State, r.Checker, filepath.Join(v.dir, filepath.FromSlash(r.Path)), note)
	}
	for _, r := range v.results {
		if r.State == verify.Failed {
			fmt.Fprintf(&b, "\n%s: refused by %s\n%s%s\n", v.location(r), r.Checker,
				indent(printableLines(r.Output)), v.region(r)+v.origins(r))
		}
	}
	fmt.Fprintf(&b, "\n%d ok, %d failed, %d skipped, %d unread", count[verify.OK], count[verify.Failed],
		count[verify.Skipped], count[verify.Unread])
	if count[verify.Late] > 0 {
		fmt.Fprintf(&b, ", %d not done in time", count[verify.Late])
	}
	if count[verify.Skipped] > 0 {
		b.WriteString(" (skipped is not passed; --require all fails on what is not installed)")
	}
	return b.String() + "\n"
}

func (v verification) location(r verify.Result) string {
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
		fmt.Fprintf(&b, "%s%5d | %s\n", mark, n, report.Printable(lines[n-1]))
	}
	return b.String()
}

// origins says which values of the topology a refused line is made of, if the file
// is what that renders: of a line that was edited by hand nothing is known.
func (v verification) origins(r verify.Result) string {
	in := schema.Input{File: v.topology, Importer: &jsonnet.FileImporter{}}
	if _, err := os.Stat(v.topology); err != nil || r.Line == 0 {
		return ""
	}
	usual := usualLimits()
	var text string
	if usual.within(in, func(in schema.Input) error {
		text = v.originsOf(in, r)
		return nil
	}) != nil {
		return ""
	}
	return text
}

func (v verification) originsOf(in schema.Input, r verify.Result) string {
	doc, _, err := schema.Evaluate(in)
	if err != nil {
		return ""
	}
	i := slices.IndexFunc(v.files, func(f artifact.File) bool { return f.TreePath() == r.Path })
	if text, _ := rendered(doc, r.Path); i < 0 || text != v.files[i].Content {
		return ""
	}
	l, ok := provenance.Of(doc, r.Path, r.Line, wordGroups(), rendered)
	if !ok {
		return ""
	}
	return origins(in, l)
}

// printableLines is what a program says of a stranger's file: for eyes, and not for the
// terminal.
func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = report.Printable(line)
	}
	return strings.Join(lines, "\n")
}

func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ") + "\n"
}

// findings are the results for programs: what is refused or not done in time is an
// error, what was skipped a warning. What nobody reads is nothing to mend.
func (v verification) findings() (diags diag.List) {
	for _, r := range v.results {
		d := diag.Diagnostic{Severity: diag.Warning, Rule: "verify/skipped", Message: r.Checker + " was skipped: " + r.Output}
		switch r.State {
		case verify.OK, verify.Unread:
			continue
		case verify.Failed:
			d.Rule, d.Message = "verify/refused", r.Checker+" refuses it: "+r.Output
		case verify.Late:
			d.Severity, d.Rule, d.Message = diag.Error, "verify/late", r.Output
		}
		if v.fails(r) {
			d.Severity = diag.Error
		}
		line := max(r.Line, 1)
		d.Pos = diag.Pos{File: filepath.ToSlash(filepath.Join(v.dir, r.Path)), Line: line, Column: 1, EndLine: line,
			EndColumn: 1}
		diags = append(diags, d)
	}
	return diags
}
