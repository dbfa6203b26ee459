package topology

import "net/netip"

// StaticRoute says where packets for a prefix go: one of NextHop, Interface and
// Blackhole is set.
type StaticRoute struct {
	Prefix    netip.Prefix `json:"prefix"`
	NextHop   netip.Addr   `json:"nextHop,omitzero"`
	Interface string       `json:"interface,omitempty"` // behind which the prefix is, without a router
	Blackhole bool         `json:"blackhole,omitempty"`
	Distance  int          `json:"distance,omitempty"` // 0: the platform's default; see [StaticRoute.Spare]
}

// Spare reports whether a route is used only when another one of its prefix is gone: its
// distance is more than that of a route that says none, which is 1 on VyOS.
func (r StaticRoute) Spare() bool { return r.Distance > 1 }

// RoutesOf lists the static routes of a VM that its interfaces bring up: not
// those that lead into a tunnel, which the tunnel brings up.
func (t *Topology) RoutesOf(v *VM) (routes []StaticRoute) {
	if v.Router == nil {
		return nil
	}
	for _, r := range v.Router.StaticRoutes {
		if t.BringsUp(v, r) != nil {
			routes = append(routes, r)
		}
	}
	return routes
}

// BringsUp is the interface of a VM that a route needs, or nil. A blackhole
// needs none; it comes up with the first.
func (t *Topology) BringsUp(v *VM, r StaticRoute) *Interface {
	switch {
	case r.NextHop.IsValid():
		if i := t.InterfaceTo(v, r.NextHop); i != nil {
			return i
		}
		i, _ := t.Beside(v, r.NextHop)
		return i
	case r.Interface != "":
		return v.Interface(r.Interface)
	case len(v.Interfaces) > 0:
		return &v.Interfaces[0]
	}
	return nil
}
