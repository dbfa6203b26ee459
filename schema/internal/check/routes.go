package check

import (
	"stackgen/schema/diag"
	"stackgen/schema/internal/wording"
	"stackgen/schema/topology"
)

// routes checks the interfaces that routes name.
func (r *references) routes(vm *topology.VM) {
	for _, s := range vm.Router.StaticRoutes {
		if s.Interface != "" {
			r.routerInterface(routerPath(vm, "staticRoutes", s.Prefix, "interface"), vm, s.Interface)
		}
	}
}

// staticRoute finds a route that leads nowhere, or takes packets from where
// they belong.
func staticRoute(t *topology.Topology, vm *topology.VM, route topology.StaticRoute, diags *diag.List) {
	path := routerPath(vm, "staticRoutes", route.Prefix)
	if ways := waysOf(route); len(ways) != 1 {
		d := diags.Errorf("router/route-target", path, "the route %s says %s where one says where packets go", route.Prefix,
			saidAs(ways))
		d.AtKey().Hintf("write one of nextHop, interface and blackhole")
		return
	}
	iface, gateway := t.DefaultRoute(vm)
	switch {
	case route.NextHop.IsValid() && !nextHop(t, vm, route, path, diags):
	case route.Prefix.Bits() == 0 && gateway.IsValid() && gateway.Is4() == route.Prefix.Addr().Is4() && !route.Spare():
		diags.Errorf("router/two-defaults", path, "the default route is already %s, the gateway of interface %q", gateway,
			iface).
			AtKey().Also(vmPath(vm, "interfaces", iface), "the interface").
			Hintf("leave the gateway out of its network, or write distance: 2 or more, which makes this route the spare one")
	default:
		routeOverNetwork(t, vm, path, route, diags)
	}
}

// waysOf are the keys of a route that say where packets go.
func waysOf(r topology.StaticRoute) (keys []string) {
	if r.NextHop.IsValid() {
		keys = append(keys, "nextHop")
	}
	if r.Interface != "" {
		keys = append(keys, "interface")
	}
	if r.Blackhole {
		keys = append(keys, "blackhole")
	}
	return keys
}

func saidAs(keys []string) string {
	if len(keys) == 0 {
		return "nothing"
	}
	return wording.QuotedList(keys, "and")
}

// nextHop reports whether a route's next hop is one of its neighbours.
func nextHop(t *topology.Topology, vm *topology.VM, route topology.StaticRoute, path string, diags *diag.List) bool {
	hop := diag.Join(path, "nextHop")
	switch {
	case route.Prefix.Addr().Is4() != route.NextHop.Is4():
		diags.Errorf("addresses/family", hop, "next hop %s is %s, but the route %s is %s", route.NextHop,
			family(route.NextHop), route.Prefix, family(route.Prefix.Addr()))
	case vm.Owns(route.NextHop):
		diags.Errorf("router/next-hop", hop, "next hop %s is the router itself", route.NextHop).
			Hintf("write the address of the next router")
	case !nextTo(t, vm, route.NextHop):
		diags.Errorf("router/next-hop", hop, "next hop %s is in no network that %q is on", route.NextHop, vm.Name).
			Hintf("write an address in a network of one of its interfaces")
	default:
		return true
	}
	return false
}

// routeOverNetwork finds a route for a network that the router is on itself.
func routeOverNetwork(t *topology.Topology, vm *topology.VM, path string, route topology.StaticRoute,
	diags *diag.List) {
	for _, i := range vm.Interfaces {
		n := t.Network(i.Network)
		if n != nil && n.Subnet.Overlaps(route.Prefix) && route.Prefix.Bits() >= n.Subnet.Bits() {
			diags.Errorf("addresses/overlap", path, "the route %s overlaps the subnet %s that %q is on", route.Prefix, n.Subnet,
				vm.Name).
				AtKey().Also(networkPath(n, "subnet"), "the subnet").
				Hintf("machines of a network are reached without a route")
			return
		}
	}
}
