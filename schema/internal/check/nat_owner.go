package check

import (
	"net/netip"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// natOwners finds translations with an address that nobody has on the link it is
// of: nobody answers when the gateway asks for it by ARP, and nothing arrives.
func natOwners(t *topology.Topology, vm *topology.VM, diags *diag.List) {
	for _, s := range vm.Router.NAT.Source {
		if s.Exclude || s.Masquerade {
			continue
		}
		natOwner(t, vm, s.OutboundInterface, s.Translation, natPath(vm, topology.NATKey{List: "source", Number: s.Number},
			"translation"), diags)
	}
	for _, d := range vm.DestinationRules() {
		if vm.PublicAddress(d).IsValid() && !d.Exclude {
			natOwner(t, vm, d.InboundInterface, topology.AddrRange{First: vm.PublicAddress(d), Last: vm.PublicAddress(d)},
				natPath(vm, d.Written, "address"), diags)
		}
	}
}

// natOwner finds the first address of a range that lies in a subnet of an
// interface and is not the router's.
func natOwner(t *topology.Topology, vm *topology.VM, name string, r topology.AddrRange, path string, diags *diag.List) {
	iface := vm.Interface(name)
	if iface == nil || !r.First.IsValid() {
		return
	}
	for _, p := range t.AddressesOf(*iface) {
		for a := r.First; a.IsValid() && r.Contains(a) && p.Contains(a); a = a.Next() {
			if vm.Owns(a) {
				continue
			}
			diags.Errorf("nat/not-own", path, "%s is in the subnet of %q, and %q does not have it: nobody answers for it there",
				a, name, vm.Name).
				Also(vmPath(vm, "interfaces", name), "the interface").
				Hintf("add addresses: ['%s'] to the interface, or write an address that it has", netip.PrefixFrom(a, p.Bits()))
			return
		}
	}
}
