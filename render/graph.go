package render

import (
	"strings"

	"stackgen/render/internal/diagram"
	"stackgen/schema/topology"
)

// Mermaid draws a stack as a flowchart of Mermaid, as the runbook has it. Of a
// topology with errors it draws what there is.
func Mermaid(t *topology.Topology) string { return text(diagram.Of(t).Mermaid()) }

// DOT draws a stack as a graph of Graphviz; see dot(1).
func DOT(t *topology.Topology) string { return text(diagram.Of(t).DOT()) }

func text(lines []string) string { return strings.Join(lines, "\n") + "\n" }
