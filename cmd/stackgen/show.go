package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"stackgen/schema/topology"

	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"
)

func showCommand() *cobra.Command {
	var flags topologyFlags
	format := formatFlag{value: "yaml", allowed: []string{"yaml", "json"}}
	cmd := &cobra.Command{
		Use:   "show [TOPOLOGY]",
		Short: "print the checked model, defaults and addresses filled in",
		Long: `Prints a topology (topology.jsonnet unless named) as the renderers see it: with
all defaults, derived UUIDs and MAC addresses, and the addresses that names
stand for.`,
		Example: "  stackgen show\n  stackgen show --output json | jq '.vms[].interfaces'",
		Args:    atMostOneTopology,
		RunE: func(cmd *cobra.Command, args []string) error {
			topo, _, err := flags.load(cmd, args)
			if err != nil {
				return err
			}
			topo.ResolveTargets()
			return printModel(cmd.OutOrStdout(), topo, format.value)
		},
	}
	flags.register(cmd.Flags())
	cmd.Flags().Var(&format, "output", "yaml or json")
	return cmd
}

// printModel keeps the order of the model's fields in both formats.
func printModel(w io.Writer, t *topology.Topology, format string) error {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(t); err != nil {
		return fmt.Errorf("printing the model: %w", err)
	}
	if format == "json" {
		_, err := text.WriteTo(w)
		return err
	}
	return printYAML(w, text.Bytes())
}

// printYAML prints JSON, which is YAML, in block style.
func printYAML(w io.Writer, text []byte) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return fmt.Errorf("printing YAML: %w", err)
	}
	blockStyle(&doc)
	enc := yaml.NewEncoder(w)
	enc.SetIndent(2)
	if err := enc.Encode(&doc); err != nil {
		return fmt.Errorf("printing YAML: %w", err)
	}
	return enc.Close()
}

func blockStyle(n *yaml.Node) {
	n.Style = 0
	for _, c := range n.Content {
		blockStyle(c)
	}
}
