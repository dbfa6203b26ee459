package main

import (
	"errors"

	"stackgen/cmd/stackgen/internal/report"
	"stackgen/schema"

	"github.com/spf13/cobra"
)

func schemaCommand() *cobra.Command {
	var ofReport, test, project bool
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
			case ofReport && test, test && project, project && ofReport:
				return usageError{cmd.CommandPath(), errors.New("one schema at a time")}
			case ofReport:
				text = report.Schema
			case test:
				text = schema.SuiteText
			case project:
				text = schema.ProjectText
			}
			_, err := cmd.OutOrStdout().Write(text)
			return err
		},
	}
	cmd.Flags().BoolVar(&ofReport, "report", false, "the schema of a report instead: validate --output json")
	cmd.Flags().BoolVar(&test, "test", false, "the schema of a test file instead")
	cmd.Flags().BoolVar(&project, "project", false, "the schema of a project file instead: stackgen.jsonnet")
	return cmd
}
