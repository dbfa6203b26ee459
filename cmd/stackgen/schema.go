package main

import (
	_ "embed"
	"errors"

	"stackgen/schema"

	"github.com/spf13/cobra"
)

// reportSchema is the JSON Schema of a report.
//
//go:embed report.schema.json
var reportSchema []byte

func schemaCommand() *cobra.Command {
	var report, test, project bool
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "print the JSON Schema of a topology",
		Long: `Prints the JSON Schema of a topology, draft 2020-12. Its descriptions are the
reference of the language; editors complete YAML and JSON topologies by it.`,
		Example: "  stackgen schema > topology.schema.json",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			text := schema.Text
			switch {
			case report && test, test && project, project && report:
				return usageError{cmd.CommandPath(), errors.New("one schema at a time")}
			case report:
				text = reportSchema
			case test:
				text = schema.SuiteText
			case project:
				text = schema.ProjectText
			}
			_, err := cmd.OutOrStdout().Write(text)
			return err
		},
	}
	cmd.Flags().BoolVar(&report, "report", false, "the schema of a report instead: validate --output json")
	cmd.Flags().BoolVar(&test, "test", false, "the schema of a test file instead")
	cmd.Flags().BoolVar(&project, "project", false, "the schema of a project file instead: stackgen.jsonnet")
	return cmd
}
