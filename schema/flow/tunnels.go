package flow

import (
	"net/netip"
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// far is the other end of a tunnel, where that is a router of the topology.
type far struct {
	vm     *topology.VM // nil: it is elsewhere
	device string       // by which packets come in there
	path   string
	why    string // what keeps packets from it; empty: nothing
}

// across is the other end of the tunnel that a packet of a router takes.
func (n *Net) across(vm *topology.VM, device string, p Packet) far {
	for i := range vm.Router.WireGuard {
		if w := &vm.Router.WireGuard[i]; w.Name == device {
			return n.acrossWireGuard(vm, w, p)
		}
	}
	for i := range vm.Router.OpenVPN {
		if v := &vm.Router.OpenVPN[i]; v.Name == device && v.Mode == "site-to-site" {
			return n.acrossOpenVPN(v)
		}
	}
	return far{}
}

// acrossWireGuard looks for the peer that has the destination among its allowed
// addresses; the other end takes only what it allows in turn (wg(8)).
func (n *Net) acrossWireGuard(vm *topology.VM, w *topology.WireGuard, p Packet) far {
	path := diag.Path("vms", vm.Name, "router", "wireguard", w.Name)
	var peer *topology.Peer
	bits := -1
	for i := range w.Peers {
		for _, allowed := range w.Peers[i].Allowed() {
			if allowed.Contains(p.To) && allowed.Bits() > bits {
				peer, bits = &w.Peers[i], allowed.Bits()
			}
		}
	}
	if peer == nil {
		return far{path: path, why: "no peer of " + w.Name + " has " + p.To.String()}
	}
	vm, other := n.WireGuardOf(peer.PublicKey)
	if other == nil {
		return far{}
	}
	at := diag.Path("vms", vm.Name, "router", "wireguard", other.Name)
	i := slices.IndexFunc(other.Peers, func(b topology.Peer) bool { return b.PublicKey == w.PublicKey })
	switch {
	case i < 0:
		return far{path: at, why: other.Name + " of " + vm.Name + " does not know the key of the sender"}
	case !allows(&other.Peers[i], p.Source):
		return far{path: diag.Join(at, "peers", other.Peers[i].Name),
			why: other.Name + " of " + vm.Name + " takes nothing from " + p.Source.String() + " of that peer"}
	}
	return far{vm: vm, device: other.Name, path: at}
}

func allows(peer *topology.Peer, a netip.Addr) bool {
	return slices.ContainsFunc(peer.Allowed(), func(p netip.Prefix) bool { return p.Contains(a) })
}

// acrossOpenVPN looks for the end that has the same two addresses the other way
// round.
func (n *Net) acrossOpenVPN(v *topology.OpenVPN) far {
	for i := range n.VMs {
		vm := &n.VMs[i]
		if vm.Router == nil {
			continue
		}
		for _, o := range vm.Router.OpenVPN {
			if o.Mode == "site-to-site" && o.LocalAddress == v.RemoteAddress && o.RemoteAddress == v.LocalAddress {
				return far{vm: vm, device: o.Name, path: diag.Path("vms", vm.Name, "router", "openvpn", o.Name)}
			}
		}
	}
	return far{}
}

// acrossIPsec is the other end of the tunnel of IPsec that takes a packet.
func (n *Net) acrossIPsec(vm *topology.VM, p Packet) far {
	for i := range vm.Router.IPsec {
		peer := &vm.Router.IPsec[i]
		for _, u := range peer.Tunnels {
			if local := n.Resolve(vm, u.Local); local.IsValid() && local.Contains(p.Source) && u.Remote.Contains(p.To) {
				return n.ipsecEnd(vm, peer, local, u.Remote)
			}
		}
	}
	return far{}
}

// ipsecEnd is the router at the address of a peer, if it has the tunnel, too.
// What it decrypts comes in by the interface that the peer reaches.
func (n *Net) ipsecEnd(vm *topology.VM, peer *topology.IPsec, local, remote netip.Prefix) far {
	own := n.IPsecAddress(vm, peer)
	for _, o := range n.owners[peer.RemoteAddress] {
		if o.vm == nil || o.vm.Router == nil || o.vm == vm {
			continue
		}
		at := diag.Path("vms", o.vm.Name, "router", "ipsec")
		for _, f := range o.vm.Router.IPsec {
			if f.RemoteAddress == own && slices.ContainsFunc(f.Tunnels, func(u topology.IPsecTunnel) bool {
				return n.Resolve(o.vm, u.Local) == remote && u.Remote == local
			}) {
				return far{vm: o.vm, device: o.iface.Name, path: diag.Join(at, f.Name)}
			}
		}
		return far{path: at, why: o.vm.Name + " has no tunnel of IPsec for " + local.String() + " and " + remote.String()}
	}
	return far{}
}

// cross takes a packet through a tunnel: out of the topology, or to the router at
// the other end.
func (n *Net) cross(w *Walk, p Packet, from *topology.VM, to far, path, through string, ttl int) {
	switch {
	case to.why != "":
		w.stop(NoRoute, from.Name, to.path, "%s: %s", through, to.why)
	case to.vm == nil:
		w.add(Leave, from.Name, path, "%s to %s", through, p.To)
		w.end.packet = p
	case ttl == 0:
		w.stop(NoRoute, from.Name, path, "routers send it to each other for ever")
	default:
		w.add(Arrive, to.vm.Name, to.path, "%s to %s by %s", through, to.vm.Name, to.device)
		n.route(w, p, to.vm, to.device, ttl-1)
	}
}

// crossBack takes an answer through a tunnel.
func (n *Net) crossBack(w *Walk, o opener, p Packet, from *topology.VM, to far, ttl int) {
	switch {
	case to.why != "":
		w.lost(from.Name, to.path, p, to.why)
	case to.vm == nil: // the other end is elsewhere
	case ttl == 0:
		w.lost(from.Name, to.path, p, "routers send it to each other for ever")
	default:
		n.back(w, o, p, to.vm, to.device, ttl-1)
	}
}
