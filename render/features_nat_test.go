package render_test

// natFeatures are those of address translation.
func natFeatures() []feature {
	return []feature{
		{name: "masquerade", patch: "{ nat+: { source+: { '10': { source: '10.9.0.0/16', outboundInterface: 'eth0' } } } }"},
		{name: "source NAT to an address", patch: "{ nat+: { source+: { '10': { source: '10.9.0.0/16', outboundInterface: 'eth0', translation: '192.0.2.10' } } } }"},
		{name: "destination NAT of a port", patch: destination("port: 80, translation: { vm: 'web01' }")},
		{name: "destination NAT to another port", patch: destination("port: 8080, translation: { vm: 'web01', port: 80 }")},
		{name: "destination NAT of ranges and lists of ports", patch: destination("protocol: 'udp', port: '53,5000-5010', translation: { vm: 'web01' }")},
		{name: "destination NAT of TCP and UDP", patch: destination("protocol: 'tcp_udp', port: 53, translation: { vm: 'web01' }")},
		{name: "destination NAT of another address", patch: destination("address: '198.51.100.11', port: 80, translation: { vm: 'web01' }")},
		{name: "destination NAT for some clients only", patch: destination("port: 80, source: { address: '198.51.100.0/24' }, translation: { vm: 'web01' }")},
		{name: "hairpin: a service by its public address from inside", patch: destination("port: 80, hairpin: true, translation: { vm: 'web01' }")},
		{name: "1:1 NAT", patch: "{ nat+: { static: { '10': { inboundInterface: 'eth0', address: '198.51.100.11', translation: { vm: 'web01' } } } } }"},
		{name: "source NAT for some destinations and ports only", patch: "{ nat+: { source+: { '10': { source: '10.9.0.0/16', outboundInterface: 'eth0', protocol: 'udp', destination: { address: '198.51.100.0/24', port: '53,5000-5010' } } } } }"},
		{name: "source NAT to a range of addresses", patch: "{ nat+: { source+: { '10': { source: '10.9.0.0/16', outboundInterface: 'eth0', translation: '198.51.100.10-198.51.100.12' } } } }"},
		{name: "`exclude`", patch: "{ nat+: { source+: { '10': { source: '10.9.0.0/16', outboundInterface: 'eth0', exclude: true } } } }"},
		{name: "log of NAT", patch: "{ nat+: { source+: { '10': { source: '10.9.0.0/16', outboundInterface: 'eth0', log: true } } } }"},
	}
}

// destination is a rule of destination NAT on the outside interface.
func destination(fields string) string {
	return "{ nat+: { destination+: { '10': { inboundInterface: 'eth0', " + fields + " } } } }"
}
