package check

import (
	"net/netip"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// checkProtocols finds routing protocols that would talk to nobody, or of what
// they do not carry.
func checkProtocols(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		if b := vm.Router.BGP; b != nil {
			ipv4Networks(t, vm, routerPath(vm, "bgp", "networks"), b.Networks, &diags)
			for _, n := range b.Neighbors {
				bgpNeighbor(t, vm, b, n, &diags)
			}
		}
		if o := vm.Router.OSPF; o != nil {
			for _, a := range o.Areas {
				path := routerPath(vm, "ospf", "areas", a.Name, "networks")
				ipv4Networks(t, vm, path, a.Networks, &diags)
				onInterfaces(t, vm, path, a.Networks, &diags)
			}
			inOneArea(t, vm, o, &diags)
		}
	}
	return diags
}

// ipv4Networks finds networks of the other family.
func ipv4Networks(t *topology.Topology, vm *topology.VM, path string, networks []topology.Target, diags *diag.List) {
	for i, g := range networks {
		if p := t.Resolve(vm, g); p.IsValid() && !p.Addr().Is4() {
			diags.Errorf("routing/ipv4-only", diag.Join(path, i), "%s is IPv6, and this speaks of IPv4 networks", p).
				Hintf("leave it out, or write a static route")
		}
	}
}

// bgpNeighbor finds a neighbor that is not next to the router though it has to
// be, or is the router itself. One of the same system may be anywhere.
func bgpNeighbor(t *topology.Topology, vm *topology.VM, b *topology.BGP, n topology.BGPNeighbor, diags *diag.List) {
	path := routerPath(vm, "bgp", "neighbors", n.Name)
	a := netip.MustParseAddr(n.Name) // the schema's format
	switch {
	case vm.Owns(a):
		diags.Errorf("bgp/neighbor", path, "neighbor %s is the router itself", a).AtKey().
			Hintf("write the address of the other end")
	case n.RemoteAS == b.AS && n.EBGPMultihop != 0:
		diags.Errorf("bgp/multihop", diag.Join(path, "ebgpMultihop"), "the neighbor is in the same system, AS %d", b.AS).
			Also(routerPath(vm, "bgp", "as"), "the system").Hintf("leave it out: within a system any number of hops will do")
	case n.RemoteAS != b.AS && n.EBGPMultihop == 0 && !nextTo(t, vm, a):
		diags.Errorf("bgp/neighbor", path, "neighbor %s is in no network that %q is on", a, vm.Name).AtKey().
			Hintf("write an address next to the router, or ebgpMultihop: 2")
	}
}

// onInterfaces warns about a network by which OSPF runs on no interface.
func onInterfaces(t *topology.Topology, vm *topology.VM, path string, networks []topology.Target, diags *diag.List) {
	for i, g := range networks {
		p := t.Resolve(vm, g)
		on := !p.IsValid()
		for _, iface := range vm.Interfaces {
			for _, own := range t.AddressesOf(iface) {
				on = on || p.Contains(own.Addr())
			}
		}
		if !on {
			diags.Warningf("ospf/no-interface", diag.Join(path, i),
				"%q has no interface in %s: OSPF neither runs there nor announces it", vm.Name, p).
				Hintf("write a network of one of its interfaces, or redistribute: ['static']")
		}
	}
}

// inOneArea finds networks that are there twice, by name and by prefix perhaps:
// FRRouting refuses the second.
func inOneArea(t *topology.Topology, vm *topology.VM, o *topology.OSPF, diags *diag.List) {
	first := map[netip.Prefix]string{}
	for _, a := range o.Areas {
		for i, g := range a.Networks {
			p, path := t.Resolve(vm, g), routerPath(vm, "ospf", "areas", a.Name, "networks", i)
			if other := first[p]; other != "" {
				diags.Errorf("ospf/network-twice", path, "%s is in an area already", p).Also(other, "already used here").
					Hintf("leave one of them out")
			} else if p.IsValid() {
				first[p] = path
			}
		}
	}
}

// protocols checks the names that routing protocols use.
func (r *references) protocols(vm *topology.VM) {
	if b := vm.Router.BGP; b != nil {
		for i, g := range b.Networks {
			r.network(routerPath(vm, "bgp", "networks", i), g.Network)
		}
		for _, n := range b.Neighbors {
			if n.UpdateSource != "" && !topology.IsIP(n.UpdateSource) {
				r.routerInterface(routerPath(vm, "bgp", "neighbors", n.Name, "updateSource"), vm, n.UpdateSource)
			}
		}
	}
	if o := vm.Router.OSPF; o != nil {
		for _, a := range o.Areas {
			for i, g := range a.Networks {
				r.network(routerPath(vm, "ospf", "areas", a.Name, "networks", i), g.Network)
			}
		}
		for i, name := range o.PassiveInterfaces {
			r.routerInterface(routerPath(vm, "ospf", "passiveInterfaces", i), vm, name)
		}
	}
}
