package flow

import (
	"net/netip"
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// link is a subnet that an interface is connected to.
type link struct {
	prefix netip.Prefix
	own    netip.Addr // the machine's own address in it; zero: lent by somebody outside
}

// links are the subnets that an interface is connected to: those of its addresses,
// and that of an address which it is lent.
func (n *Net) links(iface *topology.Interface) (all []link) {
	for _, p := range n.AddressesOf(*iface) {
		all = append(all, link{p.Masked(), p.Addr()})
	}
	if network := n.Network(iface.Network); network != nil && n.borrows(iface) {
		all = append(all, link{network.Subnet, n.lease(iface)})
	}
	return all
}

// borrows reports whether an interface has its IPv4 address from a DHCP server.
func (n *Net) borrows(iface *topology.Interface) bool {
	if iface.DHCP {
		return true
	}
	router, _ := n.lender(iface.Network)
	return router != nil && !iface.Address.IsValid() && iface.Kind() == topology.Card
}

// lender is a DHCP server.
type lender struct {
	router *topology.VM
	server *topology.DHCPServer
}

// lenders are the DHCP servers by their networks, the first of each.
func lenders(t *topology.Topology) map[string]lender {
	all := map[string]lender{}
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		for j := range vm.Router.DHCPServers {
			d := &vm.Router.DHCPServers[j]
			if _, taken := all[d.Name]; !taken {
				all[d.Name] = lender{vm, d}
			}
		}
	}
	return all
}

// lender is the router whose DHCP server is for a network, or nil.
func (n *Net) lender(network string) (*topology.VM, *topology.DHCPServer) {
	l := n.lenders[network]
	return l.router, l.server
}

// lease is the address that an interface is lent: that of its mapping, or one of
// the range. It is zero where a provider lends.
func (n *Net) lease(iface *topology.Interface) netip.Addr {
	router, d := n.lender(iface.Network)
	if router == nil {
		return netip.Addr{}
	}
	if a := n.mapped(iface, router, d); a.IsValid() || len(d.Ranges) == 0 {
		return a
	}
	return d.Ranges[0].Start
}

// mapped is the address that a server keeps for an interface; zero if it does not.
func (n *Net) mapped(iface *topology.Interface, router *topology.VM, d *topology.DHCPServer) netip.Addr {
	for _, m := range n.Mappings(router, d) {
		if m.MAC == iface.MAC && iface.MAC != "" {
			return m.Address
		}
	}
	return netip.Addr{}
}

// keep gives interfaces the addresses that a DHCP server keeps for them.
func (n *Net) keep(vm *topology.VM, iface *topology.Interface) {
	router, d := n.lender(iface.Network)
	network := n.Network(iface.Network)
	if router == nil || network == nil || !n.borrows(iface) {
		return
	}
	if a := n.mapped(iface, router, d); a.IsValid() {
		n.own(a, owner{vm: vm, iface: iface, network: network, onMachine: vm.Name, path: diag.Path("vms", vm.Name,
			"interfaces", iface.Name)})
	}
}

// has reports whether an address is a VM's own, be it lent.
func (n *Net) has(vm *topology.VM, a netip.Addr) bool {
	return vm.Owns(a) || slices.ContainsFunc(n.owners[a], func(o owner) bool { return o.vm == vm })
}

// defaultRoute is the default route of a VM for a family: by a gateway that the
// topology names, or by one that the machine is told.
func (n *Net) defaultRoute(vm *topology.VM, v4 bool) (route, bool) {
	if name, gateway := n.DefaultRoute(vm); gateway.IsValid() && gateway.Is4() == v4 {
		iface := vm.Interface(name)
		r := n.by(vm, iface, gateway, v4)
		r.path = diag.Path("networks", iface.Network, "gateway")
		return r, true
	}
	for i := range vm.Interfaces {
		iface := &vm.Interfaces[i]
		if n.Network(iface.Network) == nil {
			continue
		}
		if hop, told := n.told(vm, iface, v4); told {
			return n.by(vm, iface, hop, v4), true
		}
	}
	return route{}, false
}

// by is the way by a hop behind an interface.
func (n *Net) by(vm *topology.VM, iface *topology.Interface, hop netip.Addr, v4 bool) route {
	r := route{network: n.Network(iface.Network), device: iface.Name, hop: hop, host: vm.Host, path: diag.Path("vms",
		vm.Name, "interfaces", iface.Name)}
	for _, l := range n.links(iface) {
		if l.prefix.Addr().Is4() == v4 && (!r.source.IsValid() || l.prefix.Contains(hop)) {
			r.source = l.own
		}
	}
	return r
}

// told is the gateway that a machine is told of on an interface: by DHCP, or by
// router advertisements. It is zero when somebody outside tells.
func (n *Net) told(vm *topology.VM, iface *topology.Interface, v4 bool) (hop netip.Addr, ok bool) {
	switch router, d := n.lender(iface.Network); {
	case v4 && router != nil && n.borrows(iface):
		hop = n.DHCPRouter(d)
		return hop, hop.IsValid() && !n.has(vm, hop)
	case v4:
		return netip.Addr{}, iface.DHCP
	case iface.DHCPv6:
		return netip.Addr{}, true
	}
	return n.advertised(vm, iface)
}

// advertised is the address of a router that tells others on a network that it is
// theirs, if the VM has an IPv6 address there and does not route itself.
func (n *Net) advertised(vm *topology.VM, iface *topology.Interface) (hop netip.Addr, ok bool) {
	if vm.Router != nil || !slices.ContainsFunc(n.links(iface), func(l link) bool { return l.prefix.Addr().Is6() }) {
		return netip.Addr{}, false
	}
	for i := range n.VMs {
		other := &n.VMs[i]
		if other.Router == nil {
			continue
		}
		for _, a := range other.Router.RouterAdverts {
			by := other.Interface(a.Name)
			if by == nil || by.Network != iface.Network {
				continue
			}
			for _, p := range n.AddressesOf(*by) {
				if p.Addr().Is6() {
					return p.Addr(), true
				}
			}
		}
	}
	return netip.Addr{}, false
}

// lentOutside reports whether somebody outside lends addresses on a network.
func (n *Net) lentOutside(network *topology.Network) bool {
	if router, _ := n.lender(network.Name); router != nil {
		return false
	}
	return slices.ContainsFunc(n.VMs, func(vm topology.VM) bool {
		return slices.ContainsFunc(vm.Interfaces, func(i topology.Interface) bool {
			return i.Network == network.Name && (i.DHCP || i.DHCPv6)
		})
	})
}
