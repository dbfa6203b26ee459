package render_test

// firewallFeatures are those of the packet filter.
func firewallFeatures() []feature {
	const given = "{ firewall: { statePolicy: { established: 'accept', related: 'accept' }, rulesets: { 'wan-in': { attach: [{ interface: 'eth0', direction: 'in' }] } } } }"
	rule := func(fields string) string {
		return "{ firewall+: { rulesets+: { 'wan-in'+: { rules: { '10': { " + fields + " } } } } } }"
	}
	return []feature{
		{name: "ruleset for forwarded packets, `in`", patch: given},
		{name: "ruleset for forwarded packets, `out`", patch: "{ firewall: { statePolicy: { established: 'accept', related: 'accept' }, rulesets: { 'lan-out': { attach: [{ interface: 'eth1', direction: 'out' }] } } } }"},
		{name: "`in` and `out` at once", given: given, patch: "{ firewall+: { rulesets+: { 'lan-out': { attach: [{ interface: 'eth1', direction: 'out' }] } } } }"},
		{name: "ruleset for the router itself, `local`", patch: "{ firewall: { statePolicy: { established: 'accept', related: 'accept' }, rulesets: { 'wan-local': { defaultAction: 'reject', attach: [{ interface: 'eth0', direction: 'local' }], rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: 22 } } } } } } }"},
		{name: "state policy", patch: "{ firewall: { statePolicy: { established: 'accept', related: 'accept', invalid: 'drop' } } }"},
		{name: "states in a rule", given: given, patch: rule("action: 'accept', state: ['established', 'related']")},
		{name: "addresses, ranges and lists of ports", given: given, patch: rule("action: 'accept', protocol: 'tcp', source: { address: '198.51.100.0/24' }, destination: { vm: 'web01', port: '80,8000-8010' }")},
		{name: "log of a rule", given: given, patch: rule("action: 'drop', log: true")},
		{name: "log of the default action", given: given, patch: "{ firewall+: { rulesets+: { 'wan-in'+: { defaultLog: true } } } }"},
		{name: "limit of a rate", given: given, patch: rule("action: 'accept', protocol: 'icmp', limit: { rate: '10/minute', burst: 5 }")},
		{name: "all addresses but some", given: given, patch: rule("action: 'drop', source: { address: '198.51.100.0/24', not: true }")},
		{name: "address group", given: given, patch: grouped("address: { g: { addresses: ['web01', '10.0.1.20-10.0.1.30'] } }", "destination: { addressGroup: 'g' }")},
		{name: "network group", given: given, patch: grouped("network: { g: { networks: ['lan', '10.9.0.0/16'] } }", "source: { networkGroup: 'g' }")},
		{name: "port group", given: given, patch: grouped("port: { g: { ports: '80,8000-8010' } }", "protocol: 'tcp', destination: { portGroup: 'g' }")},
		{name: "all addresses but a group", given: given, patch: grouped("network: { g: { networks: ['lan'] } }", "source: { networkGroup: 'g', not: true }")},
		{name: "interface group", given: given, patch: "{ firewall+: { groups: { interface: { g: { interfaces: ['eth0', 'eth1'] } } }, rulesets+: { 'wan-in'+: { attach: [{ interfaceGroup: 'g', direction: 'in' }] } } } }"},
		{name: "jump to a ruleset", given: given, patch: "{ firewall+: { rulesets+: { common: {}, 'wan-in'+: { rules: { '10': { action: 'jump', jumpTarget: 'common' } } } } } }"},
		{name: "return from a ruleset", given: given, patch: rule("action: 'return', protocol: 'esp'")},
		{name: "IPv6 ruleset", patch: "{ firewall: { statePolicy: { established: 'accept', related: 'accept' }, rulesets: { six: { family: 'ipv6', attach: [{ interface: 'eth0', direction: 'in' }], rules: { '10': { action: 'accept', protocol: 'ipv6-icmp' } } } } } }"},
		{name: "port group in an IPv6 ruleset", patch: "{ firewall: { statePolicy: { established: 'accept', related: 'accept' }, groups: { port: { g: { ports: '80,443' } } }, rulesets: { six: { family: 'ipv6', attach: [{ interface: 'eth0', direction: 'in' }], rules: { '10': { action: 'accept', protocol: 'tcp', destination: { portGroup: 'g' } } } } } } }"},
		{name: "IPv6 group", patch: "{ firewall: { statePolicy: { established: 'accept', related: 'accept' }, groups: { network: { g: { networks: ['2001:db8::/32'] } } }, rulesets: { six: { family: 'ipv6', attach: [{ interface: 'eth0', direction: 'in' }], rules: { '10': { action: 'accept', source: { networkGroup: 'g' } } } } } } }"},
		{name: "zones", patch: "{ firewall: { statePolicy: { established: 'accept', related: 'accept' }, rulesets: { pass: { rules: { '10': { action: 'accept', protocol: 'tcp' } } } }, zones: { lan: { interfaces: ['eth1'], from: { wan: { ruleset: 'pass' }, router: { ruleset: 'pass' } } }, wan: { interfaces: ['eth0'], defaultAction: 'reject', from: { lan: { ruleset: 'pass' }, router: { ruleset: 'pass' } } }, router: { 'local': true, from: { lan: { ruleset: 'pass' }, wan: { ruleset: 'pass' } } } } } }"},
		{name: "rule numbers above 9999", given: given, patch: "{ firewall+: { rulesets+: { 'wan-in'+: { rules: { '10000': { action: 'accept' } } } } } }"},
		{name: "no answer to pings", patch: "{ firewall: { allPing: false } }"},
	}
}

// grouped is a firewall with a group and a rule that uses it.
func grouped(group, fields string) string {
	return "{ firewall+: { groups: { " + group + " }, rulesets+: { 'wan-in'+: { rules: { '10': { action: 'accept', " + fields + " } } } } } }"
}
