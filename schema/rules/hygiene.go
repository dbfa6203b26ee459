package rules

// hygiene are the rules about what works, but will be regretted.
func hygiene() []Rule {
	return []Rule{{
		Name:   "hygiene/unused",
		What:   "a network, image, pool, ruleset or php block that nothing uses",
		Why:    "the reader looks for what it is for; a misspelt name leaves such things behind",
		Breaks: "{ images+: { old: { path: '/var/lib/libvirt/images/debian-7.qcow2', format: 'qcow2' } } }",
		Passes: "{ images+: { old: { path: '/var/lib/libvirt/images/debian-7.qcow2', format: 'qcow2' } }, vms+: { lb01+: { disks+: { vdb: { size: '1GiB', image: 'old' } } } } }",
		Fix:    "use it, or remove it",
		Source: "good sense",
	}, {
		Name:   "hygiene/plain-secret",
		What:   "a value or a file with what looks like a secret, written out",
		Why:    "it is in git for ever, and in the rendered files",
		Breaks: "{ vms+: { web01+: { php+: { env+: { API_TOKEN: 'd41d8cd98f00b204' } } } } }",
		Passes: "{ vms+: { web01+: { php+: { env+: { API_TOKEN: { secret: 'web01/api' } } } } } }",
		Fix:    "write { secret: … }; let the program read it from its environment",
		Source: "OWASP, Secrets Management Cheat Sheet",
	}, {
		Name:   "hygiene/shared-identity",
		What:   "VMs made from one image that nobody makes machines of their own",
		Why:    "they share a machine-id, and so addresses from DHCP, and the keys of their SSH servers",
		Breaks: "{ vms+: { lb01+: { provision: 'none' }, web01+: { provision: 'none' } } }",
		Passes: "{ vms+: { lb01+: { provision: 'none' } } }",
		Fix:    "write provision: 'offline'",
		Source: "machine-id(5)",
	}, {
		Name:   "capacity/undeclared",
		What:   "VMs that want more than any machine has, on a host of which nobody says what it has",
		Why:    "nobody notices when it is too much",
		Breaks: "{ hosts+: { vmm+: { capacity:: null } } }",
		Passes: "{ hosts+: { vmm+: { capacity:: null } }, vms+: { [name]: super[name] { vcpus: 1, memory: '1GiB' } for name in ['rtr01', 'lb01', 'web01', 'db01'] } }",
		Fix:    "add capacity: { cpus: …, memory: … } to the host",
		Source: "good sense",
	}, {
		Name:   "capacity/overcommit",
		What:   "VMs that together want more than their host has",
		Why:    "processors are shared; without memory the host stops a VM; without room on the disk all of them stop",
		Breaks: "{ hosts+: { vmm+: { capacity+: { memory: '12GiB' } } } }",
		Passes: "{ hosts+: { vmm+: { capacity+: { memory: '16GiB' } } } }",
		Fix:    "lower what they want, or move some",
		Source: "libvirt, domain memory; qemu-img(1) about growing disks",
	}, {
		Name:   "capacity/too-large",
		What:   "a VM or disk that wants more than its host or pool has at all",
		Why:    "it does not start",
		Breaks: "{ vms+: { db01+: { memory: '96GiB' } } }",
		Passes: "{ vms+: { db01+: { memory: '48GiB' } } }",
		Fix:    "write what it has at most",
		Source: "libvirt, domain memory",
	}}
}
