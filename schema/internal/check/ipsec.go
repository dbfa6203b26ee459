package check

import (
	"net/netip"

	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/topology"
)

// checkIPsec finds peers that no daemon could tell apart or reach, and tunnels
// that take packets from where they belong.
func checkIPsec(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		first, pairs := map[string]string{}, map[[2]netip.Prefix]string{}
		for j := range vm.Router.IPsec {
			p := &vm.Router.IPsec[j]
			path := routerPath(vm, "ipsec", p.Name)
			ipsecAddress(t, vm, path, p, &diags)
			ipsecTwice(path, p, first, &diags)
			lifetimes(path, p, &diags)
			for _, u := range p.Tunnels {
				ipsecTunnel(t, vm, diag.Join(path, "tunnels", u.Number), u, pairs, &diags)
			}
		}
	}
	return diags
}

// ipsecAddress finds a peer that is to be reached from an address that the
// router does not have.
func ipsecAddress(t *topology.Topology, vm *topology.VM, path string, p *topology.IPsec, diags *diag.List) {
	switch own := t.IPsecAddress(vm, p); {
	case !own.IsValid():
		diags.Errorf("ipsec/local-address", path, "%q has no default route that would tell its address towards the peer", vm.Name).
			Hintf("add localAddress")
	case !vm.Owns(own):
		diags.Errorf("ipsec/local-address", diag.Join(path, "localAddress"), "%q does not have the address %s", vm.Name, own).
			Also(vmPath(vm, "interfaces"), "its addresses").Hintf("write the address of one of its interfaces, or leave it out")
	}
	if vm.Owns(p.RemoteAddress) {
		diags.Errorf("ipsec/remote-address", diag.Join(path, "remoteAddress"), "%s is an address of %q itself",
			p.RemoteAddress, vm.Name).
			Hintf("write the address of the other end")
	}
}

// ipsecTwice finds two peers at one address: their keys are looked up by it.
// Two with one key could pass for each other.
func ipsecTwice(path string, p *topology.IPsec, first map[string]string, diags *diag.List) {
	address := diag.Join(path, "remoteAddress")
	if other, taken := first[p.RemoteAddress.String()]; taken {
		diags.Errorf("ipsec/same-peer", address, "%s is already the address of the peer at %s", p.RemoteAddress, other).
			Also(other, "the other peer").Hintf("write all networks as tunnels of one peer")
	} else {
		first[p.RemoteAddress.String()] = address
	}
	secret := diag.Join(path, "presharedKey", "secret")
	if other, taken := first[string(p.PresharedKey)]; taken {
		diags.Warningf("ipsec/same-secret", secret, "secret %q is already used by %s", string(p.PresharedKey), other).
			Also(other, "already used here").Hintf("a peer with the key of another can pass for it")
	} else {
		first[string(p.PresharedKey)] = secret
	}
}

// lifetimes finds what VyOS does not take: it counts in whole seconds, from half
// a minute to a day.
func lifetimes(path string, p *topology.IPsec, diags *diag.List) {
	for _, l := range []struct {
		key      string
		lifetime topology.Duration
	}{{"ike", p.IKE.Lifetime}, {"esp", p.ESP.Lifetime}} {
		if s := l.lifetime.Seconds(); s < 30 || s > 86400 {
			diags.Errorf("ipsec/lifetime", diag.Join(path, l.key, "lifetime"), "a lifetime of %s is not between 30s and 24h",
				l.lifetime).
				Hintf("write '8h' for ike, '1h' for esp")
		}
	}
}

// ipsecTunnel finds networks that are on the wrong side, or in two tunnels.
func ipsecTunnel(t *topology.Topology, vm *topology.VM, path string, u topology.IPsecTunnel,
	pairs map[[2]netip.Prefix]string, diags *diag.List) {
	local := t.Resolve(vm, u.Local)
	if !local.IsValid() {
		return
	}
	if local.Addr().Is4() != u.Remote.Addr().Is4() {
		diags.Errorf("addresses/family", path, "localPrefix is %s, but remotePrefix is %s", family(local.Addr()),
			family(u.Remote.Addr()))
		return
	}
	for _, i := range vm.Interfaces {
		if n := t.Network(i.Network); n != nil && n.Subnet.Overlaps(u.Remote) {
			diags.Errorf("ipsec/own-network", diag.Join(path, "remotePrefix"), "%s overlaps the subnet %s that %q is on: its packets would go into the tunnel", u.Remote, n.Subnet, vm.Name).
				Also(networkPath(n, "subnet"), "the subnet").Hintf("write the network behind the peer")
			return
		}
	}
	pair := [2]netip.Prefix{local, u.Remote}
	if other, taken := pairs[pair]; taken {
		diags.Errorf("ipsec/tunnel-twice", path, "%s and %s are already joined by %s", local, u.Remote, other).
			Also(other, "already joined here").Hintf("only one of them would have the packets; remove the other")
	}
	pairs[pair] = path
}

// ipsecReached finds peers that the firewall keeps out, and packets that source
// NAT keeps from their tunnel.
func ipsecReached(n *flow.Net, vm *topology.VM, diags *diag.List) {
	for i := range vm.Router.IPsec {
		p := &vm.Router.IPsec[i]
		path := routerPath(vm, "ipsec", p.Name)
		for _, w := range []flow.Packet{{Protocol: "udp", Port: 500}, {Protocol: "esp"}} {
			w.Source = p.RemoteAddress
			if closed, is := closedFor(n, vm, w); is {
				diags.Errorf("ipsec/blocked", path, "the peer does not reach %s: ruleset %q stops it", ipsecWords[w.Protocol],
					closed.Ruleset).
					Also(closed.Path, "what stops it").
					Hintf("accept protocol 'esp', and 'udp' with destination: { port: '500,4500' }, there")
				break
			}
		}
		for _, u := range p.Tunnels {
			if rule, missed := n.MissesIPsec(vm, u); missed {
				diags.Errorf("ipsec/translated", diag.Join(path, "tunnels", u.Number), "source NAT changes packets to %s before they come to the tunnel, and they miss it", u.Remote).
					Also(rule, "this rule").
					Hintf("add a rule with a lower number, exclude: true and destination: { address: '%s' }", u.Remote)
			}
		}
	}
}

var ipsecWords = map[string]string{"udp": "udp port 500", "esp": "protocol esp"}
