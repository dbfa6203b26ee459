package rules

// protocols are the rules about routing protocols.
func protocols() []Rule {
	router := func(fields string) string { return "{ vms+: { rtr01+: { router+: { " + fields + " } } } }" }
	return []Rule{{
		Name:   "routing/ipv4-only",
		What:   "an IPv6 network that BGP or OSPF is to announce",
		Why:    "the sessions carry IPv4 routes",
		Breaks: router("ospf: { areas: { '0': { networks: ['2001:db8::/64'] } } }"),
		Passes: router("ospf: { areas: { '0': { networks: ['lan'] } } }"),
		Fix:    "leave it out",
		Source: "RFC 2328; RFC 4271",
		Firm:   true,
	}, {
		Name:   "bgp/neighbor",
		What:   "a neighbor of another system that the router is not next to, or that is the router itself",
		Why:    "the session is never opened",
		Breaks: router("bgp: { as: 65001, neighbors: { '203.0.113.1': { remoteAs: 65002 } } }"),
		Passes: router("bgp: { as: 65001, neighbors: { '203.0.113.1': { remoteAs: 65002, ebgpMultihop: 2 } } }"),
		Fix:    "write an address next to the router, or ebgpMultihop",
		Source: "RFC 4271, section 5.1.3",
		Firm:   true,
	}, {
		Name:   "bgp/multihop",
		What:   "a number of hops for a neighbor of the same system",
		Why:    "VyOS refuses the whole commit",
		Breaks: router("bgp: { as: 65001, neighbors: { '10.0.1.9': { remoteAs: 65001, ebgpMultihop: 2 } } }"),
		Passes: router("bgp: { as: 65001, neighbors: { '10.0.1.9': { remoteAs: 65001 } } }"),
		Fix:    "leave it out",
		Source: "VyOS, protocols bgp neighbor ebgp-multihop",
		Firm:   true,
	}, {
		Name:   "ospf/no-interface",
		What:   "a network of an area that the router has no interface in",
		Why:    "OSPF does not run there, and announces what it runs on",
		Breaks: router("ospf: { areas: { '0': { networks: ['10.9.0.0/16'] } } }"),
		Passes: router("ospf: { areas: { '0': { networks: ['10.0.0.0/8'] } } }"),
		Fix:    "write a network of one of its interfaces",
		Source: "FRRouting, ospfd: network",
	}, {
		Name:   "ospf/network-twice",
		What:   "a network that is in two areas, or twice in one",
		Why:    "OSPF refuses the second: there is already same network statement",
		Breaks: router("ospf: { areas: { '0': { networks: ['lan'] }, '1': { networks: ['10.0.1.0/24'] } } }"),
		Passes: router("ospf: { passiveInterfaces: ['eth0'], areas: { '0': { networks: ['lan'] }, '1': { networks: ['46.4.71.64/27'] } } }"),
		Fix:    "leave one of them out",
		Source: "FRRouting, ospfd: network",
		Firm:   true,
	}}
}
