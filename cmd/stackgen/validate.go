package main

import "github.com/spf13/cobra"

func validateCommand() *cobra.Command {
	var flags topologyFlags
	cmd := &cobra.Command{
		Use:   "validate [TOPOLOGY]",
		Short: "report all findings about a topology and write nothing",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, _, err := flags.load(cmd, args)
			return err
		},
	}
	flags.register(cmd.Flags())
	return cmd
}
