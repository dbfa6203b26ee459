package main

import (
	"fmt"
	"os"
	"path/filepath"

	"stackgen/cmd/stackgen/internal/git"
	"stackgen/cmd/stackgen/internal/outdir"
	"stackgen/render"
	"stackgen/render/impact"
	"stackgen/render/plan"
	"stackgen/schema"

	"github.com/spf13/cobra"
)

// diffFlags are those of diff.
type diffFlags struct {
	topologyFlags
	against                 string
	output                  formatFlag
	summary, stat, exitZero bool
}

func diffCommand() *cobra.Command {
	flags := diffFlags{output: formatFlag{value: "text", allowed: []string{"text", "json", "markdown"}}}
	cmd := &cobra.Command{
		Use:   "diff [TOPOLOGY]",
		Short: "show what a change interrupts, and the files it changes",
		Long: `Compares a stack (topology.jsonnet unless named) with the one of a git revision,
or with a rendered folder: what each change interrupts, in the order of an
apply, and its lines. Exits 2 when there is a difference.`,
		Example: "  stackgen diff --against origin/main --output markdown",
		Args:    atMostOneTopology,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := flags.compare(cmd, args)
			if err != nil {
				return err
			}
			if err := d.print(cmd.OutOrStdout(), &flags); err != nil {
				return fmt.Errorf("printing the differences: %w", err)
			}
			if d.none() || flags.exitZero {
				return nil
			}
			return exitStatus(exitDifferent)
		},
	}
	flags.register(cmd.Flags())
	cmd.Flags().StringVar(&flags.against, "against", "HEAD", "a revision or `dir`")
	cmd.Flags().BoolVar(&flags.summary, "summary", false, "only what is interrupted, no lines")
	cmd.Flags().BoolVar(&flags.stat, "stat", false, "count lines instead of showing them")
	cmd.Flags().BoolVar(&flags.exitZero, "exit-zero", false, "exit 0 all the same")
	cmd.Flags().Var(&flags.output, "output", "text, json or markdown")
	return cmd
}

// difference is what diff found out.
type difference struct {
	stack, against string
	impacts        []impact.Impact
	files          []fileDiff
}

func (d difference) none() bool { return len(d.impacts)+len(d.files) == 0 }

// compare renders both sides.
func (f *diffFlags) compare(cmd *cobra.Command, args []string) (difference, error) {
	in, err := f.input(cmd, args)
	if err != nil {
		return difference{}, err
	}
	c, err := f.check(cmd, in)
	if err != nil {
		return difference{}, err
	}
	new, err := stackOf(c)
	if err != nil {
		return difference{}, err
	}
	old, against, err := f.oldStack(cmd, in)
	if err != nil {
		return difference{}, err
	}
	changes := impact.Files(old.Files, new.Files)
	return difference{
		stack: c.topo.Name, against: against,
		impacts: impact.Of(old, new), files: fileDiffs(changes),
	}, nil
}

func stackOf(c checked) (impact.Stack, error) {
	files, err := c.files()
	if err != nil {
		return impact.Stack{}, err
	}
	steps, err := render.Steps(c.topo)
	return impact.Stack{Topology: c.topo, Files: files, Steps: steps}, err
}

// oldStack is the other side: a folder if there is one of that name with a
// manifest, else a revision.
func (f *diffFlags) oldStack(cmd *cobra.Command, in schema.Input) (impact.Stack, string, error) {
	if _, err := os.Stat(filepath.Join(f.against, plan.ManifestName)); err == nil {
		files, err := outdir.Read(f.against)
		return impact.Stack{Files: files}, f.against, err
	}
	if info, err := os.Stat(f.against); err == nil && info.IsDir() {
		_, err := outdir.Read(f.against)
		return impact.Stack{}, "", err
	}
	rev, err := git.Resolve(f.against)
	if err != nil {
		return impact.Stack{}, "", err
	}
	if _, err := rev.Read(in.File); err != nil {
		return impact.Stack{}, "", hintedError{fmt.Errorf("reading the old topology: %w", err), "name the one it had then, or compare with a folder: --against DIR"}
	}
	in.Importer = rev.Importer(f.libraries)
	c, err := evaluate(in)
	if err != nil {
		return impact.Stack{}, "", err
	}
	if c.diags.HasErrors() {
		fmt.Fprintf(cmd.ErrOrStderr(), "stackgen: error: the topology has errors in revision %s\n", f.against)
		if err := f.report(cmd, in, c.diags); err != nil {
			return impact.Stack{}, "", err
		}
		return impact.Stack{}, "", exitStatus(exitInvalid)
	}
	old, err := stackOf(c)
	return old, fmt.Sprintf("%s (%s)", rev.Name, rev.Commit[:min(12, len(rev.Commit))]), err
}
