package nftables

import (
	"fmt"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// Signs are those of the rules of a router. Rules have no names in nftables: their lines
// are made once more, and looked for in their chain.
func Signs(t *topology.Topology, q artifact.Query) []artifact.Sign {
	vm := t.VM(q.Machine)
	if vm == nil || vm.Router == nil || vm.Router.Platform != "debian" || len(q.Path) < 5 || q.Path[2] != "router" {
		return nil
	}
	w := writer{t, vm}
	switch {
	case q.Hop == artifact.DNAT:
		return w.destinationSigns(q)
	case q.Hop == artifact.SNAT:
		return w.sourceSigns(q)
	case q.Hop == artifact.Verdict && len(q.Path) > 5:
		return w.verdictSigns(q.Path[4:])
	case q.Hop == artifact.Listening && q.Path[4] == "allPing":
		return []artifact.Sign{{Path: sysctlPath, Text: "icmp_echo_ignore_all"}}
	}
	return nil
}

// lineIn is a line of a chain.
func lineIn(name, line string) artifact.Sign {
	return artifact.Sign{Path: rulesetPath, After: "chain " + name + " {", Text: "\t\t" + line}
}

func writtenAs(q artifact.Query, k topology.NATKey) bool {
	return q.Path[4] == k.List && q.Name() == fmt.Sprint(k.Number)
}

func (w writer) destinationSigns(q artifact.Query) (signs []artifact.Sign) {
	for _, r := range w.vm.DestinationRules() {
		if writtenAs(q, r.Written) {
			signs = append(signs, lineIn("prerouting", w.destinationNAT(r)))
		}
	}
	return signs
}

func (w writer) sourceSigns(q artifact.Query) (signs []artifact.Sign) {
	for _, r := range w.t.SourceRules(w.vm) {
		if writtenAs(q, r.Written) {
			signs = append(signs, lineIn("postrouting", w.sourceNAT(r)))
		}
	}
	return signs
}

// verdictSigns are for a rule, the default action of a ruleset or zone, or the policy for
// a state.
func (w writer) verdictSigns(at []string) []artifact.Sign {
	f := &w.vm.Router.Firewall
	switch at[0] {
	case "statePolicy":
		return []artifact.Sign{{Path: rulesetPath, Text: "\t\tct state " + at[1] + " "}}
	case "zones":
		return zoneSigns(f, at[1])
	}
	for i := range f.Rulesets {
		if set := &f.Rulesets[i]; set.Name == at[1] {
			return []artifact.Sign{lineIn(chainName(set.Name), w.verdictLine(set, at))}
		}
	}
	return nil
}

func (w writer) verdictLine(set *topology.Ruleset, at []string) string {
	for _, r := range set.Rules {
		if len(at) > 3 && fmt.Sprint(r.Number) == at[3] {
			return w.rule(set.Name, r)
		}
	}
	rules := w.chain(*set).Rules
	return rules[len(rules)-1]
}

// zoneSigns are for what becomes of the rest of what goes into a zone.
func zoneSigns(f *topology.Firewall, name string) []artifact.Sign {
	zone := f.Zone(name)
	switch {
	case zone == nil:
		return nil
	case zone.Local:
		return []artifact.Sign{lineIn("input", zone.DefaultAction), lineIn("output", zone.DefaultAction)}
	}
	return []artifact.Sign{lineIn("forward-in", join(interfaces("oifname", zone.Interfaces), zone.DefaultAction))}
}
