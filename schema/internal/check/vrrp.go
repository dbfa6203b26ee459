package check

import (
	"net/netip"

	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/topology"
)

// maxInterval6 is the longest interval of version 3, the only one that has IPv6: it
// is sent in 12 bits of hundredths of a second (RFC 5798, section 5.2.7).
const maxInterval6 = 40

// checkVRRP finds addresses that routers cannot share.
func checkVRRP(t *topology.Topology) (diags diag.List) {
	type number struct {
		bridge     string
		vlan, vrid int
	}
	first := map[number]string{}
	for _, g := range t.VRRP {
		path := diag.Path("vrrp", g.Name)
		n := t.Network(g.Network)
		if n == nil {
			continue // references/missing
		}
		if !g.Address.IsValid() {
			diags.Errorf("vrrp/address", path, "group %q has no address, and network %q has no gateway", g.Name, n.Name).
				AtKey().Hintf("add address: to the group, or gateway: to the network")
		}
		if g.Address.Is6() && g.AdvertiseInterval > maxInterval6 {
			diags.Errorf("vrrp/interval", diag.Join(path, "advertiseInterval"), "%d seconds are more than the %d that VRRP can say about an IPv6 address", g.AdvertiseInterval, maxInterval6).
				Hintf("write at most %d", maxInterval6)
		}
		key := number{n.Bridge, n.VLAN, g.VRID}
		if other := first[key]; other != "" {
			diags.Errorf("vrrp/vrid-twice", diag.Join(path, "vrid"), "group %d is already %s on the same wire", g.VRID, other).
				Also(diag.Join(other, "vrid"), "already used here").Hintf("give each group a number of its own")
		} else {
			first[key] = path
		}
		for i, name := range g.Routers {
			sharer(t, &g, t.VM(name), diag.Join(path, "routers", i), &diags)
		}
	}
	return diags
}

// sharer finds a VM that cannot have the address of a group.
func sharer(t *topology.Topology, g *topology.VRRPGroup, vm *topology.VM, path string, diags *diag.List) {
	switch {
	case vm == nil: // references/missing
	case vm.Router == nil:
		diags.Errorf("vrrp/router", path, "VM %q has no router block", vm.Name).Also(vmPath(vm), "the VM").
			Hintf("name routers, or make the VM one")
	case vm.InterfaceOn(g.Network) == nil:
		diags.Errorf("vrrp/router", path, "%q has no address on network %q", vm.Name, g.Network).
			Also(vmPath(vm, "interfaces"), "its interfaces").
			Hintf("give it an interface there, with an address of its own")
	case vm.InterfaceOn(g.Network).Address.Is4() != g.Address.Is4() && g.Address.IsValid():
		diags.Errorf("vrrp/router", path, "%q has no %s address on network %q", vm.Name, family(g.Address), g.Network).
			Hintf("give its interface there an address of that family")
	}
}

// vrrp checks what groups name.
func (r *references) vrrp() {
	for _, g := range r.t.VRRP {
		r.network(diag.Path("vrrp", g.Name, "network"), g.Network)
		for i, name := range g.Routers {
			if r.t.VM(name) == nil {
				r.missing(diag.Path("vrrp", g.Name, "routers", i), reference{"", "VM", name}, vmNames(r.t))
			}
		}
	}
}

// advertisements is where routers of a group tell that they are up, over IPv4
// and IPv6 (RFC 5798, section 5.1).
var advertisements = [2]netip.Addr{netip.MustParseAddr("224.0.0.18"), netip.MustParseAddr("ff02::12")}

// checkAdvertisements finds routers of a group that do not hear each other: all
// of them then have the address.
func checkAdvertisements(t *topology.Topology) (diags diag.List) {
	if len(t.VRRP) == 0 {
		return nil
	}
	n := flow.New(t)
	for i := range t.VMs {
		vm := &t.VMs[i]
		for _, m := range t.VRRPOf(vm) {
			p := flow.Packet{Protocol: "vrrp", Source: peer(t, m, vm), To: advertisements[0]}
			if m.Group.Address.Is6() {
				p.To = advertisements[1]
			}
			if v, attached := n.Filter(vm, m.Interface.Name, "local", p); attached && !v.Accept {
				diags.Warningf("vrrp/blocked", v.Path, "%q does not hear the other routers of group %q, and takes the address while they have it", vm.Name, m.Group.Name).
					Also(diag.Path("vrrp", m.Group.Name), "the group").
					Hintf("add a rule to the ruleset: { action: 'accept', protocol: 'vrrp' }")
			}
		}
	}
	return diags
}

// peer is the address of another router of a group.
func peer(t *topology.Topology, m topology.Membership, vm *topology.VM) netip.Addr {
	for _, name := range m.Group.Routers {
		if other := t.VM(name); other != nil && name != vm.Name {
			return other.InterfaceOn(m.Group.Network).Address
		}
	}
	return netip.Addr{}
}
