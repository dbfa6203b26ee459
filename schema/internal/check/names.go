package check

import (
	"cmp"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/internal/pattern"
	"stackgen/schema/topology"
)

// maxFQDN is the longest full name in DNS as text, RFC 1035 section 2.3.4.
const maxFQDN = 253

// checkNames finds names and identities that cannot be used, or not twice.
func checkNames(t *topology.Topology) (diags diag.List) {
	machineNames(t, &diags)
	uuids(t, &diags)
	interfaceNames(t, &diags)
	return diags
}

// machineNames are those of hosts and VMs together: they share a folder, a DNS
// domain and /etc/hosts.
func machineNames(t *topology.Topology, diags *diag.List) {
	for i := range t.Hosts {
		machineName(t, diags, hostPath(&t.Hosts[i]), t.Hosts[i].Name)
	}
	for i := range t.VMs {
		vm := &t.VMs[i]
		machineName(t, diags, vmPath(vm), vm.Name)
		if h := t.Host(vm.Name); h != nil {
			diags.Errorf("names/duplicate", vmPath(vm), "a VM and a host are both named %q", vm.Name).
				AtKey().Also(hostPath(h), "the host").Hintf("rename one of them")
		}
	}
}

func machineName(t *topology.Topology, diags *diag.List, path, name string) {
	switch {
	case name == "localhost":
		diags.Errorf("names/reserved", path, "%q names every machine to itself (RFC 6761)", name).AtKey()
	case strings.Trim(name, "0123456789") == "":
		diags.Errorf("names/numeric", path, "a resolver takes the name %q for an address", name).
			AtKey().Hintf("put a letter in front")
	case len(t.FQDN(name)) > maxFQDN:
		diags.Errorf("names/length", path, "the full name %q has %d characters, more than the %d of DNS", t.FQDN(name),
			len(t.FQDN(name)), maxFQDN).
			AtKey().Also("/domain", "the domain it is in")
	}
}

func uuids(t *topology.Topology, diags *diag.List) {
	first := map[string]*topology.VM{}
	for i := range t.VMs {
		vm := &t.VMs[i]
		other, taken := first[vm.UUID]
		if !taken {
			first[vm.UUID] = vm
			continue
		}
		hint := "leave it out: it follows from the name"
		if from := cmp.Or(vm.RenamedFrom, other.RenamedFrom); from != "" {
			hint = "one machine has the identity of " + from + ": remove the other one, or its renamedFrom"
		}
		diags.Errorf("names/duplicate-uuid", vmPath(vm, "uuid"), "UUID %q is already used by %s", vm.UUID, vmPath(other)).
			Also(vmPath(other, "uuid"), "already used here").
			Hintf("%s", hint)
	}
}

// reservedInterface matches names that the kernel, sysctl, Open vSwitch or
// libvirt give to devices of their own.
var reservedInterface = pattern.Lazy(`^(lo|all|default|ovs-system|ovs-netdev|vnet[0-9]+)$`)

// interfaceNames are those of bridges and bonds, which we make, of cards that are
// put into them, and of what guests have.
func interfaceNames(t *topology.Topology, diags *diag.List) {
	for i := range t.Hosts {
		h := &t.Hosts[i]
		for _, b := range h.Bridges {
			path := hostPath(h, "bridges", b.Name)
			reserved(path, b.Name, diags).AtKey()
			cards(diag.Join(path, "ports"), b.Ports, diags)
			for _, bond := range b.Bonds {
				at := diag.Join(path, "bonds", bond.Name)
				reserved(at, bond.Name, diags).AtKey()
				cards(diag.Join(at, "interfaces"), bond.Interfaces, diags)
			}
		}
	}
	for i := range t.VMs {
		for _, iface := range t.VMs[i].Interfaces {
			if t.VMs[i].Router == nil || iface.Kind() == topology.Card { // a router may speak of its loopback
				reserved(vmPath(&t.VMs[i], "interfaces", iface.Name), iface.Name, diags).AtKey()
			}
		}
	}
}

func cards(path string, names []string, diags *diag.List) {
	for i, name := range names {
		reserved(diag.Join(path, i), name, diags)
	}
}

// reserved reports a name that is not ours to use. Where there is none to report,
// what it gives is nobody's.
func reserved(path, name string, diags *diag.List) *diag.Diagnostic {
	if !reservedInterface().MatchString(name) {
		return &diag.Diagnostic{}
	}
	return diags.Errorf("names/reserved", path, "the interface name %q belongs to the system", name).
		Hintf("choose another name")
}
