package rules

// provision are the rules about what VMs are told before they first start.
func provision() []Rule {
	return []Rule{{
		Name:   "provision/nothing-to-boot",
		What:   "a VM whose first disk is blank, without installation medium and without kernel",
		Why:    "its firmware finds nothing to start; often disks: was written where disks+: was meant, and the image is gone",
		Breaks: "{ vms+: { lb01+: { disks: { vda: { size: '20GiB' } } } } }",
		Passes: "{ vms+: { lb01+: { disks+: { vda+: { size: '20GiB' } } } } }",
		Fix:    "give the first disk an image, or add install or boot; lower it for a disk that somebody fills by hand",
		Source: "libvirt domain XML, operating system booting",
	}, {
		Name:   "provision/packages-fight",
		What:   "a package that conflicts with what the topology installs, takes a port of it, or writes the same files",
		Why:    "apt refuses it or removes ours, or two daemons want one thing",
		Breaks: "{ vms+: { web01+: { packages: ['ifupdown2'] } } }",
		Passes: "{ vms+: { db01+: { packages: ['apache2'] } } }",
		Fix:    "leave it out",
		Source: "Debian, Conflicts of the packages",
	}, {
		Name:   "provision/no-image",
		What:   "a first boot to prepare on a disk that is blank",
		Why:    "there is no system on it that could be told anything",
		Breaks: "{ vms+: { rtr01+: { provision: 'cloud-init' } } }",
		Passes: "{ vms+: { rtr01+: { provision: 'cloud-init', install:: null, disks: { vda: { size: '10GiB', image: 'vyos' } } } }, images+: { vyos: { path: '/var/lib/libvirt/images/vyos.qcow2', format: 'qcow2' } } }",
		Fix:    "give the disk an image, or write provision: 'none'",
		Source: "cloud-init, NoCloud",
		Firm:   true,
	}, {
		Name:   "provision/unknown-system",
		What:   "a first boot to prepare of a system that is not known here",
		Why:    "each system keeps its names, addresses and keys elsewhere",
		Breaks: "{ vms+: { rtr01+: { provision: 'offline', install:: null, disks: { vda: { size: '10GiB', image: 'vyos' } } } }, images+: { vyos: { path: '/var/lib/libvirt/images/vyos.qcow2', format: 'qcow2' } } }",
		Passes: "{ vms+: { lb01+: { provision: 'cloud-init' } } }",
		Fix:    "write os: 'debian-12', or provision: 'none'",
		Source: "cloud-init, NoCloud",
		Firm:   true,
	}}
}
