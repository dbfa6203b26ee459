package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"stackgen/cmd/stackgen/internal/memo"
	"stackgen/cmd/stackgen/internal/outdir"
	"stackgen/schema"

	"github.com/spf13/cobra"
)

// renderFlags are those of render.
type renderFlags struct {
	topologyFlags
	out     string
	compare bool
	write   outdir.Options
}

func renderCommand() *cobra.Command {
	var flags renderFlags
	cmd := &cobra.Command{
		Use:   "render [TOPOLOGY]...",
		Short: "write all files of a stack and its apply script",
		Long: `Checks a topology (topology.jsonnet unless named) and writes all files of the
stack and its apply script; of several stacks, named here or in
stackgen.jsonnet, each into a folder of its name. Nothing is written when
anything is wrong, and with --check nothing at all.`,
		Example: "  stackgen render stacks/*/topology.jsonnet -o out -J lib -V size=small",
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := projectOf(cmd)
			if err != nil {
				return err
			}
			if !cmd.Flags().Changed("output-dir") {
				flags.out = cmp.Or(p.Output, flags.out)
			}
			if flags.out == "" { // of a variable that is not set; it is not this folder
				return usageError{cmd.CommandPath(), errors.New("--output-dir: a folder is wanted")}
			}
			files, several, err := topologies(p, args)
			if err != nil {
				return err
			}
			if several {
				return renderStacks(cmd, &flags, files)
			}
			in, err := flags.input(cmd, files)
			if err != nil {
				return err
			}
			if flags.compare {
				return checkTree(cmd, &flags, in)
			}
			return renderInto(cmd, &flags, in)
		},
	}
	flags.register(cmd.Flags())
	flags.registerOutput(cmd.Flags())
	cmd.Flags().StringVarP(&flags.out, "output-dir", "o", "out", "the `dir` to write")
	cmd.Flags().BoolVar(&flags.compare, "check", false, "write nothing; exit 2 if it would")
	cmd.Flags().BoolVar(&flags.write.Sync, "sync", false, "wait until the tree is on the disk")
	cmd.Flags().BoolVar(&flags.write.Force, "force", false, "evaluate in any case; replace edited files")
	return cmd
}

// renderInto writes the tree of one topology, unless it is known to be there.
func renderInto(cmd *cobra.Command, flags *renderFlags, in schema.Input) error {
	known := memo.For(flags.out, in.File, in.ExtVars, in.ExtCode, in.TLAVars, in.TLACode)
	if !flags.write.Force && !outdir.Interrupted(flags.out) {
		if files, warnings, ok := known.Unchanged(in.Importer); ok {
			if err := flags.report(cmd, in, warnings); err != nil {
				return err
			}
			printRendered(cmd.ErrOrStderr(), flags.out, outdir.Changes{Unchanged: files})
			return nil
		}
	}
	recorder := memo.Record(in.Importer)
	in.Importer = recorder
	c, err := flags.loadReported(cmd, in)
	if err != nil {
		return err
	}
	changes, err := writeTree(flags.out, c, flags.write)
	if err != nil {
		return err
	}
	known.Remember(recorder, changes.Paths(), c.diags)
	printRendered(cmd.ErrOrStderr(), flags.out, changes)
	return nil
}

// writeTree writes files while others are still being made.
func writeTree(dir string, c checked, o outdir.Options) (outdir.Changes, error) {
	w, err := outdir.Begin(dir, c.topo.Name, o)
	if err != nil {
		return outdir.Changes{}, err
	}
	defer w.Close()
	if err := c.rendering.Each(w.Put); err != nil {
		return outdir.Changes{}, err
	}
	return w.Finish()
}

// printRendered tells what a render has written, and what may come next.
func printRendered(w io.Writer, dir string, c outdir.Changes) {
	if c.None() {
		fmt.Fprintf(w, "stackgen: %s is up to date: %d files\n", dir, c.Files())
		return
	}
	printChanges(w, dir, c)
	fmt.Fprintf(w, "stackgen: %d files in %s: %d new, %d changed, %d removed, %d unchanged\n",
		c.Files(), dir, len(c.New), len(c.Changed), len(c.Removed), c.Unchanged)
	fmt.Fprintf(w, "stackgen: hint: review with git diff %s, then %s --dry-run\n", dir, filepath.Join(dir, "apply.sh"))
}

// printChanges lists changes by file.
func printChanges(w io.Writer, dir string, c outdir.Changes) {
	for _, list := range []struct {
		mark  string
		paths []string
	}{{"A", c.New}, {"M", c.Changed}, {"D", c.Removed}} {
		for i, p := range list.paths {
			if i == listedFiles && len(list.paths) > listedFiles+1 {
				fmt.Fprintf(w, "  %s and %d more files\n", list.mark, len(list.paths)-i)
				break
			}
			fmt.Fprintf(w, "  %s %s\n", list.mark, filepath.Join(dir, filepath.FromSlash(p)))
		}
	}
}

// listedFiles is how many files of a kind are named: more do not fit a screen.
const listedFiles = 12
