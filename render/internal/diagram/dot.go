package diagram

import (
	"fmt"
	"strings"
)

// DOT is the drawing as an undirected graph of Graphviz, a line each, with a
// cluster for each host. Labels stand in quotes, which no name contains.
func (d Drawing) DOT() []string {
	lines := []string{"graph stack {", "  node [fontname=\"sans-serif\"]", "  edge [fontname=\"sans-serif\", fontsize=10]"}
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	for _, n := range d.networks {
		add("  %s", n.dot())
	}
	for _, b := range d.boxes {
		add("  subgraph cluster_%s {", b.id)
		add("    label=%q", b.label)
		for _, n := range b.nodes {
			add("    %s", n.dot())
		}
		add("  }")
	}
	for _, n := range d.ports {
		add("  %s", n.dot())
	}
	for _, e := range d.edges {
		if e.label == "" {
			add("  %s -- %s", e.from, e.to)
		} else {
			add("  %s -- %s [label=%q]", e.from, e.to, e.label)
		}
	}
	return append(lines, "}")
}

func (n node) dot() string {
	shapes := map[shape]string{network: "hexagon", bridge: "ellipse", port: "parallelogram", machine: "box"}
	return fmt.Sprintf(`%s [shape=%s, label="%s"]`, n.id, shapes[n.shape], strings.Join(n.lines, `\n`))
}
