package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"stackgen/render"

	"github.com/spf13/cobra"
)

func graphCommand() *cobra.Command {
	var flags topologyFlags
	format := formatFlag{value: "mermaid", allowed: []string{"mermaid", "dot", "svg"}}
	cmd := &cobra.Command{
		Use:   "graph [TOPOLOGY]",
		Short: "draw hosts, bridges, machines and networks",
		Long: `Draws a topology (topology.jsonnet unless named): hosts with their bridges and
machines, and the networks that join them, in the language of Mermaid or of
Graphviz. Graphviz's own program draws the picture for svg.`,
		Example: "  stackgen graph\n  stackgen graph --output svg > stack.svg",
		Args:    atMostOneTopology,
		RunE: func(cmd *cobra.Command, args []string) error {
			topo, _, err := flags.load(cmd, args)
			if err != nil {
				return err
			}
			switch format.value {
			case "mermaid":
				_, err = io.WriteString(cmd.OutOrStdout(), render.Mermaid(topo))
			case "dot":
				_, err = io.WriteString(cmd.OutOrStdout(), render.DOT(topo))
			case "svg":
				err = drawSVG(cmd.OutOrStdout(), render.DOT(topo))
			}
			return err
		},
	}
	flags.register(cmd.Flags())
	cmd.Flags().Var(&format, "output", "mermaid, dot or svg")
	return cmd
}

// drawSVG has dot(1) place what is drawn.
func drawSVG(w io.Writer, graph string) error {
	var picture, complaint bytes.Buffer
	cmd := exec.Command("dot", "-Tsvg")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(graph), &picture, &complaint
	err := cmd.Run()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return hintedError{errors.New("drawing: the program dot is not installed"),
			"install graphviz, or take --output mermaid"}
	case err != nil:
		return fmt.Errorf("drawing: dot: %w: %s", err, strings.TrimSpace(complaint.String()))
	}
	_, err = picture.WriteTo(w)
	return err
}
