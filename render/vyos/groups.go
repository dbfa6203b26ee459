package vyos

import "stackgen/schema/topology"

// groups makes the groups of a firewall. Those of interfaces are for base
// chains; before there were any, a ruleset hangs on each interface.
func (b builder) groups(g topology.Groups) {
	for _, a := range g.Address {
		members := b.t.AddressesIn(b.vm, &a)
		n := b.group(familyKind("address-group", len(members) > 0 && members[0].First.Is6()), a.Name, a.Description)
		for _, m := range members {
			n.leaf("address", m.String())
		}
	}
	for _, p := range g.Network {
		members := b.t.NetworksIn(b.vm, &p)
		n := b.group(familyKind("network-group", len(members) > 0 && members[0].Addr().Is6()), p.Name, p.Description)
		for _, m := range members {
			n.leaf("network", m.String())
		}
	}
	for _, p := range g.Port {
		n := b.group("port-group", p.Name, p.Description)
		for _, r := range p.Ports {
			n.leaf("port", topology.Ports{r}.String())
		}
	}
	for _, i := range g.Interface {
		if b.d.has(hookChains) {
			n := b.group("interface-group", i.Name, i.Description)
			for _, name := range i.Interfaces {
				n.leaf("interface", name)
			}
		}
	}
}

func (b builder) group(kind, name, description string) node {
	n := b.root.at("firewall group "+kind, name)
	n.leaf("description", description)
	return n
}

// familyKind is the kind of a group by its family: rules name both alike.
func familyKind(kind string, six bool) string {
	if six {
		return "ipv6-" + kind
	}
	return kind
}
