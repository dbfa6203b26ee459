package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func validateCommand() *cobra.Command {
	var flags topologyFlags
	cmd := &cobra.Command{
		Use:   "validate [TOPOLOGY]...",
		Short: "report all findings about a topology, write nothing",
		Long: `Reports everything that is wrong with a topology (topology.jsonnet, or all of
stackgen.jsonnet, unless named): its shape, its own rules, what the targets
cannot express, what two stacks claim. Writes nothing. Exits 3 when there are
errors.`,
		Example: "  stackgen validate\n  stackgen validate -A env=ci stack.jsonnet",
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := projectOf(cmd)
			if err != nil {
				return err
			}
			files, several, err := topologies(p, args)
			switch {
			case err != nil:
				return err
			case several:
				return validateStacks(cmd, &flags, files)
			}
			topo, diags, err := flags.load(cmd, args)
			if err == nil && len(diags) == 0 {
				fmt.Fprintf(cmd.ErrOrStderr(), "stackgen: %s is valid: no findings\n", topo.Name)
			}
			return err
		},
	}
	flags.register(cmd.Flags())
	flags.registerOutput(cmd.Flags())
	return cmd
}

// validateStacks reports on several topologies, and on what two of them claim.
func validateStacks(cmd *cobra.Command, flags *topologyFlags, files []string) error {
	stacks, diags, err := flags.loadStacks(cmd, files)
	if err != nil {
		return err
	}
	if err := flags.report(cmd, stacks[0].in, diags); err != nil {
		return err
	}
	if len(diags) == 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "stackgen: %d stacks are valid: no findings\n", len(stacks))
	}
	return nil
}
