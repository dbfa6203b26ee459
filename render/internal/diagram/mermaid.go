package diagram

import (
	"fmt"
	"strings"
)

// Mermaid is the drawing as a flowchart of Mermaid, a line each. Labels stand in
// quotes, which no name contains.
func (d Drawing) Mermaid() []string {
	lines := []string{"flowchart TB"}
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	for _, n := range d.networks {
		add("  %s", n.mermaid())
	}
	for _, b := range d.boxes {
		add("  subgraph %s[%q]", b.id, b.label)
		for _, n := range b.nodes {
			add("    %s", n.mermaid())
		}
		add("  end")
	}
	for _, n := range d.ports {
		add("  %s", n.mermaid())
	}
	for _, e := range d.edges {
		if e.label == "" {
			add("  %s --- %s", e.from, e.to)
		} else {
			add("  %s ---|%q| %s", e.from, e.label, e.to)
		}
	}
	return lines
}

func (n node) mermaid() string {
	label := `"` + strings.Join(n.lines, "<br>") + `"`
	switch n.shape {
	case network:
		return n.id + "{{" + label + "}}"
	case bridge:
		return n.id + "([" + label + "])"
	case port:
		return n.id + "[/" + label + "/]"
	}
	return n.id + "[" + label + "]"
}
