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
		Name:   "ospf/other-end",
		What:   "routers that hear each other on a network and have it in two areas, or with two MTUs",
		Why:    "they do not become neighbors: two MTUs leave them at the exchange of what they know",
		Breaks: "{ networks+: { dmz: { bridge: 'sw-lan', vlan: 9, subnet: '10.0.9.0/24', gateway: '10.0.9.1' } }, vms+: { rtr01+: { interfaces+: { eth2: { network: 'dmz', address: '10.0.9.2' } }, router+: { ospf: { areas: { '1': { networks: ['dmz'] } } } } }, rtr02: super.rtr01 { interfaces: { eth0: { network: 'public', address: '46.4.71.78' }, eth1: { network: 'dmz', address: '10.0.9.1' } }, router: { platform: 'vyos', firewall: { statePolicy: { established: 'accept', related: 'accept' }, rulesets: { 'wan-local': { attach: [{ interface: 'eth0', direction: 'local' }], rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: '22,179' } }, '20': { action: 'accept', protocol: 'udp', destination: { port: '500,4500,1195' } }, '30': { action: 'accept', protocol: 'esp' }, '40': { action: 'accept', protocol: 'ospf' } } } } }, ospf: { areas: { '0': { networks: ['dmz'] } } } } } } }",
		Passes: "{ networks+: { dmz: { bridge: 'sw-lan', vlan: 9, subnet: '10.0.9.0/24', gateway: '10.0.9.1' } }, vms+: { rtr01+: { interfaces+: { eth2: { network: 'dmz', address: '10.0.9.2' } }, router+: { ospf: { areas: { '0': { networks: ['dmz'] } } } } }, rtr02: super.rtr01 { interfaces: { eth0: { network: 'public', address: '46.4.71.78' }, eth1: { network: 'dmz', address: '10.0.9.1' } }, router: { platform: 'vyos', firewall: { statePolicy: { established: 'accept', related: 'accept' }, rulesets: { 'wan-local': { attach: [{ interface: 'eth0', direction: 'local' }], rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: '22,179' } }, '20': { action: 'accept', protocol: 'udp', destination: { port: '500,4500,1195' } }, '30': { action: 'accept', protocol: 'esp' }, '40': { action: 'accept', protocol: 'ospf' } } } } }, ospf: { areas: { '0': { networks: ['dmz'] } } } } } } }",
		Fix:    "put the network into one area, and write its MTU once",
		Source: "RFC 2328, sections 10.5 and 10.6",
	}, {
		Name:   "bgp/other-end",
		What:   "a BGP neighbor that is a router of the topology and says something else of itself",
		Why:    "the session never comes up",
		Breaks: "{ networks+: { dmz: { bridge: 'sw-lan', vlan: 9, subnet: '10.0.9.0/24', gateway: '10.0.9.1' } }, vms+: { rtr01+: { router+: { bgp: { as: 64512, neighbors: { '46.4.71.78': { remoteAs: 64513 } } } } }, rtr02: super.rtr01 { interfaces: { eth0: { network: 'public', address: '46.4.71.78' }, eth1: { network: 'dmz', address: '10.0.9.1' } }, router: { platform: 'vyos', firewall: { statePolicy: { established: 'accept', related: 'accept' }, rulesets: { 'wan-local': { attach: [{ interface: 'eth0', direction: 'local' }], rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: '22,179' } }, '20': { action: 'accept', protocol: 'udp', destination: { port: '500,4500,1195' } }, '30': { action: 'accept', protocol: 'esp' }, '40': { action: 'accept', protocol: 'ospf' } } } } }, bgp: { as: 64514, neighbors: { '46.4.71.77': { remoteAs: 64512 } } } } } } }",
		Passes: "{ networks+: { dmz: { bridge: 'sw-lan', vlan: 9, subnet: '10.0.9.0/24', gateway: '10.0.9.1' } }, vms+: { rtr01+: { router+: { bgp: { as: 64512, neighbors: { '46.4.71.78': { remoteAs: 64513 } } } } }, rtr02: super.rtr01 { interfaces: { eth0: { network: 'public', address: '46.4.71.78' }, eth1: { network: 'dmz', address: '10.0.9.1' } }, router: { platform: 'vyos', firewall: { statePolicy: { established: 'accept', related: 'accept' }, rulesets: { 'wan-local': { attach: [{ interface: 'eth0', direction: 'local' }], rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: '22,179' } }, '20': { action: 'accept', protocol: 'udp', destination: { port: '500,4500,1195' } }, '30': { action: 'accept', protocol: 'esp' }, '40': { action: 'accept', protocol: 'ospf' } } } } }, bgp: { as: 64513, neighbors: { '46.4.71.77': { remoteAs: 64512 } } } } } } }",
		Fix:    "write the AS that the other end has, and name each as the neighbor of the other",
		Source: "RFC 4271, section 6.2",
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
