package rules

// debianRouter is a patch of the reference stack: its router on Debian, with
// more in its router block.
func debianRouter(more string) string {
	return "{ vms+: { rtr01+: { os: 'debian-12', disks: { vda: { size: '10GiB', image: 'debian-12' } }, install:: null, router+: { platform: 'debian', " + more + " } } } }"
}

// labNetwork adds another network that the router is on.
const labNetwork = " + { networks+: { lab: { bridge: 'sw-lan', vlan: 9, subnet: '10.0.9.0/24' } }, " +
	"vms+: { rtr01+: { interfaces+: { eth2: { network: 'lab', address: '10.0.9.1' } } }, web01+: { interfaces+: { eth1: { network: 'lab', address: '10.0.9.3' } } } } }"

// routerTargets are the rules about services that a platform cannot give.
func routerTargets() []Rule {
	return []Rule{{
		Name:   "vyos/unsupported-recursion",
		What:   "a DNS forwarder without resolvers to ask, on a release that can only ask others",
		Why:    "it would answer nothing",
		Breaks: "{ vms+: { rtr01+: { router+: { version: '1.1', nameServers:: [], openvpn:: {}, dnsForwarding: { networks: ['lan'] } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { version: '1.3', nameServers:: [], dnsForwarding: { networks: ['lan'] } } } } }",
		Fix:    "add nameServers to dnsForwarding",
		Source: "VyOS, service dns forwarding: dnsmasq until 1.1, the PowerDNS recursor after it",
		Firm:   true,
	}, {
		Name:   "vyos/unsupported-dns-ipv6",
		What:   "a DNS forwarder that asks an IPv6 address, on a release that takes IPv4 addresses only",
		Why:    "VyOS refuses the command",
		Breaks: "{ vms+: { rtr01+: { router+: { version: '1.1', openvpn:: {}, dnsForwarding: { networks: ['lan'], nameServers: ['2620:fe::fe'] } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { version: '1.1', openvpn:: {}, dnsForwarding: { networks: ['lan'], nameServers: ['9.9.9.9'] } } } } }",
		Fix:    "write the IPv4 address of a resolver",
		Source: "VyOS 1.1, service dns forwarding name-server",
		Firm:   true,
	}, {
		Name:   "vyos/unsupported-dns-zone",
		What:   "a domain that the DNS forwarder answers for alone, on a release that knows no zones",
		Why:    "VyOS has no command for it",
		Breaks: "{ vms+: { rtr01+: { router+: { version: '1.3', dnsForwarding: { networks: ['lan'], authoritative: true } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { version: '1.3', dnsForwarding: { networks: ['lan'] } } } } }",
		Fix:    "leave authoritative out: machines are known by name all the same",
		Source: "VyOS 1.4, service dns forwarding authoritative-domain",
		Firm:   true,
	}, {
		Name:   "vyos/zone-name",
		What:   "a domain too long to be a zone of VyOS",
		Why:    "VyOS refuses the command",
		Breaks: "{ domain: 'a-very-long-domain.of-a-very-long-name.nullzero.me.example.example', vms+: { rtr01+: { router+: { dnsForwarding: { networks: ['lan'], authoritative: true } } } } }",
		Passes: "{ domain: 'a-very-long-domain.of-a-very-long-name.nullzero.me.example.example', vms+: { rtr01+: { router+: { dnsForwarding: { networks: ['lan'] } } } } }",
		Fix:    "leave authoritative out: machines are known by name all the same",
		Source: "VyOS, service dns forwarding authoritative-domain",
		Firm:   true,
	}, {
		Name:   "dnsmasq/unsupported-recursion",
		What:   "a DNS forwarder on Debian without resolvers to ask",
		Why:    "dnsmasq asks others only",
		Breaks: debianRouter("nameServers:: [], dnsForwarding: { networks: ['lan'] }"),
		Passes: debianRouter("dnsForwarding: { networks: ['lan'] }"),
		Fix:    "add nameServers to dnsForwarding",
		Source: "dnsmasq(8)",
		Firm:   true,
	}, {
		Name:   "dnsmasq/unsupported-dhcp-only",
		What:   "a network with DHCP and without DNS, beside another one with DNS",
		Why:    "dnsmasq answers queries wherever it lends addresses",
		Breaks: debianRouter("dhcpServer: { lan: {} }, dnsForwarding: { networks: ['lab'] }") + labNetwork,
		Passes: debianRouter("dhcpServer: { lan: {} }, dnsForwarding: { networks: ['lab', 'lan'] }") + labNetwork,
		Fix:    "add the network to dnsForwarding",
		Source: "dnsmasq(8), interface and no-dhcp-interface",
		Firm:   true,
	}}
}
