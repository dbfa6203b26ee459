package render_test

// firewallFeatures are those of the packet filter.
func firewallFeatures() []feature {
	const given = "{ firewall: { rulesets: { 'wan-in': { attach: [{ interface: 'eth0', direction: 'in' }] } } } }"
	rule := func(fields string) string {
		return "{ firewall+: { rulesets+: { 'wan-in'+: { rules: { '10': { " + fields + " } } } } } }"
	}
	return []feature{
		{name: "ruleset for forwarded packets, `in`", patch: given},
		{name: "ruleset for forwarded packets, `out`", patch: "{ firewall: { rulesets: { 'lan-out': { attach: [{ interface: 'eth1', direction: 'out' }] } } } }"},
		{name: "`in` and `out` at once", given: given, patch: "{ firewall+: { rulesets+: { 'lan-out': { attach: [{ interface: 'eth1', direction: 'out' }] } } } }"},
		{name: "ruleset for the router itself, `local`", patch: "{ firewall: { rulesets: { 'wan-local': { defaultAction: 'reject', attach: [{ interface: 'eth0', direction: 'local' }], rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: 22 } } } } } } }"},
		{name: "state policy", patch: "{ firewall: { statePolicy: { established: 'accept', related: 'accept', invalid: 'drop' } } }"},
		{name: "states in a rule", given: given, patch: rule("action: 'accept', state: ['established', 'related']")},
		{name: "addresses, ranges and lists of ports", given: given, patch: rule("action: 'accept', protocol: 'tcp', source: { address: '198.51.100.0/24' }, destination: { vm: 'web01', port: '80,8000-8010' }")},
		{name: "log of a rule", given: given, patch: rule("action: 'drop', log: true")},
		{name: "log of the default action", given: given, patch: "{ firewall+: { rulesets+: { 'wan-in'+: { defaultLog: true } } } }"},
		{name: "rule numbers above 9999", given: given, patch: "{ firewall+: { rulesets+: { 'wan-in'+: { rules: { '10000': { action: 'accept' } } } } } }"},
		{name: "no answer to pings", patch: "{ firewall: { allPing: false } }"},
	}
}
