package check

import (
	"net/netip"
	"slices"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/topology"
)

// checkWireGuard finds interfaces that wg(8) would not set up, or whose peers
// take packets from each other.
func checkWireGuard(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		for j := range vm.Router.WireGuard {
			w := &vm.Router.WireGuard[j]
			path := routerPath(vm, "wireguard", w.Name)
			if vm.Interface(w.Name) != nil {
				diags.Errorf("wireguard/name", path, "%q already names an interface of the VM", w.Name).
					AtKey().Also(vmPath(vm, "interfaces", w.Name), "the interface").Hintf("choose another number")
			}
			peerAddresses(path, w, &diags)
			peerKeys(path, w, &diags)
			peerSecrets(path, w, &diags)
			peersApart(path, w, &diags)
			for k := range w.Peers {
				keepalive(path, &w.Peers[k], &diags)
				throughTunnel(t, vm, path, &w.Peers[k], &diags)
				notRouted(vm, w, path, &w.Peers[k], &diags)
			}
		}
	}
	return diags
}

// peerAddresses checks the addresses in a tunnel.
func peerAddresses(path string, w *topology.WireGuard, diags *diag.List) {
	first := map[netip.Addr]string{}
	check := func(at string, a netip.Addr) {
		if d := inSubnet(diags, at, a.String(), a, w.Subnet); d != nil {
			d.Also(diag.Join(path, "subnet"), "the subnet of the tunnel")
		} else if other, taken := first[a]; taken {
			diags.Errorf("addresses/duplicate", at, "%s is already used by %s", a, other).Also(other, "already used here")
		} else {
			first[a] = at
		}
	}
	check(diag.Join(path, "address"), w.Address)
	for _, p := range w.Peers {
		check(diag.Join(path, "peers", p.Name, "address"), p.Address)
	}
}

// peerKeys finds one public key at two ends: to WireGuard a key is a peer.
func peerKeys(path string, w *topology.WireGuard, diags *diag.List) {
	first := map[string]string{w.PublicKey: diag.Join(path, "publicKey")}
	for _, p := range w.Peers {
		at := diag.Join(path, "peers", p.Name, "publicKey")
		other, taken := first[p.PublicKey]
		if !taken {
			first[p.PublicKey] = at
			continue
		}
		diags.Errorf("wireguard/same-key", at, "this is already the public key at %s", other).
			Also(other, "already used here").Hintf("each end has a key of its own")
	}
}

// peerSecrets finds one secret in two roles.
func peerSecrets(path string, w *topology.WireGuard, diags *diag.List) {
	first := map[topology.Secret]string{w.PrivateKey: diag.Join(path, "privateKey", "secret")}
	for _, p := range w.Peers {
		at := diag.Join(path, "peers", p.Name, "presharedKey", "secret")
		other, taken := first[p.PresharedKey]
		if p.PresharedKey == "" || !taken {
			first[p.PresharedKey] = at
			continue
		}
		diags.Errorf("wireguard/same-secret", at, "secret %q is already used by %s", string(p.PresharedKey), other).
			Also(other, "already used here").Hintf("a key that two peers know is shared with the wrong one")
	}
}

// peersApart finds addresses that two peers are allowed: WireGuard gives each to
// one of them, and of equal prefixes to the last.
func peersApart(path string, w *topology.WireGuard, diags *diag.List) {
	for i := range w.Peers {
		for j := range i {
			a, b := &w.Peers[j], &w.Peers[i]
			for k, p := range b.AllowedIPs {
				for _, q := range a.Allowed() {
					allowedTwice(diag.Join(path, "peers"), a, b, k, p, q, diags)
				}
			}
		}
	}
}

func allowedTwice(peers string, a, b *topology.Peer, k int, p, q netip.Prefix, diags *diag.List) {
	var d *diag.Diagnostic
	switch at := diag.Join(peers, b.Name, "allowedIPs", k); {
	case p == q:
		d = diags.Errorf("wireguard/allowed-ips", at, "%s is allowed to peer %q already: only one of them would have it", p,
			a.Name)
	case p.Overlaps(q):
		d = diags.Warningf("wireguard/allowed-ips", at, "%s overlaps %s of peer %q: the longer prefix counts", p, q, a.Name)
	default:
		return
	}
	d.Also(diag.Join(peers, a.Name), "the other peer").Hintf("give each peer subnets of its own")
}

// maxKeepalive is what fits wg(8)'s 16 bits.
const maxKeepalive = 65535

func keepalive(path string, p *topology.Peer, diags *diag.List) {
	if strings.HasSuffix(p.PersistentKeepalive.String(), "ms") || p.PersistentKeepalive.Seconds() > maxKeepalive {
		diags.Errorf("wireguard/keepalive", diag.Join(path, "peers", p.Name, "persistentKeepalive"),
			"%s is not 1 to %d whole seconds", p.PersistentKeepalive, maxKeepalive).
			Hintf("write '25s', which keeps the way open through most NAT")
	}
}

// throughTunnel finds a peer to which packets of the router's own networks would
// be sent.
func throughTunnel(t *topology.Topology, vm *topology.VM, path string, p *topology.Peer, diags *diag.List) {
	for k, allowed := range p.AllowedIPs {
		for _, i := range vm.Interfaces {
			n := t.Network(i.Network)
			// A connected route is longer than a prefix that has the whole subnet in it.
			if n == nil || !n.Subnet.Overlaps(allowed) || allowed.Bits() < n.Subnet.Bits() {
				continue
			}
			diags.Errorf("wireguard/own-network", diag.Join(path, "peers", p.Name, "allowedIPs", k), "%s overlaps the subnet %s that %q is on: its packets would go into the tunnel", allowed, n.Subnet, vm.Name).
				Also(networkPath(n, "subnet"), "the subnet").Hintf("write the subnets that are behind the peer")
			break
		}
	}
}

// notRouted warns about a tunnel that may carry everything and into which nothing is sent.
func notRouted(vm *topology.VM, w *topology.WireGuard, path string, p *topology.Peer, diags *diag.List) {
	r := vm.Router
	if !p.CarriesAll() || r.BGP != nil || r.OSPF != nil || len(r.RoutesInto(r.Tunnel(w.Name))) > 0 {
		return
	}
	diags.Warningf("wireguard/no-route", diag.Join(path, "peers", p.Name, "allowedIPs"),
		"the peer may have all addresses, but no route leads into %q", w.Name).
		Hintf("write the subnets that are behind the peer, or staticRoutes with interface: '%s'", w.Name)
}

// wireGuardReached finds an interface that peers which connect to it do not
// reach, and peers in this topology that do not know each other.
func wireGuardReached(n *flow.Net, vm *topology.VM, w *topology.WireGuard, diags *diag.List) {
	path := routerPath(vm, "wireguard", w.Name)
	waits := slices.ContainsFunc(w.Peers, func(p topology.Peer) bool { return !p.Endpoint.IsValid() })
	if closed, is := closedFor(n, vm, flow.Packet{Protocol: "udp", Port: w.Port}); is && waits {
		diags.Errorf("wireguard/blocked", path, "peers do not reach udp port %d: ruleset %q stops them", w.Port,
			closed.Ruleset).
			Also(closed.Path, "what stops them").
			Hintf("accept protocol: 'udp', destination: { port: %d } there", w.Port)
	}
	for _, p := range w.Peers {
		otherEnd(n.Topology, path, w, &p, diags)
	}
}

// otherEnd holds a peer that is a router of this topology against what that says
// in turn.
func otherEnd(t *topology.Topology, path string, w *topology.WireGuard, p *topology.Peer, diags *diag.List) {
	vm, far := t.WireGuardOf(p.PublicKey)
	if far == nil {
		return
	}
	at, farPath := diag.Join(path, "peers", p.Name), routerPath(vm, "wireguard", far.Name)
	i := slices.IndexFunc(far.Peers, func(b topology.Peer) bool { return b.PublicKey == w.PublicKey })
	switch {
	case i < 0:
		diags.Errorf("wireguard/one-sided", at, "%s of %q has no peer with the public key of this end", far.Name, vm.Name).
			Also(farPath, "the other end").Hintf("add a peer with publicKey: '%s' there", w.PublicKey)
	case far.Peers[i].PresharedKey != p.PresharedKey:
		diags.Errorf("wireguard/one-sided", at, "the two ends name different shared keys").
			Also(diag.Join(farPath, "peers", far.Peers[i].Name), "the other end").Hintf("name one presharedKey at both")
	case path < farPath && !p.Endpoint.IsValid() && !far.Peers[i].Endpoint.IsValid():
		diags.Errorf("wireguard/no-endpoint", at, "neither this end nor %q knows where to reach the other", vm.Name).
			Also(diag.Join(farPath, "peers", far.Peers[i].Name), "the other end").Hintf("add endpoint: to one of them")
	}
}
