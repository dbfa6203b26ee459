package main

import (
	"fmt"

	"stackgen/cmd/stackgen/internal/outdir"
	"stackgen/render"

	"github.com/spf13/cobra"
)

func renderCommand() *cobra.Command {
	var flags topologyFlags
	var out string
	cmd := &cobra.Command{
		Use:   "render [TOPOLOGY]",
		Short: "write all artifacts of a topology and its apply script",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			topo, _, err := flags.load(cmd, args)
			if err != nil {
				return err
			}
			files, err := render.Render(topo)
			if err != nil {
				return err
			}
			n, err := outdir.Write(out, files)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "stackgen: %s\n", n)
			return nil
		},
	}
	flags.register(cmd.Flags())
	cmd.Flags().StringVarP(&out, "output-dir", "o", "out", "the `dir` to write")
	return cmd
}
