package schema

import (
	"net/netip"

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
			ownInterface(vm, n, &diags)
		}
		for _, n := range vm.Router.NAT.Destination {
			destinationNAT(t, vm, n, &diags)
			allPorts(vm, n, &diags)
		}
		natInOrder(t, vm, &diags)
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

// natInOrder finds rules of NAT that an earlier one leaves nothing to do.
func natInOrder(t *topology.Topology, vm *topology.VM, diags *diag.List) {
	nat := vm.Router.NAT
	for i, late := range nat.Source {
		for _, early := range nat.Source[:i] {
			if early.OutboundInterface == late.OutboundInterface && covers(t.Resolve(vm, early.Source), t.Resolve(vm, late.Source)) {
				natShadowed(vm, "source", late.Number, early.Number, diags)
				break
			}
		}
	}
	for i, late := range nat.Destination {
		for _, early := range nat.Destination[:i] {
			if early.InboundInterface == late.InboundInterface && outsideOf(vm, early) == outsideOf(vm, late) &&
				protocolCovers(early.Protocol, late.Protocol) && early.Port.Contains(late.Port) {
				natShadowed(vm, "destination", late.Number, early.Number, diags)
				break
			}
		}
	}
}

func natShadowed(vm *topology.VM, kind string, late, early int, diags *diag.List) {
	diags.Warningf("nat/shadowed", routerPath(vm, "nat", kind, late), "rule %d is never reached: rule %d matches all that it matches", late, early).
		Also(routerPath(vm, "nat", kind, early), "the earlier rule").
		Hintf("remove it, or give it a number before %d", early)
}

func covers(wide, narrow netip.Prefix) bool {
	return wide.IsValid() && narrow.IsValid() && wide.Bits() <= narrow.Bits() && wide.Contains(narrow.Addr())
}

// outsideOf is the address that a rule of destination NAT is for.
func outsideOf(vm *topology.VM, rule topology.DestinationNAT) netip.Addr {
	if i := vm.Interface(rule.InboundInterface); i != nil && !rule.Address.IsValid() {
		return i.Address
	}
	return rule.Address
}

// ownInterface warns about source NAT on the interface of the source itself:
// what is for outside leaves by another one.
func ownInterface(vm *topology.VM, rule topology.SourceNAT, diags *diag.List) {
	i := vm.Interface(rule.OutboundInterface)
	if i != nil && rule.Source.Network != "" && i.Network == rule.Source.Network {
		diags.Warningf("nat/own-interface", routerPath(vm, "nat", "source", rule.Number, "outboundInterface"), "packets of network %q enter by %q, they do not leave by it", i.Network, i.Name).
			Also(vmPath(vm, "interfaces", i.Name), "the interface").Hintf("write the outside interface")
	}
}

// allPorts warns about destination NAT that takes the router's own services
// along.
func allPorts(vm *topology.VM, rule topology.DestinationNAT, diags *diag.List) {
	if len(rule.Port) > 0 || !vm.Owns(outsideOf(vm, rule)) {
		return
	}
	for _, l := range vm.Listeners() {
		if protocolCovers(rule.Protocol, l.Protocol) {
			diags.Warningf("nat/all-ports", routerPath(vm, "nat", "destination", rule.Number), "the rule takes every %s port of %s, that of %s too", rule.Protocol, outsideOf(vm, rule), serviceName(l)).
				Hintf("add port: with what is meant, or address: with one that the router does not need itself")
			return
		}
	}
}
