package diagram

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// stacks are the reference stack, one with names that mean something to those
// who draw, and one with more machines than can be drawn.
func stacks() []string {
	return []string{
		"{}",
		"{ networks+: { end: { bridge: 'sw-lan', subnet: '10.9.0.0/24', vlan: 20 }, six: { bridge: 'sw-lan', subnet: '2001:db8::/64' } }, vms+: { graph: $.vms.lb01 { varnish:: null, interfaces: { eth0: { network: 'end' }, eth1: { network: 'six', address: '2001:db8::2' } } } } }",
		"{ vms+: { ['w%02d' % i]: $.vms.lb01 { varnish:: null, interfaces: { eth0: { network: 'lan', address: '10.0.1.%d' % (10 + i) } } } for i in std.range(1, 60) } }",
	}
}

// TestMermaid holds every line to the few forms that were tried on Mermaid.
func TestMermaid(t *testing.T) {
	forms := regexp.MustCompile(`^(flowchart TB|  n\d+\{\{"[^"]+"\}\}|  subgraph n\d+\["[^"]+"\]|    n\d+\(\["[^"]+"\]\)|    n\d+\["[^"]+"\]|  end|  n\d+\[/"[^"]+"/\]|  n\d+ ---(\|"[^"]+"\|)? n\d+)$`)
	for _, patch := range stacks() {
		topo := rendertest.Variant(t, "nullzero", patch)
		lines := Of(topo).Mermaid()
		for _, l := range lines {
			if !forms.MatchString(l) {
				t.Errorf("unknown form: %s", l)
			}
		}
		if len(topo.VMs) > mostDrawn && len(lines) > 20 {
			t.Errorf("%d VMs make a diagram of %d lines", len(topo.VMs), len(lines))
		}
	}
}

// TestDOT has Graphviz read each drawing, without a warning, and count what is
// in it.
func TestDOT(t *testing.T) {
	rendertest.Need(t, "dot")
	for _, patch := range stacks() {
		d := Of(rendertest.Variant(t, "nullzero", patch))
		nodes := len(d.networks) + len(d.ports)
		for _, b := range d.boxes {
			nodes += len(b.nodes)
		}
		svg := graphviz(t, strings.Join(d.DOT(), "\n"))
		if got := strings.Count(svg, `class="node"`); got != nodes {
			t.Errorf("%d nodes are drawn, not %d", got, nodes)
		}
		if got := strings.Count(svg, `class="edge"`); got != len(d.edges) {
			t.Errorf("%d edges are drawn, not %d", got, len(d.edges))
		}
		if got := strings.Count(svg, `class="cluster"`); got != len(d.boxes) {
			t.Errorf("%d hosts are drawn, not %d", got, len(d.boxes))
		}
	}
	if out, err := draw(strings.Replace(strings.Join(Of(rendertest.Topology(t, "nullzero")).DOT(), "\n"), "label=", "label", 1)); err == nil {
		t.Errorf("dot reads a drawing with a fault:\n%s", out)
	}
}

func graphviz(t *testing.T, dot string) string {
	t.Helper()
	out, err := draw(dot)
	if err != nil || strings.Contains(out, "Warning") {
		t.Fatalf("dot: %v\n%s\n%s", err, out, dot)
	}
	return out
}

func draw(dot string) (string, error) {
	cmd := exec.Command("dot", "-Tsvg")
	cmd.Stdin = strings.NewReader(dot)
	out, err := cmd.CombinedOutput()
	return string(out), err
}
