package rules

// references are the rules about names that name nothing.
func references() []Rule {
	return []Rule{{
		Name:   "references/missing",
		What:   "a name of a network, VM, host, image, pool, interface, database, table or column that there is not",
		Why:    "there is nothing to put in its place",
		Breaks: "{ vms+: { web01+: { interfaces+: { eth0+: { network: 'lna' } } } } }",
		Passes: "{ vms+: { web01+: { interfaces+: { eth1: { network: 'public' } } } } }",
		Fix:    "write the name of one that there is",
		Source: "the topology itself",
		Firm:   true,
	}, {
		Name:   "references/no-address",
		What:   "a reference to a VM that has no address",
		Why:    "a name stands for an address in rendered files",
		Breaks: "{ vms+: { db01+: { interfaces: { eth0: { network: 'lan' } } } } }",
		Passes: "{ vms+: { web01+: { interfaces+: { eth1: { network: 'public' } } } } }",
		Fix:    "give one of its interfaces an address",
		Source: "the topology itself",
		Firm:   true,
	}, {
		Name:   "references/image-format",
		What:   "a disk made from an installation medium, or an installation from a disk image",
		Why:    "libvirt would start a guest from what does not boot",
		Breaks: "{ vms+: { web01+: { disks+: { vda+: { image: 'vyos' } } } } }",
		Passes: "{ images+: { 'debian-12'+: { format: 'raw' } } }",
		Fix:    "name an image of the right format",
		Source: "qemu-img(1)",
		Firm:   true,
	}, {
		Name:   "references/one-target",
		What:   "a target that names two of vm, network and address",
		Why:    "they could differ",
		Breaks: "{ vms+: { lb01+: { varnish+: { backends+: { web01+: { address: '10.0.1.3' } } } } } }",
		Passes: "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-in'+: { rules+: { '20': { action: 'drop', source: { network: 'public' }, destination: { vm: 'web01' } } } } } } } } } }",
		Fix:    "keep one of them",
		Source: "the topology itself",
		Firm:   true,
	}, {
		Name:   "references/no-target",
		What:   "a backend without a server, or a translation to nobody",
		Why:    "there is nobody to send to",
		Breaks: "{ vms+: { rtr01+: { router+: { nat+: { destination+: { '10'+: { translation: {} } } } } } } }",
		Passes: "{ vms+: { lb01+: { varnish+: { backends: { web01: { address: '192.0.2.80' } } } } } }",
		Fix:    "name a VM or an address",
		Source: "the topology itself",
		Firm:   true,
	}}
}
