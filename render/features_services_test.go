package render_test

// serviceFeatures are those of what a router does for the machines around it.
func serviceFeatures() []feature {
	const dhcp = "{ dhcpServer: { lan: {} } }"
	const dns = "{ nameServers: ['9.9.9.9'], dnsForwarding: { networks: ['lan'] } }"
	return []feature{
		{name: "DHCP: the VMs of a network", patch: dhcp},
		{name: "DHCP: ranges", given: dhcp, patch: "{ dhcpServer+: { lan+: { ranges: { pool: { start: '10.0.1.100', stop: '10.0.1.149' }, guests: { start: '10.0.1.200', stop: '10.0.1.249' } } } } }"},
		{name: "DHCP: length of leases", given: dhcp, patch: "{ dhcpServer+: { lan+: { lease: '10m' } } }"},
		{name: "DHCP: resolvers for clients", given: dhcp, patch: "{ dhcpServer+: { lan+: { nameServers: ['9.9.9.9', '10.0.1.1'] } } }"},
		{name: "DHCP: gateway of clients", given: dhcp, patch: "{ dhcpServer+: { lan+: { defaultRouter: '10.0.1.254' } } }"},
		{name: "DHCP: static mappings", given: dhcp, patch: "{ dhcpServer+: { lan+: { staticMappings: { printer: { mac: '52:54:00:00:00:09', address: '10.0.1.9' } } } } }"},
		{name: "DNS forwarding", patch: dns},
		{name: "DNS forwarding: resolvers of its own", given: dns, patch: "{ dnsForwarding+: { nameServers: ['1.1.1.1'] } }"},
		{name: "DNS forwarding: resolvers with IPv6 addresses", given: dns, patch: "{ dnsForwarding+: { nameServers: ['2620:fe::fe'] } }"},
		{name: "DNS forwarding: without other resolvers", patch: "{ dnsForwarding: { networks: ['lan'] } }"},
		{name: "DNS forwarding: names of the machines", given: dns + " + { dnsForwarding+: { hosts: false } }", patch: "{ dnsForwarding+: { hosts: true } }"},
		{name: "DNS forwarding: alone for the domain", given: dns, patch: "{ dnsForwarding+: { authoritative: true } }"},
		{name: "DNS forwarding: size of the cache", given: dns, patch: "{ dnsForwarding+: { cacheSize: 0 } }"},
	}
}
