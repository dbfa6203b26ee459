package nftables

import (
	"fmt"
	"strings"

	"stackgen/schema/topology"
)

// sets are the groups of a family. Those of ports are for both; those of
// interfaces are written out where a ruleset is attached.
func (w writer) sets(g topology.Groups, family string) (sets []namedSet) {
	for _, a := range g.Address {
		members := w.t.AddressesIn(w.vm, &a)
		if len(members) > 0 && members[0].First.Is6() == (family == topology.IPv6) {
			sets = append(sets, newSet(a.Name, a.Description, addressType(family), written(members)))
		}
	}
	for _, n := range g.Network {
		members := w.t.NetworksIn(w.vm, &n)
		if len(members) > 0 && members[0].Addr().Is6() == (family == topology.IPv6) {
			sets = append(sets, newSet(n.Name, n.Description, addressType(family), written(members)))
		}
	}
	for _, p := range g.Port {
		sets = append(sets, newSet(p.Name, p.Description, "inet_service", strings.Split(p.Ports.String(), ",")))
	}
	return sets
}

func newSet(name, description, kind string, elements []string) namedSet {
	title := name
	if description != "" {
		title += ": " + description
	}
	return namedSet{title, setName(name), kind, strings.Join(elements, ", ")}
}

func addressType(family string) string {
	if family == topology.IPv6 {
		return "ipv6_addr"
	}
	return "ipv4_addr"
}

func written[T fmt.Stringer](members []T) (list []string) {
	for _, m := range members {
		list = append(list, m.String())
	}
	return list
}

func setName(group string) string { return "group-" + group }
