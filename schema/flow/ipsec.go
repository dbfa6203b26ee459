package flow

import (
	"net/netip"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// ipsecTunnel is the path of the tunnel of IPsec that takes a packet of a router
// as it leaves, translated as it then is; or "". The way to it plays no part:
// policies look at addresses.
func (n *Net) ipsecTunnel(vm *topology.VM, p Packet) string {
	for _, peer := range vm.Router.IPsec {
		for _, u := range peer.Tunnels {
			if local := n.Resolve(vm, u.Local); local.IsValid() && p.Source.IsValid() && local.Contains(p.Source) &&
				u.Remote.Contains(p.To) {
				return diag.Path("vms", vm.Name, "router", "ipsec", peer.Name, "tunnels", u.Number)
			}
		}
	}
	return ""
}

// MissesIPsec reports whether source NAT keeps the packets of a tunnel from it,
// and by which rule.
func (n *Net) MissesIPsec(vm *topology.VM, u topology.IPsecTunnel) (rule string, missed bool) {
	local := n.Resolve(vm, u.Local)
	r, ok := n.routeOf(vm, inside(u.Remote))
	if !local.IsValid() || !ok {
		return "", false
	}
	w := &Walk{}
	p := n.snat(w, Packet{Protocol: "tcp", Source: inside(local), To: inside(u.Remote), Port: 0}, vm, r)
	if len(w.Hops) == 0 || n.ipsecTunnel(vm, p) != "" {
		return "", false
	}
	return w.Hops[0].Path, true
}

// inside is an address that machines of a subnet can have.
func inside(p netip.Prefix) netip.Addr {
	if p.IsSingleIP() {
		return p.Addr()
	}
	return p.Addr().Next()
}
