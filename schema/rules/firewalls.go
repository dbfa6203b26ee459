package rules

// firewalls are the rules about rulesets.
func firewalls() []Rule {
	return []Rule{{
		Name:   "firewall/port-protocol",
		What:   "a rule that matches a port, but no protocol that has ports",
		Why:    "VyOS refuses the whole commit",
		Breaks: "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-local'+: { rules+: { '30': { action: 'accept', destination: { port: 53 } } } } } } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-local'+: { rules+: { '30': { action: 'accept', protocol: 'tcp_udp', destination: { port: 53 } } } } } } } } } }",
		Fix:    "add protocol: 'tcp', 'udp' or 'tcp_udp'",
		Source: "VyOS, firewall verify",
		Firm:   true,
	}, {
		Name:   "firewall/hook-twice",
		What:   "two rulesets at one direction of an interface",
		Why:    "only one of them would be asked",
		Breaks: "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { extra: { attach: [{ interface: 'eth0', direction: 'in' }] } } } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { extra: { attach: [{ interface: 'eth0', direction: 'out' }] } } } } } } }",
		Fix:    "put the rules of both in one ruleset",
		Source: "VyOS, firewall",
		Firm:   true,
	}, {
		Name:   "firewall/shadowed",
		What:   "a rule for what an earlier one already matches",
		Why:    "it is never reached",
		Breaks: "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-local'+: { rules+: { '15': { action: 'drop', protocol: 'tcp', destination: { port: 22 }, source: { address: '198.51.100.0/24' } } } } } } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-local'+: { rules+: { '5': { action: 'drop', protocol: 'tcp', destination: { port: 22 }, source: { address: '198.51.100.0/24' } } } } } } } } } }",
		Fix:    "remove it, or give it a lower number",
		Source: "VyOS, firewall: rules are read in the order of their numbers",
	}, {
		Name:   "firewall/wrong-hook",
		What:   "a rule in a ruleset that its packets never pass",
		Why:    "in and out see what is forwarded, local what is for the router itself; the rule has no effect",
		Breaks: "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-in'+: { rules+: { '20': { action: 'accept', protocol: 'udp', destination: { port: 1194 } } } } } } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-local'+: { rules+: { '30': { action: 'accept', protocol: 'tcp', destination: { vm: 'rtr01', port: 8080 } } } } } } } } } }",
		Fix:    "move the rule to a ruleset with the other direction",
		Source: "VyOS firewall; Vyatta, gen-interface-templates.pl",
	}, {
		Name:   "firewall/open-destination",
		What:   "a rule that lets a port in from outside, to whatever machine",
		Why:    "a machine that is added later is open as well",
		Breaks: "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-in'+: { rules+: { '10'+: { destination: { port: 80 } } } } } } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-in'+: { rules+: { '10'+: { destination: { network: 'lan', port: 80 } } } } } } } } } }",
		Fix:    "name the machine that is meant",
		Source: "least privilege",
	}, {
		Name:   "firewall/no-local",
		What:   "a router with an outside interface on which nothing guards the router itself",
		Why:    "its SSH server is open to the world: rulesets with direction in do not see what is for the router",
		Breaks: "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-local':: null } } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-local'+: { attach: [{ interface: 'eth0', direction: 'local' }, { interface: 'eth1', direction: 'local' }] } } } } } } }",
		Fix:    "attach a ruleset with direction: 'local'",
		Source: "VyOS firewall, input filter",
	}, {
		Name:   "firewall/default-accept",
		What:   "a ruleset on an outside interface that accepts what no rule speaks of",
		Why:    "what was forgotten is open",
		Breaks: "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-in'+: { defaultAction: 'accept' } } } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-in'+: { defaultAction: 'accept', rules+: { '999': { action: 'drop' } } } } } } } } }",
		Fix:    "set defaultAction: 'drop'",
		Source: "least privilege",
	}, {
		Name:   "firewall/locked-out",
		What:   "a router that lets SSH in by no interface",
		Why:    "it could not be managed any more: the change that locks out cannot be undone from afar",
		Breaks: "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-local'+: { rules+: { '10':: null }, attach: [{ interface: 'eth0', direction: 'local' }, { interface: 'eth1', direction: 'local' }] } } } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-local'+: { rules+: { '10':: null } } } } } } } }",
		Fix:    "accept the port of SSH in a ruleset with direction: 'local'",
		Source: "good sense",
	}}
}
