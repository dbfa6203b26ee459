package nftables

import (
	"strconv"
	"strings"

	"stackgen/schema/topology"
)

// zones adds the rules of zones for a family. Each chain lists the ways that
// there are from one zone into another, and ends with what becomes of the rest.
func (v *filter) zones(f *topology.Firewall, family string) {
	for i := range f.Zones {
		to := &f.Zones[i]
		if to.Local {
			v.Input = append(v.Input, `iifname "lo" accept`)
			v.Input = append(v.Input, rulesInto(f, to, family, "")...)
			v.Input = append(v.Input, to.DefaultAction)
			v.Output = append(v.Output, fromRouter(f, to, family)...)
			continue
		}
		out := interfaces("oifname", to.Interfaces)
		v.In = append(v.In, join(interfaces("iifname", to.Interfaces), out, "accept"))
		v.In = append(v.In, rulesInto(f, to, family, out)...)
		v.In = append(v.In, join(out, to.DefaultAction))
	}
}

// rulesInto are those into a zone from others by their interfaces: a ruleset, and
// what that lets through by returning.
func rulesInto(f *topology.Firewall, to *topology.Zone, family, out string) (lines []string) {
	for _, from := range to.From {
		zone, ruleset := f.Zone(from.Name), from.RulesetFor(family)
		if ruleset != "" && !zone.Local {
			match := join(interfaces("iifname", zone.Interfaces), out)
			lines = append(lines, join(match, "jump", chainName(ruleset)), join(match, "accept"))
		}
	}
	return lines
}

// fromRouter are the ways from the router itself into each zone.
func fromRouter(f *topology.Firewall, local *topology.Zone, family string) []string {
	lines := []string{`oifname "lo" accept`}
	for i := range f.Zones {
		to := &f.Zones[i]
		if from := to.Between(local); from != nil && from.RulesetFor(family) != "" {
			match := interfaces("oifname", to.Interfaces)
			lines = append(lines, join(match, "jump", chainName(from.RulesetFor(family))), join(match, "accept"))
		}
	}
	return append(lines, local.DefaultAction)
}

// interfaces matches any of some interfaces.
func interfaces(match string, names []string) string {
	if len(names) == 1 {
		return iface(match, names[0])
	}
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = strconv.Quote(n)
	}
	return match + " { " + strings.Join(quoted, ", ") + " }"
}
