package flow

import (
	"fmt"
	"net/netip"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// maxHops ends a walk between routers that send a packet to each other.
const maxHops = 16

// FromInternet walks a connection from an address outside of the topology, any
// if the packet names none.
func (n *Net) FromInternet(p Packet) *Walk {
	w := &Walk{}
	network := n.entry(p.To)
	switch {
	case network == nil:
		n.noEntry(w, p.To)
	case !IsPublic(p.To) && !network.Subnet.Contains(p.Source):
		w.stop(NoRoute, "", diag.Path("networks", network.Name), "%s is a private address, to which the Internet has no way",
			p.To)
	default:
		n.deliver(w, p, network, p.To, "", maxHops)
	}
	return n.answered(w, opener{sent: p})
}

// FromNetwork walks a connection from somebody on a network, or behind its
// gateway, who is no machine of the topology.
func (n *Net) FromNetwork(network *topology.Network, p Packet) *Walk {
	w := &Walk{}
	n.deliver(w, p, network, p.To, "", maxHops)
	return n.answered(w, opener{sent: p})
}

// entry is the outside network by which the Internet reaches an address: the
// one it is in, or that of the router before it.
func (n *Net) entry(to netip.Addr) *topology.Network {
	for i := range n.Networks {
		if network := &n.Networks[i]; network.Subnet.Contains(to) && n.IsOutside(network) {
			return network
		}
	}
	return nil
}

func (n *Net) noEntry(w *Walk, to netip.Addr) {
	for i := range n.Networks {
		network := &n.Networks[i]
		if !network.Subnet.Contains(to) {
			continue
		}
		if r := n.RouterOf(network); r != nil && IsPublic(to) {
			w.stop(NoRoute, "", diag.Path("networks", network.Name),
				"%s is behind %s: only the provider knows whether it is routed there", to, r.Name)
			return
		}
		w.stop(NoRoute, "", diag.Path("networks", network.Name), "%s is in network %s, to which the Internet has no way", to,
			network.Name)
		return
	}
	w.stop(NoRoute, "", "", "%s is in no network of the topology", to)
}

// FromVM walks a connection that a VM opens.
func (n *Net) FromVM(vm *topology.VM, p Packet) *Walk {
	w := &Walk{}
	if n.has(vm, p.To) || p.To.IsLoopback() {
		n.listen(w, vm, p)
		return w
	}
	r, ok := n.routeOf(vm, p.To)
	if !ok {
		w.stop(NoRoute, vm.Name, diag.Path("vms", vm.Name, "interfaces"), "%s has no route to %s", vm.Name, p.To)
		return w
	}
	p.Source = r.source
	if vm.Router == nil {
		n.send(w, p, vm, r, maxHops)
	} else if n.passZones(w, p, vm, "", r.device) {
		n.leaves(w, p, p, vm, "", r, maxHops)
	}
	return n.answered(w, opener{machine: vm.Name, sent: p})
}

// FromHost walks a connection that a hypervisor opens.
func (n *Net) FromHost(h *topology.Host, p Packet) *Walk {
	w := &Walk{}
	r, ok := n.hostRoute(h, p.To)
	if !ok {
		w.stop(NoRoute, h.Name, diag.Path("hosts", h.Name, "bridges"), "%s has no route to %s", h.Name, p.To)
		return w
	}
	p.Source = r.source
	n.deliver(w, p, r.network, r.hop, r.host, maxHops)
	return n.answered(w, opener{machine: h.Name, sent: p})
}

// FromTunnel walks a connection that the other end of a tunnel opens. A client
// without an address of its own has one from the pool.
func (n *Net) FromTunnel(vm *topology.VM, t topology.Tunnel, client netip.Addr, p Packet) *Walk {
	w := &Walk{}
	if p.Source = client; !client.IsValid() {
		p.Source = t.Own.Next()
	}
	w.add(Arrive, vm.Name, diag.Path("vms", vm.Name, "router", t.Kind, t.Name), "%s by the tunnel %s", vm.Name, t.Name)
	n.route(w, p, vm, t.Name, maxHops)
	return n.answered(w, opener{router: vm.Name, tunnel: t.Name, sent: p})
}

// FromInterface walks a connection from outside that has just come in by an
// interface of a router.
func (n *Net) FromInterface(vm *topology.VM, device string, p Packet) *Walk {
	w := &Walk{}
	n.route(w, p, vm, device, maxHops)
	return n.answered(w, opener{sent: p})
}

// send puts a packet of a VM onto a network or into a tunnel.
func (n *Net) send(w *Walk, p Packet, vm *topology.VM, r route, ttl int) {
	if vm.Router != nil {
		if path := n.ipsecTunnel(vm, p); path != "" {
			n.cross(w, p, vm, n.acrossIPsec(vm, p), path, "through IPsec", ttl)
			return
		}
	}
	if r.tunnel {
		n.cross(w, p, vm, n.across(vm, r.device, p), r.path, "into the tunnel "+r.device, ttl)
		return
	}
	n.deliver(w, p, r.network, r.hop, r.host, ttl)
}

// deliver brings a packet to whom it is sent on a network. The host is that of
// the sender; empty when it comes by the uplink.
func (n *Net) deliver(w *Walk, p Packet, network *topology.Network, hop netip.Addr, host string, ttl int) {
	to, ok := n.ownerOn(network, hop)
	switch {
	case ttl == 0:
		w.stop(NoRoute, "", diag.Path("networks", network.Name), "routers send it to each other for ever")
	case !ok && n.leadsOut(network, hop):
		n.leave(w, p, network, hop)
	case !ok:
		w.stop(NoMachine, "", diag.Path("networks", network.Name), "no machine on network %s has the address %s",
			network.Name, hop)
	case n.shut(network, host) || n.shut(network, to.hostName()):
		n.stopAtBridge(w, network, to.hostName())
	case host != "" && !n.linked(network, host, to.hostName()) || host == "" && !n.hasUplink(network, to.hostName()):
		w.stop(NoLink, to.onMachine, to.path, "bridge %s of %s has no uplink to the sender", network.Bridge, to.hostName())
	default:
		w.add(Arrive, to.onMachine, to.path, "%s at %s %s (%s)", hop, to.onMachine, to.device(), network.Bridge)
		n.arrived(w, p, to, ttl-1)
	}
}

// leadsOut reports whether a hop on a network is a gateway outside of the
// topology; one that is lent by a provider is not known.
func (n *Net) leadsOut(network *topology.Network, hop netip.Addr) bool {
	return !hop.IsValid() || hop == network.Gateway
}

// leave takes a packet out of the topology by the gateway of a network.
func (n *Net) leave(w *Walk, p Packet, network *topology.Network, hop netip.Addr) {
	path, gateway := diag.Path("networks", network.Name, "gateway"), "the gateway "+hop.String()
	if !hop.IsValid() {
		path, gateway = diag.Path("networks", network.Name), "the gateway of the provider"
	}
	switch {
	case n.inside(p.To):
		w.stop(NoRoute, "", path, "%s is outside of the topology and knows no way to %s", gateway, p.To)
	case p.Source.IsValid() && !IsPublic(p.Source) && !network.Subnet.Contains(p.Source):
		w.stop(NoSource, "", path, "the packet would leave from the private address %s: no source NAT", p.Source)
	default:
		w.add(Leave, "", path, "by %s to %s", gateway, p.To)
		w.end.packet = p
	}
}

// inside reports whether an address is in a network or tunnel of the topology,
// or private: nobody outside knows the way to it.
func (n *Net) inside(a netip.Addr) bool {
	for i := range n.Networks {
		if n.Networks[i].Subnet.Contains(a) {
			return true
		}
	}
	return !IsPublic(a)
}

func (n *Net) arrived(w *Walk, p Packet, at owner, ttl int) {
	switch {
	case at.host != nil && at.bridge.Address == p.To:
		n.listenHost(w, at.host, p)
	case at.vm == nil || at.vm.Router == nil && !n.has(at.vm, p.To):
		w.stop(NoRoute, at.onMachine, at.path, "%s is not a router", at.onMachine)
	case at.vm.Router == nil:
		n.listen(w, at.vm, p)
	default:
		n.route(w, p, at.vm, at.device(), ttl)
	}
}

// route is what a router does with a packet that has come in by a device: DNAT
// first, then the hooks of the way it takes.
func (n *Net) route(w *Walk, p Packet, vm *topology.VM, device string, ttl int) {
	entered := p
	p = n.dnat(w, p, vm, device)
	if n.has(vm, p.To) {
		w.trail = append(w.trail, crossing{vm: vm, in: device, entered: entered, left: p})
		if n.pass(w, p, vm, device, "local") {
			n.listen(w, vm, p)
		}
		return
	}
	r, ok := n.routeOf(vm, p.To)
	if !ok {
		w.stop(NoRoute, vm.Name, diag.Path("vms", vm.Name, "router"), "%s has no route to %s", vm.Name, p.To)
		return
	}
	if !n.pass(w, p, vm, device, "in") || !n.pass(w, p, vm, r.device, "out") || !n.passZones(w, p, vm, device, r.device) {
		return
	}
	n.leaves(w, entered, p, vm, device, r, ttl)
}

// leaves is what a router does last: it translates the source, remembers the
// connection and sends the packet.
func (n *Net) leaves(w *Walk, entered, p Packet, vm *topology.VM, device string, r route, ttl int) {
	p = n.snat(w, p, vm, r)
	w.trail = append(w.trail, crossing{vm: vm, in: device, out: r.device, entered: entered, left: p})
	n.send(w, p, vm, r, ttl)
}

// pass asks a hook and reports whether it lets a packet pass.
func (n *Net) pass(w *Walk, p Packet, vm *topology.VM, device, direction string) bool {
	v, attached := n.Filter(vm, device, direction, p)
	return !attached || w.filtered(vm, v, direction+" of "+device, p)
}

// filtered adds a verdict to a walk and reports whether it lets a packet pass.
func (w *Walk) filtered(vm *topology.VM, v Verdict, where string, p Packet) bool {
	if !v.Accept {
		w.stop(Dropped, vm.Name, v.Path, "%s: %s: %s %s", where, v.by(), v.Action, p)
		return false
	}
	w.add(Filter, vm.Name, v.Path, "%s: %s: accept %s", where, v.by(), p)
	return true
}

// by says what decided.
func (v Verdict) by() string {
	switch {
	case v.Policy != "":
		return "policy for " + v.Policy
	case v.Ruleset == "":
		return "by default"
	case v.Rule != 0:
		return fmt.Sprintf("%s rule %d", v.Ruleset, v.Rule)
	}
	return v.Ruleset + " by default"
}

// listen ends a walk at what takes the connection on a VM.
func (n *Net) listen(w *Walk, vm *topology.VM, p Packet) {
	path := diag.Path("vms", vm.Name)
	w.end = end{vm: vm, packet: p}
	if p.Protocol == "icmp" {
		n.ping(w, vm)
		return
	}
	var elsewhere []string
	for _, l := range vm.Listeners() {
		if l.Protocol != p.Protocol || l.Port != p.Port {
			continue
		}
		if l.Answers(p.To) || l.Address.IsLoopback() && p.To.IsLoopback() {
			w.At, w.By = vm, &l
			w.add(Listen, vm.Name, ListenerPath(vm, l), "%s on port %d", inWords(l), l.Port)
			return
		}
		elsewhere = append(elsewhere, l.Service+" listens on "+l.Address.String()+" only")
		path = ListenerPath(vm, l)
	}
	switch {
	case len(elsewhere) > 0:
		w.stop(NoListener, vm.Name, path, "%s", strings.Join(elsewhere, ", "))
	case !vm.Managed():
		w.stop(NoListener, vm.Name, path, "nothing that the topology knows of listens on %s port %d of %s", p.Protocol,
			p.Port, vm.Name)
	default:
		w.stop(NoListener, vm.Name, path, "nothing listens on %s port %d of %s", p.Protocol, p.Port, vm.Name)
	}
}

// inWords is a listener's program as a walk names it.
func inWords(l topology.Listener) string {
	if l.Service == "service" {
		return l.Service + " " + l.Name
	}
	return l.Service
}

func (n *Net) ping(w *Walk, vm *topology.VM) {
	if vm.Router != nil && !vm.Router.Firewall.AllPing {
		w.stop(NoListener, vm.Name, diag.Path("vms", vm.Name, "router", "firewall", "allPing"), "%s does not answer pings",
			vm.Name)
		return
	}
	w.add(Listen, vm.Name, diag.Path("vms", vm.Name), "the system answers")
}

// listenHost ends a walk at a hypervisor, on which we know the SSH server only.
func (n *Net) listenHost(w *Walk, h *topology.Host, p Packet) {
	path := diag.Path("hosts", h.Name)
	w.end = end{host: h, packet: p}
	if p.Protocol == "icmp" || p.Protocol == "tcp" && p.Port == h.SSH.Port {
		w.add(Listen, h.Name, path, "%s answers", h.Name)
		return
	}
	w.stop(NoListener, h.Name, path, "nothing that the topology knows of listens on %s port %d of %s", p.Protocol, p.Port,
		h.Name)
}

// ListenerPath is what in the topology says that a service listens.
func ListenerPath(vm *topology.VM, l topology.Listener) string { return diag.Path(l.Path(vm)...) }
