package main

import (
	"stackgen/schema"

	"github.com/spf13/cobra"
)

func schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "print the JSON Schema of a topology",
		Long: `Prints the JSON Schema of a topology, draft 2020-12. Its descriptions are the
reference of the language; editors complete YAML and JSON topologies by it.`,
		Example: "  stackgen schema > topology.schema.json",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(schema.Text)
			return err
		},
	}
}
