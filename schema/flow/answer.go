package flow

import (
	"net/netip"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// crossing is what connection tracking of a router remembers of a connection.
type crossing struct {
	vm            *topology.VM
	in, out       string // interfaces; empty: the router itself
	entered, left Packet // before it translates anything, and after
}

// end is where a walk came to: a machine, or out of the topology if it has none.
type end struct {
	vm     *topology.VM
	host   *topology.Host
	packet Packet // as it came there
}

// opener is who opened a connection, and waits for the answer.
type opener struct {
	machine string // empty: somebody outside
	router  string // by whose tunnel he came, if he did
	tunnel  string
	sent    Packet
}

// reply is the answer to a packet.
func (p Packet) reply() Packet {
	return Packet{Protocol: p.Protocol, Source: p.To, SourcePort: p.Port, To: p.Source, Port: p.clientPort(), answer: true}
}

// clientPort is where the answer to a packet goes.
func (p Packet) clientPort() int {
	if p.SourcePort == 0 && p.Protocol != "icmp" {
		return Ephemeral
	}
	return p.SourcePort
}

// answered walks the answer back, if a connection arrived: the same routers know
// it and turn their translation around, any other has not seen it before.
func (n *Net) answered(w *Walk, o opener) *Walk {
	if !w.Reached() || !w.end.packet.To.IsValid() {
		return w
	}
	p := w.end.packet.reply()
	switch {
	case w.end.vm != nil:
		n.reply(w, o, p, w.end.vm, maxHops)
	case w.end.host != nil:
		if r, ok := n.hostRoute(w.end.host, n.known(p)); ok {
			n.onward(w, o, p, w.end.host.Name, r, maxHops)
		} else {
			w.lost(w.end.host.Name, diag.Path("hosts", w.end.host.Name, "bridges"), p, w.end.host.Name+" has no route")
		}
	case len(w.trail) > 0:
		c := w.trail[len(w.trail)-1]
		n.back(w, o, p, c.vm, c.out, maxHops)
	}
	return w
}

// lost stops a walk whose answer goes astray.
func (w *Walk) lost(machine, path string, p Packet, why string) {
	to := "the client outside"
	if p.To.IsValid() {
		to = p.To.String()
	}
	w.stop(NoReturn, machine, path, "the answer to %s is lost: %s", to, why)
}

// known is the address that an answer goes to, or one that stands for any
// outside.
func (n *Net) known(p Packet) netip.Addr {
	if p.To.IsValid() {
		return p.To
	}
	return n.Stranger(p.Source.Is4())
}

// reply sends the answer of a VM.
func (n *Net) reply(w *Walk, o opener, p Packet, vm *topology.VM, ttl int) {
	r, ok := n.routeOf(vm, n.known(p))
	if !ok && learns(vm) {
		return
	}
	if !ok {
		w.lost(vm.Name, diag.Path("vms", vm.Name, "interfaces"), p, vm.Name+" has no route")
		return
	}
	if c := w.crossed(vm, p); c != nil && vm.Router != nil {
		p.State = established
		if v, seen := n.Between(vm, "", r.device, p); seen && !w.answers(vm, v, "to "+r.device, p) {
			return
		}
		p.Source, p.SourcePort = c.entered.To, c.entered.Port
	}
	n.onward(w, o, p, vm.Name, r, ttl)
}

// learns reports whether a router may have routes that the topology does not say.
func learns(vm *topology.VM) bool {
	return vm.Router != nil && (vm.Router.BGP != nil || vm.Router.OSPF != nil)
}

// crossed is the connection that an answer belongs to at a router, or nil.
func (w *Walk) crossed(vm *topology.VM, p Packet) *crossing {
	for i := range w.trail {
		if c := &w.trail[i]; c.vm == vm && c.left.To == p.Source && c.left.Source == p.To {
			return c
		}
	}
	return nil
}

// onward brings an answer to the next machine.
func (n *Net) onward(w *Walk, o opener, p Packet, from string, r route, ttl int) {
	vm := n.VM(from)
	if vm != nil && vm.Router != nil && n.ipsecTunnel(vm, p) != "" {
		n.crossBack(w, o, p, vm, n.acrossIPsec(vm, p), ttl)
		return
	}
	if r.tunnel && o.tunnel == r.device && o.router == from {
		w.home(o, from, r.path, p)
		return
	}
	if r.tunnel {
		n.crossBack(w, o, p, vm, n.across(vm, r.device, p), ttl)
		return
	}
	to, ok := n.returnsTo(w, r.network, r.hop)
	switch {
	case ttl == 0:
		w.lost(from, diag.Path("networks", r.network.Name), p, "routers send it to each other for ever")
	case !ok && o.machine != "" && r.hop == o.sent.Source: // an address that it is lent
		w.home(o, from, r.path, p)
	case !ok && o.machine != "":
		w.lost(from, r.path, p, from+" sends it by "+r.hop.String()+", which is outside")
	case !ok:
		w.home(o, from, r.path, p)
	case !n.linked(r.network, r.host, to.hostName()):
		w.lost(to.onMachine, to.path, p, "bridge "+r.network.Bridge+" of "+to.hostName()+" has no uplink to "+from)
	case to.onMachine == o.machine && (to.vm == nil || to.vm.Router == nil):
		w.home(o, from, r.path, p)
	case to.vm != nil && to.vm.Router != nil:
		n.back(w, o, p, to.vm, to.device(), ttl-1)
	default:
		w.lost(to.onMachine, to.path, p, from+" sends it to "+to.onMachine+", which is not a router")
	}
}

// returnsTo is who has an address that answers are sent to: of routers that
// share it, the one that has it while the connection goes through it. A next hop that only
// the provider's DHCP server knows is nobody's here.
func (n *Net) returnsTo(w *Walk, network *topology.Network, hop netip.Addr) (owner, bool) {
	if !hop.IsValid() {
		return owner{}, false
	}
	for _, c := range w.trail {
		for i := range c.vm.Interfaces {
			if iface := &c.vm.Interfaces[i]; iface.Network == network.Name && iface.Has(hop) {
				return owner{vm: c.vm, iface: iface, network: network, onMachine: c.vm.Name,
					path: diag.Path("vms", c.vm.Name, "interfaces", iface.Name)}, true
			}
		}
	}
	return n.ownerOn(network, hop)
}

// home ends the way of an answer: it is one to those who asked, if it comes from
// where they asked.
func (w *Walk) home(o opener, from, path string, p Packet) {
	if p.Source != o.sent.To {
		w.lost(from, path, p, "it comes from "+p.Source.String()+", and not from "+o.sent.To.String())
	}
}

// back is what a router does with an answer that has come in by a device.
func (n *Net) back(w *Walk, o opener, p Packet, vm *topology.VM, device string, ttl int) {
	c := w.crossed(vm, p)
	switch {
	case c != nil:
		p.State, p.To, p.Port = established, c.entered.Source, c.entered.clientPort()
	case p.Protocol != "udp":
		p.State = invalid // tracking has not seen what it answers
	}
	if c != nil && c.in == "" {
		if v, seen := n.Filter(vm, device, "local", p); !seen || w.answers(vm, v, "local of "+device, p) {
			w.home(o, vm.Name, diag.Path("vms", vm.Name, "interfaces"), p)
		}
		return
	}
	if n.has(vm, p.To) {
		w.lost(vm.Name, diag.Path("vms", vm.Name, "router"), p, vm.Name+" has not asked")
		return
	}
	r, ok := n.routeOf(vm, n.known(p))
	switch {
	case !ok && learns(vm):
		return
	case !ok:
		w.lost(vm.Name, diag.Path("vms", vm.Name, "router"), p, vm.Name+" has no route")
		return
	case !n.passBack(w, p, vm, device, r.device):
		return
	case c != nil:
		p.Source, p.SourcePort = c.entered.To, c.entered.Port
	}
	n.onward(w, o, p, vm.Name, r, ttl)
}

// passBack asks the hooks of the way that an answer takes through a router.
func (n *Net) passBack(w *Walk, p Packet, vm *topology.VM, in, out string) bool {
	passed, where := Verdict{}, ""
	for _, ask := range []struct {
		of   func() (Verdict, bool)
		name string
	}{
		{func() (Verdict, bool) { return n.Filter(vm, in, "in", p) }, "in of " + in},
		{func() (Verdict, bool) { return n.Filter(vm, out, "out", p) }, "out of " + out},
		{func() (Verdict, bool) { return n.Between(vm, in, out, p) }, "from " + in + " to " + out},
	} {
		v, seen := ask.of()
		if seen && !v.Accept {
			return w.answers(vm, v, ask.name, p)
		}
		if seen && where == "" {
			passed, where = v, ask.name
		}
	}
	return where == "" || w.answers(vm, passed, where, p)
}

// answers adds what a hook says of an answer, and reports whether it lets it pass.
func (w *Walk) answers(vm *topology.VM, v Verdict, where string, p Packet) bool {
	if !v.Accept {
		w.stop(NoAnswer, vm.Name, v.Path, "the answer: %s: %s: %s", where, v.by(), v.Action)
		return false
	}
	w.add(Answer, vm.Name, v.Path, "%s: %s: accept", where, v.by())
	return true
}

// strangers are addresses for documentation (RFC 5737, RFC 3849) and of the
// Internet, of which a topology does not use all.
var strangers = []string{
	"192.0.2.7", "198.51.100.7", "203.0.113.7", "100.20.30.40", "9.20.30.40",
	"2001:db8:ffff:ffff::7", "2001:db8:fffe:ffff::7", "2600:ffff::7", "2a00:ffff::7",
}

// Stranger is an address that stands for any outside of the topology: no network
// and no route of it is for that address.
func (n *Net) Stranger(v4 bool) (a netip.Addr) {
	for _, s := range strangers {
		if a = netip.MustParseAddr(s); a.Is4() == v4 && !n.mentions(a) {
			break
		}
	}
	return a
}

// mentions reports whether an address is in a prefix of the topology.
func (n *Net) mentions(a netip.Addr) bool {
	for i := range n.Networks {
		if n.Networks[i].Subnet.Contains(a) {
			return true
		}
	}
	for i := range n.VMs {
		vm := &n.VMs[i]
		for _, iface := range vm.Interfaces {
			for _, p := range iface.Addresses {
				if p.Contains(a) {
					return true
				}
			}
		}
		if vm.Router != nil && routedApart(vm.Router, a) {
			return true
		}
	}
	return false
}

// routedApart reports whether a router sends an address another way than all
// others.
func routedApart(r *topology.Router, a netip.Addr) bool {
	for _, s := range r.StaticRoutes {
		if s.Prefix.Bits() > 0 && s.Prefix.Contains(a) {
			return true
		}
	}
	for _, t := range r.Tunnels() {
		if bits, ok := t.Leads(a); ok && bits > 0 {
			return true
		}
	}
	return false
}
