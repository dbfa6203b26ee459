package topology

import "net/netip"

// Tunnel is an interface of a router that leads through another network, in the
// terms that tunnels of all kinds have in common.
type Tunnel struct {
	Kind   string                // openvpn or wireguard: its key in the router
	Name   string                // of the interface
	Subnet netip.Prefix          // of its ends; of two, the other's address; not valid of a client, which is told
	Own    netip.Addr            // the router's address in it; zero of a client
	Behind []netip.Prefix        // what it leads to beyond its subnet
	Ends   map[string]netip.Addr // the other ends by name; a zero address is one from the pool
}

// Tunnels lists the tunnels of a router.
func (r *Router) Tunnels() (all []Tunnel) {
	for _, v := range r.OpenVPN {
		t := Tunnel{Kind: "openvpn", Name: v.Name, Subnet: v.Subnet, Own: v.Subnet.Addr().
			Next(), Ends: map[string]netip.Addr{}}
		if v.Mode == "site-to-site" {
			t.Subnet, t.Own = netip.PrefixFrom(v.RemoteAddress, v.RemoteAddress.BitLen()), v.LocalAddress
		}
		for _, c := range v.Clients {
			t.Ends[c.Name] = c.Address
		}
		all = append(all, t)
	}
	for i := range r.WireGuard {
		w := &r.WireGuard[i]
		t := Tunnel{Kind: "wireguard", Name: w.Name, Subnet: w.Subnet, Own: w.Address, Ends: map[string]netip.Addr{}}
		for _, p := range w.Peers {
			t.Behind = append(t.Behind, p.Routed()...)
			t.Ends[p.Name] = p.Address
		}
		all = append(all, t)
	}
	return all
}

// Leads reports whether an address is at the other end of a tunnel or beyond it,
// and how many bits of its prefix say so.
func (t Tunnel) Leads(to netip.Addr) (bits int, ok bool) {
	bits = -1
	for _, p := range append([]netip.Prefix{t.Subnet}, t.Behind...) {
		if p.Contains(to) {
			bits = max(bits, p.Bits())
		}
	}
	return bits, bits >= 0
}

// RoutesInto lists the static routes of a router that a tunnel brings up: those
// behind it, and those whose next hop is in it.
func (r *Router) RoutesInto(t Tunnel) (routes []StaticRoute) {
	for _, s := range r.StaticRoutes {
		if s.Interface == t.Name || s.NextHop.IsValid() && t.Subnet.Contains(s.NextHop) {
			routes = append(routes, s)
		}
	}
	return routes
}

// Tunnel is the tunnel of that name, or the zero Tunnel.
func (r *Router) Tunnel(name string) Tunnel {
	for _, t := range r.Tunnels() {
		if t.Name == name {
			return t
		}
	}
	return Tunnel{}
}

// Remote is where the other ends of a tunnel find a router: where the topology
// says, or else at its address on the side of its default route. It is "" when
// there is no such address.
func (t *Topology) Remote(vm *VM, given string) string {
	if given != "" {
		return given
	}
	name, _ := t.DefaultRoute(vm)
	if i := vm.Interface(name); i != nil && i.Address.IsValid() {
		return i.Address.String()
	}
	return ""
}
