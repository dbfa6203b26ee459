package check

import (
	"net/netip"
	"strconv"

	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/internal/pattern"
	"stackgen/schema/topology"
)

// checkTunnels finds ends of tunnels that nobody reaches, or that lead nowhere.
func checkTunnels(t *topology.Topology) (diags diag.List) {
	n := flow.New(t)
	n.Lenient = true
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		for _, v := range vm.Router.OpenVPN {
			path := routerPath(vm, "openvpn", v.Name)
			tunnelClosed(n, vm, v, path, &diags)
			pushedRoutes(n, vm, v, path, &diags)
			weakParameters(path, v, &diags)
			tunnelMTU(n, vm, v, path, &diags)
		}
		for j := range vm.Router.WireGuard {
			wireGuardReached(n, vm, &vm.Router.WireGuard[j], &diags)
		}
		ipsecReached(n, vm, &diags)
	}
	return diags
}

// tunnelClosed finds a server whose port every outside interface is closed for.
func tunnelClosed(n *flow.Net, vm *topology.VM, v topology.OpenVPN, path string, diags *diag.List) {
	waits := v.Mode == "server" || v.Role == "passive"
	if closed, is := closedFor(n, vm, flow.Packet{Protocol: v.Protocol, Port: v.Port}); is && waits {
		diags.Errorf("openvpn/blocked", path, "clients do not reach %s port %d: ruleset %q stops them", v.Protocol, v.Port,
			closed.Ruleset).
			Also(closed.Path, "what stops them").
			Hintf("accept protocol: '%s', destination: { port: %d } there", v.Protocol, v.Port)
	}
}

// closedFor reports whether every outside interface is closed for a packet to
// the router itself, and what the last of them says.
func closedFor(n *flow.Net, vm *topology.VM, p flow.Packet) (closed flow.Verdict, is bool) {
	for _, i := range vm.Interfaces {
		if !n.IsOutside(n.Network(i.Network)) || !i.Address.IsValid() {
			continue
		}
		p.To = i.Address
		verdict, attached := n.Filter(vm, i.Name, "local", p)
		if !attached || verdict.Accept {
			return flow.Verdict{}, false
		}
		closed = verdict
	}
	return closed, closed.Path != ""
}

// pushedRoutes finds networks that clients are told to reach through the tunnel,
// where the router cannot.
func pushedRoutes(n *flow.Net, vm *topology.VM, v topology.OpenVPN, path string, diags *diag.List) {
	for i, g := range v.PushRoutes {
		to := n.Resolve(vm, g)
		if !to.IsValid() || !to.Addr().Is4() || routed(n, vm, to.Addr()) {
			continue // openvpn/ipv4-only
		}
		diags.Errorf("openvpn/push-unreachable", diag.Join(path, "pushRoutes", i),
			"clients are sent to %s, which %q has no route to", to, vm.Name).
			Hintf("push a network of the router, or add a static route")
	}
}

// routed reports whether a router knows a way to an address, other than its
// default route.
func routed(n *flow.Net, vm *topology.VM, a netip.Addr) bool {
	if onNetwork(n.Topology, vm, a) != nil {
		return true
	}
	for _, t := range vm.Router.Tunnels() {
		if _, ok := t.Leads(a); ok {
			return true
		}
	}
	for _, r := range vm.Router.StaticRoutes {
		if r.Prefix.Contains(a) {
			return true
		}
	}
	return false
}

// smallDH matches the names that easy-rsa gives to parameters of few bits.
var smallDH = pattern.Lazy(`(?i)dh[-_.]?(512|768|1024|1536)\b`)

// weakParameters finds Diffie-Hellman parameters that OpenSSL refuses: their
// content is not known here, but their name often says it.
func weakParameters(path string, v topology.OpenVPN, diags *diag.List) {
	if m := smallDH().FindStringSubmatch(string(v.TLS.DH)); m != nil {
		diags.Errorf("openvpn/weak-dh", diag.Join(path, "tls", "dh", "secret"), "parameters of %s bits are too small: OpenVPN and VyOS refuse less than 2048", m[1]).
			Hintf("make new ones, or leave dh out: key exchange is elliptic curve only then")
	}
}

// tunnelOverhead is what OpenVPN adds to a packet over UDP and IPv4 with an AEAD
// cipher: 20 IP, 8 UDP, 4 opcode and peer, 4 packet number, 16 tag.
const tunnelOverhead = 52

// tunnelMTU warns about a tunnel whose full packets do not fit the network below
// it, and that does not keep TCP from sending them.
func tunnelMTU(n *flow.Net, vm *topology.VM, v topology.OpenVPN, path string, diags *diag.List) {
	name, _ := n.DefaultRoute(vm)
	i := vm.Interface(name)
	if v.Mssfix || i == nil {
		return
	}
	inner, outer := mtuOr(v.TunMTU), mtuOr(n.Network(i.Network).MTU)
	if inner+tunnelOverhead > outer {
		diags.Warningf("openvpn/mtu", path, "packets of %d bytes become %d in the tunnel, more than the %d of network %q", inner, inner+tunnelOverhead, outer, i.Network).
			Also(networkPath(n.Network(i.Network)), "the network below").
			Hintf("leave out mssfix: false, or set tunMtu: %s", strconv.Itoa(outer-tunnelOverhead))
	}
}

// mtuOr is an MTU, or that of Ethernet where none is given.
func mtuOr(mtu int) int {
	if mtu == 0 {
		return 1500
	}
	return mtu
}
