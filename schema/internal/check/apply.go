package check

import (
	"net/netip"
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/topology"
)

// checkApply walks the way that apply itself takes, by ssh to each machine, and
// finds what closes it: nothing could be changed any more.
func checkApply(t *topology.Topology) (diags diag.List) {
	n := flow.New(t)
	n.Lenient = true
	a := applier{n: n, ways: t.AccessPaths(), cut: map[string]bool{}, diags: &diags}
	for i := range t.VMs {
		if vm := &t.VMs[i]; vm.OS != "" || vm.Router != nil {
			a.to(vm)
		}
	}
	for i := range t.Hosts {
		foreignAddress(&t.Hosts[i], &diags)
	}
	return diags
}

// foreignAddress warns about a host that apply reaches at an address which none of its
// bridges has: the network that is rendered for it does not bring that up.
func foreignAddress(h *topology.Host, diags *diag.List) {
	a, err := netip.ParseAddr(h.SSH.Address)
	if err != nil || slices.ContainsFunc(h.Bridges, func(b topology.Bridge) bool { return b.Address == a }) {
		return
	}
	diags.Warningf("apply/other-address", hostPath(h, "ssh", "address"), "apply reaches %q at %s, which none of its bridges has: the rendered network does not bring it up", h.Name, a).
		Hintf("give the address to a bridge; or, where a router translates it or a file below /etc/network/interfaces.d has it, lower this rule with a policy")
}

// applier is apply while it looks for its way.
type applier struct {
	n     *flow.Net
	ways  topology.AccessPaths
	cut   map[string]bool // what has been reported
	diags *diag.List
}

// to walks to one machine.
func (a *applier) to(vm *topology.VM) {
	way := a.ways.ToVM(vm)
	to, err := netip.ParseAddr(way.Address)
	if err != nil {
		return // a name, which others resolve
	}
	w := a.from(way.Jump, flow.Packet{Protocol: "tcp", To: to, Port: vm.SSH.Port})
	if w == nil {
		return
	}
	if iface := a.n.InterfaceTo(vm, to); way.Jump == "" && iface != nil && !w.Reached() { // or from beside it
		if near := a.from("", flow.Packet{Protocol: "tcp", Source: neighbour(a.n, *iface), To: to,
			Port: vm.SSH.Port}); near.Reached() {
			return
		}
	}
	led := slices.IndexFunc(w.Hops, func(h flow.Hop) bool { return h.Kind == flow.DNAT && h.Machine == vm.Name })
	switch stop := w.Stopped(); {
	case led >= 0 && w.At != vm:
		a.led(vm, w.Hops[led])
	case stop.Why == flow.Dropped, stop.Why == flow.NoAnswer, stop.Why == flow.NoReturn, stop.Why == flow.NoRoute:
		a.closed(vm, way, stop)
	}
}

// from walks from where people are, or from the machine that they jump through.
// It is nil where they are is not known.
func (a *applier) from(jump string, p flow.Packet) *flow.Walk {
	if h := a.n.Host(jump); h != nil {
		return a.n.FromHost(h, p)
	}
	if vm := a.n.VM(jump); vm != nil {
		return a.n.FromVM(vm, p)
	}
	for i := range a.n.Networks {
		if network := &a.n.Networks[i]; network.Subnet.Contains(p.To) && a.n.IsOutside(network) {
			return a.n.FromNetwork(network, p)
		}
	}
	return nil
}

// closed reports what stops apply, once for all machines behind it. A router
// that lets nobody in at all has a rule of its own.
func (a *applier) closed(vm *topology.VM, way topology.AccessPath, stop flow.Hop) {
	if by := a.n.VM(stop.Machine); a.cut[stop.Path] || by != nil && by.Router != nil && (firewall{n: a.n,
		vm: by}).shutFor() != nil {
		return
	}
	a.cut[stop.Path] = true
	from := "from outside"
	if way.Jump != "" {
		from = "by " + way.Jump
	}
	a.diags.Errorf("apply/closed", stop.Path, "apply does not reach %q %s any more: %s", vm.Name, from, stop.Text).
		Also(vmPath(vm), "the machine").
		Hintf("let tcp port %d through to %s, or say in ssh.address how it is reached", vm.SSH.Port, way.Address)
}

// led reports destination NAT that leads apply to another machine.
func (a *applier) led(vm *topology.VM, by flow.Hop) {
	a.diags.Errorf("apply/closed", by.Path, "apply looks for %q at port %d, and this rule leads it elsewhere: %s",
		vm.Name, vm.SSH.Port, by.Text).
		Also(vmPath(vm), "the machine").
		Hintf("publish another port, or give %q another one: ssh: { port: 2222 }", vm.Name)
}
