package rules

// pair makes a second router of the reference stack's.
const pair = "networks+: { dmz: { bridge: 'sw-lan', vlan: 9, subnet: '10.0.9.0/24', gateway: '10.0.9.1' } }, vms+: { " +
	"rtr01+: { interfaces+: { eth2: { network: 'dmz', address: '10.0.9.2' } } }, " +
	"rtr02: super.rtr01 { interfaces: { eth0: { network: 'public', address: '46.4.71.78' }, eth2: { network: 'dmz', address: '10.0.9.3' } }, " +
	"router: { platform: 'vyos', firewall: { rulesets: { 'wan-local': { attach: [{ interface: 'eth0', direction: 'local' }], rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: 22 } } } } } } } } }, "

// vrrp are the rules about addresses that routers share.
func vrrp() []Rule {
	group := func(fields string) string {
		return "{ " + pair + "vrrp: { dmz: { network: 'dmz', vrid: 9, routers: ['rtr01', 'rtr02'] }" + fields + " } }"
	}
	six := " + { networks+: { dmz+: { subnet: '2001:db8:9::/64', gateway: '2001:db8:9::1' } }, vms+: { rtr01+: { interfaces+: { eth2+: { address: '2001:db8:9::2' } } }, " +
		"rtr02+: { interfaces+: { eth2+: { address: '2001:db8:9::3' } } } }, vrrp+: { dmz+: { advertiseInterval: "
	return []Rule{{
		Name:   "vrrp/address",
		What:   "a group without an address, on a network without a gateway",
		Why:    "there is nothing to share",
		Breaks: group("") + " + { networks+: { dmz+: { gateway:: null } } }",
		Passes: group(""),
		Fix:    "add the address",
		Source: "RFC 5798, section 5.2.9",
		Firm:   true,
	}, {
		Name:   "vrrp/vrid-twice",
		What:   "two groups with one number where they hear each other",
		Why:    "each takes the other's messages for its own",
		Breaks: group(", more: { network: 'dmz', vrid: 9, address: '10.0.9.9', routers: ['rtr02', 'rtr01'] }"),
		Passes: group(", more: { network: 'dmz', vrid: 10, address: '10.0.9.9', routers: ['rtr02', 'rtr01'] }"),
		Fix:    "give each a number of its own",
		Source: "RFC 5798, section 5.2.3",
		Firm:   true,
	}, {
		Name:   "vrrp/interval",
		What:   "an IPv6 address whose routers speak more seldom than every 40 seconds",
		Why:    "the message has no room for the number, and keepalived takes another one",
		Breaks: group("") + six + "41 } } }",
		Passes: group("") + six + "40 } } }",
		Fix:    "write at most 40",
		Source: "RFC 5798, section 5.2.7",
		Firm:   true,
	}, {
		Name:   "vrrp/router",
		What:   "an address that is shared by a VM that is no router, or not on the network",
		Why:    "it could not take the address",
		Breaks: "{ " + pair + "vrrp: { dmz: { network: 'dmz', vrid: 9, routers: ['rtr01', 'db01'] } } }",
		Passes: group(""),
		Fix:    "name routers with an address on the network",
		Source: "RFC 5798, section 6.1",
		Firm:   true,
	}, {
		Name:   "vrrp/blocked",
		What:   "a router whose firewall drops what the others of its group say",
		Why:    "each takes the others to be gone, and all have the address",
		Breaks: "{ " + pair + "vrrp: { out: { network: 'public', vrid: 9, address: '46.4.71.90', routers: ['rtr01', 'rtr02'] } } }",
		Passes: group(""),
		Fix:    "accept the protocol vrrp in the ruleset with direction local",
		Source: "RFC 5798, section 5.1.1",
	}, {
		Name:   "vyos/unsupported-vrrp",
		What:   "VRRP on a release whose commands for it stackgen does not know",
		Why:    "there is nothing to write it to",
		Breaks: group("") + " + { vms+: { rtr01+: { router+: { version: '1.1', openvpn:: null } } } }",
		Passes: group("") + " + { vms+: { rtr01+: { router+: { version: '1.3', openvpn:: null } } } }",
		Fix:    "write a newer version",
		Source: "VyOS 1.3, high-availability vrrp",
		Firm:   true,
	}}
}
