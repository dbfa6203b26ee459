package rules

// interfaces are the rules about the interfaces of VMs.
func interfaces() []Rule {
	return []Rule{{
		Name:   "interfaces/kind",
		What:   "a bond, a dummy or a loopback in a VM that is no router",
		Why:    "nothing would set it up",
		Breaks: "{ vms+: { web01+: { interfaces+: { dum0: { addresses: ['192.0.2.1/32'] } } } } }",
		Passes: "{ vms+: { rtr01+: { interfaces+: { dum0: { addresses: ['192.0.2.1/32'] } } } } }",
		Fix:    "give the card another name, or the VM a router block",
		Source: "the names of VyOS and the kernel",
		Firm:   true,
	}, {
		Name:   "interfaces/card-only",
		What:   "a MAC address or offloads of an interface that is no card",
		Why:    "it uses those of the card below it",
		Breaks: "{ vms+: { rtr01+: { interfaces+: { dum0: { addresses: ['192.0.2.1/32'], mac: '52:54:00:00:00:09' } } } } }",
		Passes: "{ vms+: { rtr01+: { interfaces+: { dum0: { addresses: ['192.0.2.1/32'] } } } } }",
		Fix:    "write it in the card",
		Source: "libvirt domain XML, interface",
		Firm:   true,
	}, {
		Name:   "interfaces/network",
		What:   "a card, a VLAN or a bond on no network, or a loopback or dummy on one",
		Why:    "a network is where frames go, and those of a dummy go nowhere",
		Breaks: "{ vms+: { rtr01+: { interfaces+: { eth2: {} } } } }",
		Passes: "{ vms+: { rtr01+: { interfaces+: { lo: { addresses: ['192.0.2.1/32'] } } } } }",
		Fix:    "add network, or leave it out",
		Source: "interfaces(5)",
		Firm:   true,
	}, {
		Name:   "interfaces/dhcp",
		What:   "an interface that asks for an address that it is given, or that has nobody to ask",
		Why:    "which of the two it has is not for us to say",
		Breaks: "{ vms+: { web01+: { interfaces+: { eth0+: { dhcp: true } } } } }",
		Passes: "{ vms+: { web01+: { interfaces+: { eth0+: { dhcpv6: true } } } } }",
		Fix:    "leave out one of the two",
		Source: "VyOS, interfaces ethernet address",
		Firm:   true,
	}, {
		Name:   "interfaces/vlan",
		What:   "a VLAN of a router's interface that is not the one of its network, or whose frames do not reach it",
		Why:    "nobody would answer",
		Breaks: "{ networks+: { guests: { bridge: 'sw-lan', vlan: 30, subnet: '10.0.30.0/24' } }, vms+: { rtr01+: { interfaces+: { 'eth1.20': { network: 'guests', address: '10.0.30.1' } } } } }",
		Passes: "{ networks+: { guests: { bridge: 'sw-lan', vlan: 30, subnet: '10.0.30.0/24' } }, vms+: { rtr01+: { interfaces+: { 'eth1.30': { network: 'guests', address: '10.0.30.1' } } } } }",
		Fix:    "name the interface after the tag, and put the card below it on the bridge without one",
		Source: "ovs-vswitchd.conf.db(5), vlan_mode",
		Firm:   true,
	}, {
		Name:   "interfaces/mtu",
		What:   "an MTU too small for an IPv6 address, or a VLAN's above that of the card below",
		Why:    "the kernel takes neither, and VyOS refuses the whole commit",
		Breaks: "{ vms+: { rtr01+: { interfaces+: { eth1+: { addresses: ['2001:db8::1/64'], mtu: 1279 } } } } }",
		Passes: "{ vms+: { rtr01+: { interfaces+: { eth1+: { addresses: ['2001:db8::1/64'], mtu: 1280 } } } } }",
		Fix:    "write 1280 or more for IPv6, and for a card at least what its VLANs have",
		Source: "RFC 8200, section 5; Linux, net/8021q/vlan_dev.c",
		Firm:   true,
	}, {
		Name:   "interfaces/bond",
		What:   "a bond without cards, of cards that have addresses, are in another bond or on another network",
		Why:    "the kernel takes what a card is for away from it when it joins a bond",
		Breaks: "{ vms+: { rtr01+: { interfaces+: { bond0: { network: 'lan', bond: { interfaces: ['eth1'] } } } } } }",
		Passes: "{ vms+: { rtr01+: { interfaces+: { eth2: { network: 'lan' }, bond0: { network: 'lan', bond: { interfaces: ['eth2'] } } } } } }",
		Fix:    "name cards of the bond's network without addresses",
		Source: "Linux, Documentation/networking/bonding.rst",
		Firm:   true,
	}}
}
