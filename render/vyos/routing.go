package vyos

import (
	"net/netip"

	"stackgen/schema/topology"
)

// routes are the default route, from the gateway of a network the router is
// on, and the static ones.
func (b builder) routes() {
	if iface, gateway := b.t.DefaultRoute(b.vm); gateway.IsValid() {
		b.defaultRoute(iface, gateway)
	}
	for _, r := range b.vm.Router.StaticRoutes {
		b.route(r)
	}
}

// defaultRoute leads to the gateway of a network. One that is on the link and in none of its
// subnets gets a route by the interface: of a next hop alone the way is looked up.
func (b builder) defaultRoute(iface string, gateway netip.Addr) {
	onLink := b.t.Network(b.vm.Interface(iface).Network).OnLinkGateway()
	switch {
	case onLink && gateway.IsLinkLocalUnicast():
		b.table(topology.StaticRoute{Prefix: anyOf(gateway)}, "route").at("next-hop", gateway.String()).
			leaf("interface", iface)
		return
	case onLink:
		b.route(topology.StaticRoute{Prefix: netip.PrefixFrom(gateway, gateway.BitLen()), Interface: iface})
	}
	b.route(topology.StaticRoute{Prefix: anyOf(gateway), NextHop: gateway})
}

// route makes a next hop, an interface or a blackhole, of which the first two are
// tags and not values.
func (b builder) route(r topology.StaticRoute) {
	n := b.table(r, "route")
	switch {
	case r.Blackhole:
		n = n.at("blackhole")
	case r.Interface == "":
		n = n.at("next-hop", r.NextHop.String())
	case b.d.has(interfaceRoutes):
		n = n.at("interface", r.Interface)
	default:
		n = b.table(r, "interface-route").at("next-hop-interface", r.Interface)
	}
	if r.Distance == 0 {
		n.here()
	}
	n.number("distance", r.Distance)
}

// table is where a route is among those of its family.
func (b builder) table(r topology.StaticRoute, table string) node {
	if r.Prefix.Addr().Is6() {
		table += "6"
	}
	return b.root.at("protocols static "+table, r.Prefix.String())
}

// anyOf is the prefix of all addresses of a family.
func anyOf(a netip.Addr) netip.Prefix {
	if a.Is6() {
		return netip.PrefixFrom(netip.IPv6Unspecified(), 0)
	}
	return netip.PrefixFrom(netip.IPv4Unspecified(), 0)
}
