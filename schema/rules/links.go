package rules

// links are the rules about what a router does at single interfaces.
func links() []Rule {
	router := func(fields string) string { return "{ vms+: { rtr01+: { router+: { " + fields + " } } } }" }
	const six = " + { vms+: { rtr01+: { interfaces+: { eth1+: { addresses: ['2001:db8:0:1::1/64'] } } } } }"
	return []Rule{{
		Name:   "routing/no-prefix",
		What:   "router advertisements by an interface without an IPv6 prefix of 64 bits",
		Why:    "machines there could make no addresses",
		Breaks: router("routerAdvert: { eth1: {} }"),
		Passes: router("routerAdvert: { eth1: {} }") + six,
		Fix:    "add an IPv6 address with /64 to the interface",
		Source: "RFC 4862, section 5.5.3",
		Firm:   true,
	}, {
		Name:   "routing/advertised-resolver",
		What:   "a resolver in router advertisements that is no machine's address",
		Why:    "::1 is each machine itself; radvd refuses it, and nobody answers at ::",
		Breaks: router("routerAdvert: { eth1: { nameServers: ['::1'] } }") + six,
		Passes: router("routerAdvert: { eth1: { nameServers: ['2001:db8:0:1::1'] } }") + six,
		Fix:    "write the address of a resolver",
		Source: "RFC 8106, section 5.1; radvd.conf(5)",
		Firm:   true,
	}, {
		Name:   "vyos/unsupported-router-advert",
		What:   "router advertisements on a release whose commands for them stackgen does not know",
		Why:    "there is nothing to write them to",
		Breaks: router("version: '1.1', openvpn:: null, routerAdvert: { eth1: {} }") + six,
		Passes: router("version: '1.3', openvpn:: null, routerAdvert: { eth1: {} }") + six,
		Fix:    "write a newer version",
		Source: "VyOS 1.3, service router-advert",
		Firm:   true,
	}, {
		Name:   "vyos/shaper-interface",
		What:   "a shaper of a tunnel or the loopback",
		Why:    "not every release takes one there",
		Breaks: router("shapers: { vtun0: { bandwidth: '10mbit' } }"),
		Passes: router("shapers: { eth0: { bandwidth: '10mbit' } }"),
		Fix:    "shape the interface that the tunnel leaves by",
		Source: "VyOS, traffic-policy; qos interface",
		Firm:   true,
	}, {
		Name:   "nftables/unsupported-shaper",
		What:   "a shaper of a router on Debian",
		Why:    "stackgen writes none there",
		Breaks: "{ vms+: { rtr01+: { os: 'debian-12', disks: { vda: { size: '10GiB', image: 'debian-12' } }, install:: null, router+: { platform: 'debian', shapers: { eth0: { bandwidth: '10mbit' } } } } } }",
		Passes: router("shapers: { eth0: { bandwidth: '10mbit' } }"),
		Fix:    "hand over a script of tc(8) below /etc in files, or leave it out",
		Source: "tc(8)",
		Firm:   true,
	}}
}
