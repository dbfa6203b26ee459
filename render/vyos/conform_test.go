package vyos

import (
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"
)

// filled is a router's list of commands as it reaches the machine.
func filled(t *testing.T, topo *topology.Topology, vm string) string {
	t.Helper()
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	return rendertest.Filled(rendertest.Content(t, set, vm+"/vyos/commands.txt"))
}

// accepts asks the command tree of a release.
func accepts(t *testing.T, check, version, commands string) (objections string, ok bool) {
	t.Helper()
	lines, ok := rendertest.Accepted(t, check, version, rendertest.Write(t, "commands.txt", commands))
	return strings.Join(lines, "\n"), ok
}

func TestAcceptedByTheCommandTree(t *testing.T) {
	check := rendertest.CommandTree(t)
	accepted := func(version, commands string) func(*testing.T) {
		return func(t *testing.T) {
			t.Parallel()
			if out, ok := accepts(t, check, version, commands); !ok {
				t.Errorf("refused:\n%s", out)
			}
		}
	}
	for _, version := range releases() {
		t.Run(version, accepted(version, filled(t, inRelease(t, version), "rtr01")))
	}
	for _, version := range edgeReleases() {
		t.Run("edge/"+version, accepted(version, filled(t, edge(t, version), "rtr01")))
	}
}

// TestNeighbours: where two releases differ, each refuses the other's lines,
// so that accepting means something.
func TestNeighbours(t *testing.T) {
	check := rendertest.CommandTree(t)
	refused := func(in, of, commands string) {
		if out, ok := accepts(t, check, in, commands); ok {
			t.Errorf("%s accepts the commands of %s:\n%s", in, of, out)
		}
	}
	for _, tt := range []struct{ in, of string }{
		{"vc6.6", "1.1"}, {"1.1", "1.3"}, {"1.3", "1.1"}, {"1.3", "1.4"}, {"1.4", "1.3"}, {"1.4", "1.5"}, {"1.5", "1.4"}, {"rolling", "1.4"},
	} {
		refused(tt.in, tt.of, filled(t, inRelease(t, tt.of), "rtr01"))
	}
	for _, tt := range []struct{ in, of string }{{"1.3", "1.4"}, {"1.4", "1.3"}, {"1.4", "1.5"}, {"1.5", "1.4"}, {"rolling", "1.4"}} {
		refused(tt.in, tt.of, filled(t, edge(t, tt.of), "rtr01"))
	}
}

func TestBrokenTwin(t *testing.T) {
	check := rendertest.CommandTree(t)
	good := filled(t, inRelease(t, "1.4"), "rtr01")
	for _, twin := range []struct{ old, new string }{
		{"outbound-interface name 'eth0'", "outbound-interface 'eth0'"},
		{"address '46.4.71.77/27'", "address '46.4.71.77'"},
		{"host-name 'rtr01'", "host-name 'rtr 01'"},
		{"rule 10 action 'accept'", "rule 0 action 'accept'"},
	} {
		if out, ok := accepts(t, check, "1.4", strings.Replace(good, twin.old, twin.new, 1)); ok {
			t.Errorf("%q instead of %q is accepted:\n%s", twin.new, twin.old, out)
		}
	}
}

func TestScriptIsClean(t *testing.T) {
	rendertest.Need(t, "shellcheck")
	script := commitScript(t)
	if out, ok := rendertest.Run(t, "shellcheck", "-s", "bash", rendertest.Write(t, "commit.sh", script)); !ok {
		t.Errorf("refused:\n%s", out)
	}
	bad := strings.Replace(script, `"${words[@]}"`, "$words", 1)
	if out, ok := rendertest.Run(t, "shellcheck", "-s", "bash", rendertest.Write(t, "commit.sh", bad)); ok {
		t.Errorf("an unquoted word is accepted:\n%s", out)
	}
}

func commitScript(t *testing.T) string {
	t.Helper()
	set, err := Render(rendertest.Topology(t, "nullzero"))
	if err != nil {
		t.Fatal(err)
	}
	return rendertest.Content(t, set, "rtr01/vyos/commit.sh")
}
