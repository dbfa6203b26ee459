package topology

import (
	"net/netip"
	"slices"
)

// AccessPath is how people and apply reach a machine by ssh: at an address, which is
// empty when only its name is known, and through another machine or directly.
type AccessPath struct{ Address, Jump string }

// AccessPaths knows how the machines of a stack are reached.
type AccessPaths struct {
	t        *Topology
	managing map[string]bool // the networks that a host is managed on
}

// AccessPaths finds out how the machines are reached.
func (t *Topology) AccessPaths() AccessPaths {
	var managed []netip.Addr
	for i := range t.Hosts {
		if a := t.management(&t.Hosts[i]); a.IsValid() {
			managed = append(managed, a)
		}
	}
	w := AccessPaths{t, map[string]bool{}}
	for _, n := range t.Networks {
		w.managing[n.Name] = slices.ContainsFunc(managed, n.Subnet.Contains)
	}
	return w
}

// ToHost is the way to a hypervisor.
func (w AccessPaths) ToHost(h *Host) AccessPath {
	if h.SSH.Address != "" {
		return AccessPath{Address: h.SSH.Address}
	}
	return AccessPath{Address: addressText(w.t.management(h))}
}

// management is the address that a host is managed at: the one on a network
// that leads out of the topology, where there is one.
func (t *Topology) management(h *Host) netip.Addr {
	for _, b := range h.Bridges {
		n := t.Network(b.Network)
		if b.Address.IsValid() && n != nil && n.Gateway.IsValid() && t.RouterOf(n) == nil {
			return b.Address
		}
	}
	return h.ManagementAddress()
}

// ToVM looks for the shortest way to a VM: on a network that hosts are managed on,
// from its host, or through the router of its network.
func (w AccessPaths) ToVM(v *VM) AccessPath {
	if v.SSH.Address != "" {
		return AccessPath{Address: v.SSH.Address}
	}
	for _, way := range []func(AccessPaths, *VM, Interface) (string, bool){AccessPaths.direct, AccessPaths.throughHost,
		AccessPaths.throughRouter} {
		for _, i := range v.Interfaces {
			if jump, ok := way(w, v, i); ok && i.Address.IsValid() {
				return AccessPath{addressText(i.Address), jump}
			}
		}
	}
	return AccessPath{Address: addressText(w.t.AddressOf(nil, v.Name))}
}

func (w AccessPaths) direct(_ *VM, i Interface) (string, bool) {
	return "", w.managing[i.Network]
}

func (w AccessPaths) throughHost(v *VM, i Interface) (string, bool) {
	h := w.t.Host(v.Host)
	return v.Host, h != nil && slices.ContainsFunc(h.Bridges, func(b Bridge) bool {
		return b.Address.IsValid() && b.Network == i.Network
	})
}

// throughRouter takes only a router that is itself reached without another
// router: a chain of them has no shortest end.
func (w AccessPaths) throughRouter(v *VM, i Interface) (string, bool) {
	n := w.t.Network(i.Network)
	if n == nil {
		return "", false
	}
	r := w.t.RouterOf(n)
	if r == nil || r == v {
		return "", false
	}
	return r.Name, w.withoutRouter(r)
}

func (w AccessPaths) withoutRouter(r *VM) bool {
	return r.SSH.Address != "" || slices.ContainsFunc(r.Interfaces, func(i Interface) bool {
		_, isDirect := w.direct(r, i)
		_, isThroughHost := w.throughHost(r, i)
		return isDirect || isThroughHost
	})
}

// addressText is an address, or nothing for none.
func addressText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}
