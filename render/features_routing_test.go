package render_test

// interfaces lays more over the interfaces of the router.
func interfaces(fields string) string {
	return "{ vms+: { rtr01+: { interfaces+: { " + fields + " } } } }"
}

// bgp is a session with the provider.
func bgp(neighbor string) string {
	return "{ bgp: { as: 65001, networks: ['lan'], neighbors: { '192.0.2.1': { remoteAs: 65002, " + neighbor + " } } } }"
}

const ospf = "{ ospf: { areas: { '0': { networks: ['wan', 'lan'] } } } }"

// guestVLAN is a network that the router is on by a VLAN.
const guestVLAN = `{
	networks+: { guests: { bridge: 'br-lan', vlan: 20, subnet: '10.0.20.0/24' } },
	vms+: { rtr01+: { interfaces+: { 'eth1.20': { network: 'guests', address: '10.0.20.1' } } } },
}`

// routingFeatures are those of interfaces and routes.
func routingFeatures() []feature {
	return []feature{
		{name: "MAC address given by a provider", whole: "{ vms+: { rtr01+: { interfaces+: { eth0+: { mac: '00:50:56:00:5e:97' } } } } }"},
		{name: "MTU", whole: "{ networks+: { lan+: { mtu: 1400 } } }"},
		{name: "MTU above 9000", whole: "{ networks+: { lan+: { mtu: 9216 } } }"},
		{name: "description of an interface", whole: interfaces("eth0+: { description: 'uplink' }")},
		{name: "MTU of an interface", whole: interfaces("eth0+: { mtu: 1400 }")},
		{name: "several addresses, IPv4 and IPv6", whole: interfaces("eth0+: { addresses: ['192.0.2.11/24', '2001:db8::1/64'] }")},
		{name: "address by DHCP", whole: interfaces("eth2: { network: 'lan', dhcp: true }")},
		{name: "address by DHCPv6", whole: interfaces("eth2: { network: 'lan', dhcpv6: true }")},
		{name: "VLAN of an interface", whole: guestVLAN},
		{name: "NAT and firewall on a VLAN", whole: guestVLAN + ` + { vms+: { rtr01+: { router+: {
			nat+: { source+: { '20': { source: '10.0.1.0/24', outboundInterface: 'eth1.20' } } },
			firewall: { rulesets: { guests: { attach: [{ interface: 'eth1.20', direction: 'in' }] } } } } } } }`},
		{name: "bond", whole: interfaces("eth2: { network: 'lan' }, eth3: { network: 'lan' }, bond0: { network: 'lan', bond: { interfaces: ['eth2', 'eth3'] } }")},
		{name: "dummy interface", whole: interfaces("dum0: { addresses: ['10.255.0.1/32'] }")},
		{name: "addresses of the loopback", whole: interfaces("lo: { addresses: ['10.255.0.1/32'] }")},
		{name: "router advertisements of IPv6", whole: interfaces("eth1+: { addresses: ['2001:db8:0:1::1/64'] }") +
			" + { vms+: { rtr01+: { router+: { routerAdvert: { eth1: { managedFlag: true, otherConfigFlag: true, nameServers: ['2001:db8::53'] } } } } } }"},
		{name: "shaper", patch: "{ shapers: { eth0: { description: 'uplink', bandwidth: '100mbit' } } }"},
		{name: "BGP", patch: bgp("")},
		{name: "BGP: several hops, own address, own next hop", given: bgp(""), patch: bgp("ebgpMultihop: 2, updateSource: '192.0.2.10', nextHopSelf: true, description: 'x'")},
		{name: "BGP: routes from elsewhere", given: bgp(""), patch: "{ bgp+: { routerId: '192.0.2.10', redistribute: ['connected', 'static'] } }"},
		{name: "OSPF", patch: ospf},
		{name: "OSPF: passive interfaces", given: ospf, patch: "{ ospf+: { passiveInterfaces: ['eth1'] } }"},
		{name: "OSPF: routes from elsewhere", given: ospf, patch: "{ ospf+: { routerId: '192.0.2.10', redistribute: ['static', 'bgp'] } }"},
		{name: "address shared with another router, VRRP", whole: `{
			vms+: { rtr02: super.rtr01 { interfaces: { eth0: { network: 'wan', address: '192.0.2.20' } }, router+: { nat:: null } } },
			vrrp: { uplink: { network: 'wan', vrid: 10, address: '192.0.2.100', routers: ['rtr01', 'rtr02'], preempt: false } },
		}`},
		{name: "static route with a distance", patch: "{ staticRoutes: { '10.9.0.0/16': { nextHop: '10.0.1.9', distance: 10 } } }"},
		{name: "static route by an interface", patch: "{ staticRoutes: { '10.9.0.0/16': { interface: 'eth1' } } }"},
		{name: "blackhole", patch: "{ staticRoutes: { '10.0.0.0/8': { blackhole: true, distance: 250 } } }"},
		{name: "IPv6 static route by an interface", patch: "{ staticRoutes: { '2001:db8::/32': { interface: 'eth1' } } }"},
		{name: "static route", patch: "{ staticRoutes: { '10.9.0.0/16': { nextHop: '10.0.1.9' } } }"},
	}
}
