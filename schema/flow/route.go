package flow

import (
	"net/netip"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// route is the way a machine sends a packet.
type route struct {
	network *topology.Network // onto which; nil for a tunnel
	device  string
	hop     netip.Addr // to whom on it
	source  netip.Addr // the machine's own address there
	host    string     // the hypervisor that it leaves from
	path    string     // what says so
	tunnel  bool
}

// routeOf is how a VM sends to an address: the longest prefix among the networks
// it is on, its static routes and tunnels, and its default route.
func (n *Net) routeOf(vm *topology.VM, to netip.Addr) (best route, ok bool) {
	best, bits := n.onLink(vm, to)
	if vm.Router != nil {
		best, bits = n.routerRoute(vm, to, best, bits)
	}
	if bits >= 0 {
		return best, best.network != nil || best.tunnel
	}
	return n.defaultRoute(vm, to.Is4())
}

// onLink is the way to an address in a subnet that a VM is connected to, and how
// many bits that has; -1 if there is none.
func (n *Net) onLink(vm *topology.VM, to netip.Addr) (best route, bits int) {
	bits = -1
	for i := range vm.Interfaces {
		iface := &vm.Interfaces[i]
		network := n.Network(iface.Network)
		if network == nil {
			continue
		}
		for _, l := range n.links(iface) {
			if l.prefix.Contains(to) && l.prefix.Bits() > bits {
				bits = l.prefix.Bits()
				best = route{network: network, device: iface.Name, hop: to, source: l.own, host: vm.Host, path: diag.Path("vms",
					vm.Name, "interfaces", iface.Name)}
			}
		}
	}
	return best, bits
}

// Towards is the interface by which a VM sends to an address, and its own address
// there; they are zero when it has no route.
func (n *Net) Towards(vm *topology.VM, to netip.Addr) (device string, own netip.Addr) {
	r, _ := n.routeOf(vm, to)
	return r.device, r.source
}

// routerRoute adds what only routers have: static routes and tunnels.
func (n *Net) routerRoute(vm *topology.VM, to netip.Addr, best route, bits int) (route, int) {
	for _, t := range vm.Router.Tunnels() {
		if of, ok := t.Leads(to); ok && of > bits {
			bits = of
			best = route{device: t.Name, hop: to, source: t.Own, host: vm.Host, tunnel: true,
				path: diag.Path("vms", vm.Name, "router", t.Kind, t.Name)}
		}
	}
	for _, s := range vm.Router.StaticRoutes {
		if !s.Prefix.Contains(to) || s.Prefix.Bits() <= bits || n.behindGateway(vm, s) {
			continue
		}
		bits = s.Prefix.Bits()
		best = n.static(vm, s, to)
		best.path = diag.Path("vms", vm.Name, "router", "staticRoutes", s.Prefix)
	}
	return best, bits
}

// behindGateway reports whether a route is a spare default route: the gateway of one of the
// router's networks is used instead.
func (n *Net) behindGateway(vm *topology.VM, s topology.StaticRoute) bool {
	_, gateway := n.DefaultRoute(vm)
	return s.Prefix.Bits() == 0 && s.Spare() && gateway.IsValid() && gateway.Is4() == s.Prefix.Addr().Is4()
}

// static is the way that a static route says; of a blackhole, none.
func (n *Net) static(vm *topology.VM, s topology.StaticRoute, to netip.Addr) route {
	if s.NextHop.IsValid() {
		return n.connected(vm, s.NextHop)
	}
	for _, t := range vm.Router.Tunnels() {
		if t.Name == s.Interface {
			return route{device: t.Name, hop: to, source: t.Own, host: vm.Host, tunnel: true}
		}
	}
	if iface := vm.Interface(s.Interface); iface != nil {
		return n.by(vm, iface, to, to.Is4())
	}
	return route{}
}

// connected is the way of a router to a neighbour, without any of its routes.
func (n *Net) connected(vm *topology.VM, to netip.Addr) route {
	if r, bits := n.onLink(vm, to); bits >= 0 {
		return r
	}
	for _, t := range vm.Router.Tunnels() {
		if t.Subnet.Contains(to) {
			return route{device: t.Name, hop: to, source: t.Own, host: vm.Host, tunnel: true}
		}
	}
	return route{}
}

// hostRoute is how a hypervisor sends to an address.
func (n *Net) hostRoute(h *topology.Host, to netip.Addr) (route, bool) {
	bridge, gateway := n.HostDefaultRoute(h)
	var fallback route
	for i := range h.Bridges {
		b := &h.Bridges[i]
		network := n.HostNetwork(b)
		if network == nil {
			continue
		}
		r := route{network: network, device: b.Name, hop: to, source: b.Address, host: h.Name,
			path: diag.Path("hosts", h.Name, "bridges", b.Name)}
		if network.Subnet.Contains(to) {
			return r, true
		}
		if b.Name == bridge && gateway.Is4() == to.Is4() {
			r.hop, r.path = gateway, diag.Path("networks", network.Name, "gateway")
			fallback = r
		}
	}
	return fallback, fallback.network != nil
}

// IsOutside reports whether a network leads out of the topology: its gateway is
// nobody's in it, or addresses there are lent by nobody in it.
func (n *Net) IsOutside(network *topology.Network) bool {
	if network == nil || !network.Gateway.IsValid() {
		return network != nil && n.lentOutside(network)
	}
	_, ours := n.ownerOn(network, network.Gateway)
	return !ours
}

// IsPublic reports whether the Internet may know the way to an address.
func IsPublic(a netip.Addr) bool {
	return a.IsValid() && a.IsGlobalUnicast() && !a.IsPrivate() && !sharedSpace.Contains(a)
}

// sharedSpace is the address space of providers' own NAT, RFC 6598.
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

// shut reports whether the bridge of a network on a host forwards nothing: one
// that fails secure waits for a controller to tell it what to do, and there is
// none (ovs-vsctl(8), Controller Settings).
func (n *Net) shut(network *topology.Network, host string) bool {
	h := n.Host(host)
	if h == nil {
		return false
	}
	b := h.Bridge(network.Bridge)
	return b != nil && b.FailMode == "secure"
}

func (n *Net) stopAtBridge(w *Walk, network *topology.Network, host string) {
	w.stop(NoLink, host, diag.Path("hosts", host, "bridges", network.Bridge, "failMode"),
		"bridge %s of %s forwards nothing: failMode secure without a controller", network.Bridge, host)
}

// linked reports whether two hosts are joined on a network: they are one, or
// both have an uplink on its bridge.
func (n *Net) linked(network *topology.Network, a, b string) bool {
	return a == b || n.hasUplink(network, a) && n.hasUplink(network, b)
}

func (n *Net) hasUplink(network *topology.Network, host string) bool {
	h := n.Host(host)
	if h == nil {
		return false
	}
	b := h.Bridge(network.Bridge)
	return b != nil && len(b.Ports)+len(b.Bonds) > 0
}
