package check

import (
	"net/netip"
	"slices"
	"strconv"

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
		natShape(vm, &diags)
		natOwners(t, vm, &diags)
		for _, n := range vm.Router.NAT.Source {
			sourceNAT(t, vm, n, &diags)
			ownInterface(vm, n, &diags)
		}
		for _, n := range vm.DestinationRules() {
			destinationNAT(t, vm, n, &diags)
			allPorts(vm, n, &diags)
		}
		natInOrder(t, vm, &diags)
	}
	return diags
}

// natPath is where a rule of NAT is written.
func natPath(vm *topology.VM, k topology.NATKey, tokens ...any) string {
	return diag.Join(routerPath(vm, "nat", k.List, k.Number), tokens...)
}

// sourceNAT finds a translation from one family of addresses to the other.
func sourceNAT(t *topology.Topology, vm *topology.VM, n topology.SourceNAT, diags *diag.List) {
	from, to := t.Resolve(vm, n.Source), t.Resolve(vm, n.Destination)
	if as := n.Translation.First; as.IsValid() && from.IsValid() && from.Addr().Is4() != as.Is4() {
		diags.Errorf("addresses/family", natPath(vm, n.Written, "translation"),
			"the translation %s is %s, but the source %s is %s", n.Translation, family(as), from, family(from.Addr()))
	}
	if from.IsValid() && to.IsValid() && from.Addr().Is4() != to.Addr().Is4() {
		diags.Errorf("addresses/family", natPath(vm, n.Written, "destination"),
			"the destination %s is %s, but the source %s is %s", to, family(to.Addr()), from, family(from.Addr()))
	}
}

func destinationNAT(t *topology.Topology, vm *topology.VM, n topology.DestinationNAT, diags *diag.List) {
	to, from, outside := t.Resolve(vm, n.Translation), t.Resolve(vm, n.Source), vm.PublicAddress(n)
	if !outside.IsValid() {
		// Else it is missing, or a tunnel, which has none of its own in the topology. Of an
		// address that a provider lends, all that comes in by the interface is matched.
		if i := vm.Interface(n.InboundInterface); i != nil && !i.DHCP {
			diags.Errorf("nat/no-address", natPath(vm, n.Written),
				"the rule is for the address of interface %q, which has none", i.Name).
				Also(vmPath(vm, "interfaces", i.Name), "the interface").
				Hintf("add address: with what the packets are sent to")
		}
		return
	}
	if to.IsValid() && to.Addr().Is4() != outside.Is4() {
		diags.Errorf("addresses/family", natPath(vm, n.Written, "translation"),
			"the translation %s is %s, but %s is %s", to.Addr(), family(to.Addr()), outside, family(outside))
	}
	if from.IsValid() && from.Addr().Is4() != outside.Is4() {
		diags.Errorf("addresses/family", natPath(vm, n.Written, "source"),
			"the source %s is %s, but %s is %s", from, family(from.Addr()), outside, family(outside))
	}
}

// natInOrder finds rules of NAT that an earlier one leaves nothing to do.
func natInOrder(t *topology.Topology, vm *topology.VM, diags *diag.List) {
	source, destination := t.SourceRules(vm), vm.DestinationRules()
	for i, late := range source {
		for _, early := range source[:i] {
			if early.OutboundInterface == late.OutboundInterface && protocolCovers(early.Protocol, late.Protocol) &&
				targetCovers(t, vm, early.Source, late.Source) && targetCovers(t, vm, early.Destination, late.Destination) {
				natShadowed(vm, late.Written, early.Written, diags)
				break
			}
		}
	}
	for i, late := range destination {
		for _, early := range destination[:i] {
			if (early.InboundInterface == late.InboundInterface && !late.Hairpin || early.Hairpin) &&
				vm.PublicAddress(early) == vm.PublicAddress(late) &&
				protocolCovers(early.Protocol, late.Protocol) && early.Port.Contains(late.Port) &&
				targetCovers(t, vm, early.Source, late.Source) {
				natShadowed(vm, late.Written, early.Written, diags)
				break
			}
		}
	}
}

func natShadowed(vm *topology.VM, late, early topology.NATKey, diags *diag.List) {
	if late == early {
		return
	}
	diags.Warningf("nat/shadowed", natPath(vm, late), "rule %d is never reached: rule %d matches all that it matches",
		late.Number, early.Number).
		Also(natPath(vm, early), "the earlier rule").
		Hintf("remove it, or give it a number before %d", early.Number)
}

// ownInterface warns about source NAT on the interface of the source itself:
// what is for outside leaves by another one.
func ownInterface(vm *topology.VM, rule topology.SourceNAT, diags *diag.List) {
	i := vm.Interface(rule.OutboundInterface)
	if i != nil && rule.Source.Network != "" && i.Network == rule.Source.Network && rule.Destination.IsZero() {
		diags.Warningf("nat/own-interface", routerPath(vm, "nat", "source", rule.Number, "outboundInterface"),
			"packets of network %q enter by %q, they do not leave by it", i.Network, i.Name).
			Also(vmPath(vm, "interfaces", i.Name), "the interface").Hintf("write the outside interface")
	}
}

// hasFirst reports whether an address is the first of an interface. At the others a
// router may leave everything to another machine.
func hasFirst(vm *topology.VM, a netip.Addr) bool {
	return slices.ContainsFunc(vm.Interfaces, func(i topology.Interface) bool { return i.Address == a })
}

// allPorts warns about destination NAT that takes the router's own services
// along.
func allPorts(vm *topology.VM, rule topology.DestinationNAT, diags *diag.List) {
	address := vm.PublicAddress(rule)
	if len(rule.Port) > 0 || rule.Exclude || address.IsValid() && !hasFirst(vm, address) {
		return
	}
	of := "the address that interface " + strconv.Quote(rule.InboundInterface) + " is given"
	if address.IsValid() {
		of = address.String()
	}
	for _, l := range vm.Listeners() {
		if protocolCovers(rule.Protocol, l.Protocol) {
			diags.Warningf("nat/all-ports", natPath(vm, rule.Written), "the rule takes every %s port of %s, that of %s too",
				l.Protocol, of, serviceName(l)).
				Hintf("add port: with what is meant, or address: with one that the router does not need itself")
			return
		}
	}
}
