package check

import (
	"net/netip"
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// checkAddresses finds addresses of machines that cannot work.
func checkAddresses(t *topology.Topology) (diags diag.List) {
	places := addressUses(t)
	for _, p := range places {
		p.check(&diags)
	}
	duplicates(places, &diags)
	for i := range t.Hosts {
		bridgeAddresses(t, &t.Hosts[i], &diags)
	}
	for i := range t.VMs {
		oneDefaultRoute(t, &t.VMs[i], &diags)
	}
	return diags
}

// addressUse is where a machine has an address.
type addressUse struct {
	path    string // of the address
	address netip.Addr
	network *topology.Network
}

// addressUses lists all addresses whose network there is.
func addressUses(t *topology.Topology) (places []addressUse) {
	add := func(path string, a netip.Addr, network string) {
		if n := t.Network(network); n != nil && a.IsValid() {
			places = append(places, addressUse{path, a, n})
		}
	}
	for i := range t.Hosts {
		for _, b := range t.Hosts[i].Bridges {
			add(hostPath(&t.Hosts[i], "bridges", b.Name, "address"), b.Address, b.Network)
		}
	}
	for i := range t.VMs {
		for _, iface := range t.VMs[i].Interfaces {
			path := vmPath(&t.VMs[i], "interfaces", iface.Name)
			add(diag.Join(path, "address"), iface.Address, iface.Network)
			for j, p := range iface.Addresses {
				if n := t.Network(iface.Network); n != nil && n.Subnet.Contains(p.Addr()) {
					add(diag.Join(path, "addresses", j), p.Addr(), iface.Network)
				}
			}
		}
	}
	for _, g := range t.VRRP {
		add(diag.Path("vrrp", g.Name, "address"), g.Address, g.Network)
	}
	return places
}

func (p addressUse) check(diags *diag.List) {
	d := inSubnet(diags, p.path, p.address.String(), p.address, p.network.Subnet)
	if d != nil {
		d.Also(networkPath(p.network, "subnet"), "the subnet of network "+p.network.Name)
	}
}

// inSubnet reports an address that no machine of a subnet can have. What says
// which one it is.
func inSubnet(diags *diag.List, path, what string, a netip.Addr, subnet netip.Prefix) *diag.Diagnostic {
	switch {
	case a.Is4() != subnet.Addr().Is4():
		return diags.Errorf("addresses/family", path, "%s is %s, but the subnet %s is %s", what, family(a), subnet,
			family(subnet.Addr()))
	case !subnet.Contains(a):
		return diags.Errorf("addresses/outside-subnet", path, "%s is outside the subnet %s", what, subnet).
			Hintf("write an address from %s to %s", topology.FirstHost(subnet), topology.LastHost(subnet))
	case topology.HasReserved(subnet) && a == subnet.Addr():
		return diags.Errorf("addresses/reserved", path, "%s is the subnet %s itself, not an address in it", what, subnet).
			Hintf("write an address from %s to %s", topology.FirstHost(subnet), topology.LastHost(subnet))
	case topology.HasReserved(subnet) && a.Is4() && a == topology.LastAddress(subnet):
		return diags.Errorf("addresses/reserved", path, "%s is the broadcast address of the subnet %s", what, subnet).
			Hintf("write an address from %s to %s", topology.FirstHost(subnet), topology.LastHost(subnet))
	}
	return nil
}

// duplicates are looked for network by network: where two networks overlap,
// that is what is wrong.
func duplicates(places []addressUse, diags *diag.List) {
	type key struct {
		network string
		address netip.Addr
	}
	first := map[key]string{}
	for _, p := range places {
		k := key{p.network.Name, p.address}
		other, taken := first[k]
		if !taken {
			first[k] = p.path
			continue
		}
		diags.Errorf("addresses/duplicate", p.path, "%s is already used by %s", p.address, other).
			Also(other, "already used here")
	}
}

// bridgeAddresses checks what belongs to a bridge's own address.
func bridgeAddresses(t *topology.Topology, h *topology.Host, diags *diag.List) {
	for _, b := range h.Bridges {
		path := hostPath(h, "bridges", b.Name)
		n := t.Network(b.Network)
		switch {
		case b.Address.IsValid() && b.Network == "":
			diags.Errorf("addresses/no-network", diag.Join(path, "address"),
				"%s has no prefix length: the bridge names no network", b.Address).
				Hintf("add network: with the name of the network it is in")
		case b.Broadcast.IsValid() && !b.Address.IsValid():
			diags.Errorf("addresses/broadcast", diag.Join(path, "broadcast"), "a broadcast address is given without an address").
				Hintf("leave it out")
		case b.Broadcast.IsValid() && n != nil:
			broadcast(diags, diag.Join(path, "broadcast"), b.Broadcast, n)
		}
	}
}

func broadcast(diags *diag.List, path string, a netip.Addr, n *topology.Network) {
	switch {
	case !n.Subnet.Addr().Is4():
		diags.Errorf("addresses/broadcast", path, "IPv6 has no broadcast address").
			Also(networkPath(n, "subnet"), "an IPv6 subnet").Hintf("leave it out")
	case !topology.HasReserved(n.Subnet):
		diags.Errorf("addresses/broadcast", path, "the subnet %s has no broadcast address (RFC 3021)", n.Subnet).
			Also(networkPath(n, "subnet"), "the subnet").Hintf("leave it out")
	case a != topology.LastAddress(n.Subnet):
		diags.Errorf("addresses/broadcast", path, "%s is not the broadcast address of the subnet %s", a, n.Subnet).
			Also(networkPath(n, "subnet"), "the subnet").
			Hintf("it is %s; leave it out and it follows", topology.LastAddress(n.Subnet))
	}
}

// oneDefaultRoute warns about a VM with a choice of gateways: only one of them
// is used, and answers to what came in by the other leave the wrong way.
func oneDefaultRoute(t *topology.Topology, vm *topology.VM, diags *diag.List) {
	used, gateway := t.DefaultRoute(vm)
	for _, i := range vm.Interfaces {
		n := t.Network(i.Network)
		if i.Name == used || n == nil || !i.Address.IsValid() || !n.Gateway.IsValid() || vm.Owns(n.Gateway) {
			continue
		}
		if n.Gateway == gateway || n.Gateway.Is4() != gateway.Is4() || routesBy(vm, n.Gateway) {
			continue
		}
		diags.Warningf("addresses/two-gateways", vmPath(vm, "interfaces", i.Name, "network"),
			"network %q has a gateway, %s, but the default route of %q is %s by %s", n.Name, n.Gateway, vm.Name, gateway, used).
			Also(vmPath(vm, "interfaces", used), "the default route").
			Also(networkPath(n, "gateway"), "the gateway that is not used").
			Hintf("leave the gateway out of one of the two networks, or give a router a static route by it with another distance")
	}
}

// routesBy reports whether a router has a static route by a gateway, and so does use it.
func routesBy(vm *topology.VM, gateway netip.Addr) bool {
	return vm.Router != nil && slices.ContainsFunc(vm.Router.StaticRoutes,
		func(r topology.StaticRoute) bool { return r.NextHop == gateway })
}
