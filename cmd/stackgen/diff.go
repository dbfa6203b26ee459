package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

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
		Use:   "diff [TOPOLOGY]...",
		Short: "show what a change interrupts, and the files it changes",
		Long: `Compares a stack (topology.jsonnet, or all of stackgen.jsonnet, unless named)
with that of a git revision or a rendered folder: what each change interrupts,
in the order of an apply, and its lines. Exits 2 when there is a difference.`,
		Example: "  stackgen diff --against origin/main --output markdown",
		RunE: func(cmd *cobra.Command, args []string) error {
			list, several, err := flags.compareAll(cmd, args)
			if err != nil {
				return err
			}
			if err := printAll(cmd.OutOrStdout(), list, several, &flags); err != nil {
				return fmt.Errorf("printing the differences: %w", err)
			}
			if flags.exitZero || !slices.ContainsFunc(list, func(d difference) bool { return !d.none() }) {
				return nil
			}
			return exitStatus(exitDifferent)
		},
	}
	flags.register(cmd.Flags())
	cmd.Flags().StringVar(&flags.against, "against", "HEAD", "a `rev` or a rendered folder")
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

// compareAll compares each stack that is meant.
func (f *diffFlags) compareAll(cmd *cobra.Command, args []string) (list []difference, several bool, err error) {
	p, err := projectOf(cmd)
	if err != nil {
		return nil, false, err
	}
	files, several, err := topologies(p, args)
	if err != nil || !several {
		d, err := f.compare(cmd, files, false)
		return []difference{d}, false, err
	}
	for _, file := range files {
		d, err := f.compare(cmd, []string{file}, true)
		if err != nil {
			return nil, true, err
		}
		list = append(list, d)
	}
	return list, true, nil
}

// compare renders both sides. One of several stacks may be new, and its folder is
// one of several.
func (f *diffFlags) compare(cmd *cobra.Command, args []string, several bool) (difference, error) {
	in, err := f.input(cmd, args)
	if err != nil {
		return difference{}, err
	}
	c, err := f.loadReported(cmd, in)
	if err != nil {
		return difference{}, err
	}
	new, err := stackOf(c)
	if err != nil {
		return difference{}, err
	}
	dir := f.against
	if several {
		dir = filepath.Join(dir, c.topo.Name)
	}
	old, against, err := f.oldStack(cmd, in, dir)
	var absent notThen
	switch {
	case errors.As(err, &absent) && several:
		against = against + ", which has no such stack"
	case err != nil:
		return difference{}, err
	}
	changes := impact.Files(old.Files, new.Files)
	return difference{
		stack: c.topo.Name, against: against,
		impacts: impact.Of(old, new), files: fileDiffs(changes),
	}, nil
}

func stackOf(c checked) (impact.Stack, error) {
	files, err := c.rendering.Files()
	if err != nil {
		return impact.Stack{}, err
	}
	steps, err := render.Steps(c.topo)
	return impact.Stack{Topology: c.topo, Files: files, Steps: steps}, err
}

// notThen says that a revision does not have the topology.
type notThen struct{ error }

// oldStack is the other side: a folder if there is one with a manifest, else a
// revision.
func (f *diffFlags) oldStack(cmd *cobra.Command, in schema.Input, dir string) (impact.Stack, string, error) {
	if _, err := os.Stat(filepath.Join(dir, plan.ManifestName)); err == nil {
		files, _, err := outdir.Read(dir)
		return impact.Stack{Files: files}, dir, err
	}
	if info, err := os.Stat(f.against); err == nil && info.IsDir() {
		_, _, err := outdir.Read(f.against)
		return impact.Stack{}, "", err
	}
	rev, err := git.Resolve(f.against)
	if err != nil {
		return impact.Stack{}, "", err
	}
	if !rev.Holds(in.File) {
		return impact.Stack{}, "", hintedError{fmt.Errorf("%s is outside of the git repository that this folder is in", in.File), "go to the repository of the topology, or compare with a folder: --against DIR"}
	}
	if _, err := rev.Read(in.File); err != nil {
		return impact.Stack{}, nameOf(rev), hintedError{notThen{fmt.Errorf("reading the old topology: %w", err)},
			"name the one it had then, or compare with a folder: --against DIR"}
	}
	in.Importer = rev.Importer(f.libraries)
	c, err := f.loadWithin(cmd, in)
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
	return old, nameOf(rev), err
}

func nameOf(rev git.Revision) string {
	return fmt.Sprintf("%s (%s)", rev.Name, rev.Commit[:min(12, len(rev.Commit))])
}
