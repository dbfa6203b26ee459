package decode

import (
	"slices"

	"stackgen/schema/topology"
)

func decodeFirewall(o object) topology.Firewall {
	state := o.obj("statePolicy")
	return topology.Firewall{
		AllPing: o.boolOr("allPing", true),
		StatePolicy: topology.StatePolicy{
			Established: state.str("established"),
			Related:     state.str("related"),
			Invalid:     state.str("invalid"),
		},
		Groups:   decodeGroups(o.obj("groups")),
		Rulesets: each(o, "rulesets", decodeRuleset),
		Zones:    each(o, "zones", decodeZone),
	}
}

func decodeGroups(o object) topology.Groups {
	return topology.Groups{
		Address: each(o, "address", func(name string, o object) topology.AddressGroup {
			g := topology.AddressGroup{Name: name, Description: o.str("description")}
			for _, s := range o.strs("addresses") {
				g.Addresses = append(g.Addresses, decodeGroupAddress(s))
			}
			return g
		}),
		Network: each(o, "network", func(name string, o object) topology.NetworkGroup {
			g := topology.NetworkGroup{Name: name, Description: o.str("description")}
			for _, s := range o.strs("networks") {
				g.Networks = append(g.Networks, networkOrPrefix(s))
			}
			return g
		}),
		Port: each(o, "port", func(name string, o object) topology.PortGroup {
			return topology.PortGroup{Name: name, Description: o.str("description"), Ports: o.ports("ports")}
		}),
		Interface: each(o, "interface", func(name string, o object) topology.InterfaceGroup {
			return topology.InterfaceGroup{Name: name, Description: o.str("description"),
				Interfaces: slices.Sorted(slices.Values(o.strs("interfaces")))}
		}),
	}
}

// decodeGroupAddress reads the name of a VM, or a range: no name looks like an
// address.
func decodeGroupAddress(s string) topology.GroupAddress {
	if r, err := topology.ParseAddrRange(s); err == nil {
		return topology.GroupAddress{Range: r}
	}
	return topology.GroupAddress{VM: s}
}

func decodeRuleset(name string, o object) topology.Ruleset {
	set := topology.Ruleset{
		Name:          name,
		Description:   o.str("description"),
		Family:        o.strOr("family", topology.IPv4),
		DefaultAction: o.strOr("defaultAction", "drop"),
		DefaultLog:    o.boolOr("defaultLog", false),
		Rules:         eachNumbered(o, "rules", decodeRule),
	}
	for _, v := range o.list("attach") {
		a := object(v.(map[string]any))
		set.Attach = append(set.Attach,
			topology.Attachment{Interface: a.str("interface"), InterfaceGroup: a.str("interfaceGroup"),
				Direction: a.str("direction")})
	}
	return set
}

func decodeRule(number int, o object) topology.Rule {
	limit := o.obj("limit")
	return topology.Rule{
		Number:      number,
		Description: o.str("description"),
		Action:      o.str("action"),
		JumpTarget:  o.str("jumpTarget"),
		Protocol:    topology.ProtocolName(o.str("protocol")),
		Source:      ruleTarget(o.obj("source")),
		Destination: ruleTarget(o.obj("destination")),
		State:       o.strs("state"),
		Limit:       topology.Limit{Rate: limit.str("rate"), Burst: limit.intOr("burst", 0)},
		Log:         o.boolOr("log", false),
	}
}

// ruleTarget reads a target that may name groups.
func ruleTarget(o object) topology.Target {
	g := target(o)
	g.AddressGroup, g.NetworkGroup, g.PortGroup = o.str("addressGroup"), o.str("networkGroup"), o.str("portGroup")
	g.Not = o.boolOr("not", false)
	return g
}

func decodeZone(name string, o object) topology.Zone {
	return topology.Zone{
		Name:          name,
		Description:   o.str("description"),
		Local:         o.boolOr("local", false),
		Interfaces:    slices.Sorted(slices.Values(o.strs("interfaces"))),
		DefaultAction: o.strOr("defaultAction", "drop"),
		From: each(o, "from", func(name string, o object) topology.ZoneFrom {
			return topology.ZoneFrom{Name: name, Ruleset: o.str("ruleset"), IPv6Ruleset: o.str("ipv6Ruleset")}
		}),
	}
}
