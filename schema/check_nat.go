package schema

import (
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// checkNAT finds translations that cannot be made.
func checkNAT(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		for _, n := range vm.Router.NAT.Source {
			sourceNAT(t, vm, n, &diags)
		}
		for _, n := range vm.Router.NAT.Destination {
			destinationNAT(t, vm, n, &diags)
		}
	}
	return diags
}

// sourceNAT finds a translation from one family of addresses to the other.
func sourceNAT(t *topology.Topology, vm *topology.VM, n topology.SourceNAT, diags *diag.List) {
	from := t.Resolve(vm, n.Source)
	if !n.Masquerade && from.IsValid() && from.Addr().Is4() != n.Translation.Is4() {
		diags.Errorf("addresses/family", routerPath(vm, "nat", "source", n.Number, "translation"),
			"the translation %s is %s, but the source %s is %s", n.Translation, family(n.Translation), from, family(from.Addr()))
	}
}

func destinationNAT(t *topology.Topology, vm *topology.VM, n topology.DestinationNAT, diags *diag.List) {
	path := routerPath(vm, "nat", "destination", n.Number)
	to := t.Resolve(vm, n.Translation)
	outside := n.Address
	if !outside.IsValid() {
		i := vm.Interface(n.InboundInterface)
		if i == nil {
			return // missing, or a tunnel, which has no address of its own in the topology
		}
		if outside = i.Address; !outside.IsValid() {
			diags.Errorf("nat/no-address", path, "the rule is for the address of interface %q, which has none", i.Name).
				Also(vmPath(vm, "interfaces", i.Name), "the interface").
				Hintf("add address: with what the packets are sent to")
			return
		}
	}
	if to.IsValid() && to.Addr().Is4() != outside.Is4() {
		diags.Errorf("addresses/family", diag.Join(path, "translation"),
			"the translation %s is %s, but %s is %s", to.Addr(), family(to.Addr()), outside, family(outside))
	}
}
