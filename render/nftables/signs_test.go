package nftables

import (
	"fmt"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
)

// TestSigns: whatever a router decides by is found, each in a line of its own.
func TestSigns(t *testing.T) {
	for _, name := range []string{"branch", "ci", "edge"} {
		topo := rendertest.Topology(t, name)
		set, err := Render(topo)
		if err != nil {
			t.Fatal(err)
		}
		for _, vm := range topo.RoutersOn("debian") {
			seen := map[string]string{}
			look := func(hop artifact.Hop, tokens ...string) {
				t.Helper()
				q := artifact.Query{Machine: vm.Name, Hop: hop, Path: append([]string{"vms", vm.Name, "router"}, tokens...)}
				found := ""
				for _, s := range Signs(topo, q) {
					if found = s.In(vm.Name, set.Files); found != "" {
						break
					}
				}
				if found == "" {
					t.Errorf("%s: nothing is found for %s of %q", name, hop, tokens)
				} else if seen[found] != "" {
					t.Errorf("%s: %s is %q and %s", name, found, tokens, seen[found])
				}
				seen[found] = fmt.Sprint(tokens)
			}
			for _, r := range vm.DestinationRules() {
				look(artifact.DNAT, "nat", r.Written.List, fmt.Sprint(r.Written.Number))
			}
			for _, r := range topo.SourceRules(vm) {
				look(artifact.SNAT, "nat", r.Written.List, fmt.Sprint(r.Written.Number))
			}
			for _, set := range vm.Router.Firewall.Rulesets {
				for _, r := range set.Rules {
					look(artifact.Verdict, "firewall", "rulesets", set.Name, "rules", fmt.Sprint(r.Number))
				}
				look(artifact.Verdict, "firewall", "rulesets", set.Name)
			}
			for _, z := range vm.Router.Firewall.Zones {
				look(artifact.Verdict, "firewall", "zones", z.Name)
			}
			look(artifact.Listening, "firewall", "allPing")
		}
	}
}
