package rules

// names are the rules about names and identities.
func names() []Rule {
	return []Rule{{
		Name:   "names/duplicate",
		What:   "a VM with the name of a host",
		Why:    "they share a folder of the output, a DNS domain and /etc/hosts",
		Breaks: "{ vms+: { vmm: super.lb01 { varnish:: null, interfaces: { eth0: { network: 'lan', address: '10.0.1.9' } } } } }",
		Passes: "{ networks+: { rtr01: { bridge: 'sw-lan', vlan: 5, subnet: '10.5.0.0/24' } } }",
		Fix:    "rename one of them",
		Source: "hosts(5)",
		Firm:   true,
	}, {
		Name:   "names/duplicate-uuid",
		What:   "two VMs with one UUID",
		Why:    "libvirt takes the second for the first, and refuses it",
		Breaks: "{ vms+: { lb01+: { uuid: '6f1c1b7e-5b0f-4a53-9d0e-0c4f3c1d7a11' }, web01+: { uuid: '6f1c1b7e-5b0f-4a53-9d0e-0c4f3c1d7a11' } } }",
		Passes: "{ vms+: { lb01+: { uuid: '6f1c1b7e-5b0f-4a53-9d0e-0c4f3c1d7a11' } } }",
		Fix:    "leave uuid out: it follows from the name",
		Source: "libvirt domain XML, uuid",
		Firm:   true,
	}, {
		Name:   "names/length",
		What:   "a full name that is longer than DNS can hold",
		Why:    "no resolver finds it",
		Breaks: "{ domain: std.join('.', std.repeat([std.repeat('a', 62)], 4)) }",
		Passes: "{ domain: std.join('.', std.repeat([std.repeat('a', 61)], 4)) }",
		Fix:    "shorten the name or the domain",
		Source: "RFC 1035, section 2.3.4",
		Firm:   true,
	}, {
		Name:   "names/numeric",
		What:   "a machine whose name is a number",
		Why:    "resolvers take it for an address: 7 is 0.0.0.7",
		Breaks: "{ vms+: { '7': super.lb01 { varnish:: null, interfaces: { eth0: { network: 'lan', address: '10.0.1.9' } } } } }",
		Passes: "{ vms+: { '7a': super.lb01 { varnish:: null, interfaces: { eth0: { network: 'lan', address: '10.0.1.9' } } } } }",
		Fix:    "put a letter in front",
		Source: "inet_aton(3)",
		Firm:   true,
	}, {
		Name:   "names/reserved",
		What:   "a machine or an interface with a name that the system gives to something of its own",
		Why:    "lo is the loopback device, vnet0 the end of a guest that libvirt removes",
		Breaks: "{ vms+: { lb01+: { interfaces: { lo: { network: 'lan', address: '10.0.1.2' } } } } }",
		Passes: "{ vms+: { lb01+: { interfaces: { lo1: { network: 'lan', address: '10.0.1.2' } } } } }",
		Fix:    "choose another name",
		Source: "RFC 6761; libvirt domain XML, target dev",
		Firm:   true,
	}}
}
