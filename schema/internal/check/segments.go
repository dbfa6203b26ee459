package check

import (
	"fmt"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// checkSegments finds networks whose machines do not see each other, or whose
// gateway is nowhere.
func checkSegments(t *topology.Topology) (diags diag.List) {
	all := segmentsOf(t)
	for i := range t.Networks {
		s := all[t.Networks[i].Name]
		if !s.noWayOut(&diags) {
			s.oneEnd(&diags)
		}
		s.notConnected(t, &diags)
	}
	for i := range t.VMs {
		mixedMTU(t, &t.VMs[i], &diags)
		otherGateway(t, &t.VMs[i], &diags)
	}
	return diags
}

// segment is a network and what is on it.
type segment struct {
	network   *topology.Network
	endpoints []endpoint
	uplinks   int // hosts whose bridge of the network has an uplink
	hosts     int // hosts that have the bridge
}

// endpoint is an interface of a VM or a bridge of a host.
type endpoint struct {
	host, path string
	address    bool // is known
	gateway    bool // is the network's
}

func segmentsOf(t *topology.Topology) map[string]*segment {
	all := map[string]*segment{}
	for i := range t.Networks {
		all[t.Networks[i].Name] = &segment{network: &t.Networks[i]}
	}
	for i := range t.Hosts {
		h := &t.Hosts[i]
		for _, s := range all {
			s.bridge(h)
		}
		for _, b := range h.Bridges {
			if s := all[b.Network]; s != nil && b.Address.IsValid() {
				s.endpoints = append(s.endpoints,
					endpoint{h.Name, hostPath(h, "bridges", b.Name), true, b.Address == s.network.Gateway})
			}
		}
	}
	for i := range t.VMs {
		vm := &t.VMs[i]
		for _, iface := range vm.Interfaces {
			if s := all[iface.Network]; s != nil {
				known := iface.Address.IsValid()
				s.endpoints = append(s.endpoints,
					endpoint{vm.Host, vmPath(vm, "interfaces", iface.Name), known, known && iface.Has(s.network.Gateway)})
			}
		}
	}
	return all
}

// bridge counts a host that has the network's bridge.
func (s *segment) bridge(h *topology.Host) {
	if b := h.Bridge(s.network.Bridge); b != nil {
		s.hosts++
		if len(b.Ports)+len(b.Bonds) > 0 {
			s.uplinks++
		}
	}
}

// noWayOut warns about a gateway that cannot be there: no machine of ours has
// it, and the network ends at its bridge. A machine without a known address may
// be it.
func (s *segment) noWayOut(diags *diag.List) bool {
	if !s.network.Gateway.IsValid() || s.uplinks > 0 || s.hosts == 0 || len(s.endpoints) == 0 {
		return false
	}
	for _, m := range s.endpoints {
		if m.gateway || !m.address {
			return false
		}
	}
	diags.Warningf("layer2/no-way-out", networkPath(s.network, "gateway"),
		"no machine has the gateway %s, and bridge %q has no uplink to it", s.network.Gateway, s.network.Bridge).
		Hintf("give a router this address, or the bridge an uplink in ports")
	return true
}

// oneEnd warns about a network with one machine and no uplink: there is nobody
// to talk to.
func (s *segment) oneEnd(diags *diag.List) {
	if len(s.endpoints) == 1 && s.uplinks == 0 && s.hosts > 0 {
		diags.Warningf("layer2/one-end", networkPath(s.network),
			"only one machine is on network %q, and bridge %q has no uplink", s.network.Name, s.network.Bridge).
			Also(s.endpoints[0].path, "the machine").
			Hintf("put the other end on it, or give the bridge an uplink in ports")
	}
}

// notConnected finds a network that is on two hosts between which nothing is.
func (s *segment) notConnected(t *topology.Topology, diags *diag.List) {
	if len(s.endpoints) == 0 {
		return
	}
	first := s.endpoints[0]
	for _, m := range s.endpoints[1:] {
		a, b := t.Host(first.host), t.Host(m.host)
		if a == nil || b == nil || a == b || topology.Uplinked(a, s.network) && topology.Uplinked(b, s.network) ||
			a.Bridge(s.network.Bridge) == nil || b.Bridge(s.network.Bridge) == nil {
			continue
		}
		alone := b
		if topology.Uplinked(b, s.network) {
			alone = a
		}
		diags.Errorf("layer2/not-connected", m.path, "network %q is on %q and on %q, but its bridge on %q has no uplink",
			s.network.Name, a.Name, b.Name, alone.Name).
			Also(first.path, "on the other host").
			Also(hostPath(alone, "bridges", s.network.Bridge), "the bridge").
			Hintf("give the bridge an uplink in ports")
		return
	}
}

// mixedMTU warns about a router between networks of different MTU that stops the
// messages by which senders learn of it: large packets then vanish.
func mixedMTU(t *topology.Topology, vm *topology.VM, diags *diag.List) {
	if vm.Router == nil || vm.Router.Firewall.StatePolicy.Related == "accept" || !filters(vm.Router) {
		return
	}
	if first, n := twoMTUs(t, vm); n != nil {
		diags.Warningf("layer2/mtu", routerPath(vm, "firewall"), "network %q has an MTU of %d and network %q one of %d, but the firewall drops the messages that tell", first.Name, mtuOr(first.MTU), n.Name, mtuOr(n.MTU)).
			Also(networkPath(n), "one network").Also(networkPath(first), "the other").
			Hintf("add statePolicy: { related: 'accept' }")
	}
}

// twoMTUs are the first networks of a router that have two MTUs, or nil.
func twoMTUs(t *topology.Topology, vm *topology.VM) (first, other *topology.Network) {
	for _, i := range vm.Interfaces {
		n := t.Network(i.Network)
		switch {
		case n == nil:
		case first == nil:
			first = n
		case mtuOr(n.MTU) != mtuOr(first.MTU):
			return first, n
		}
	}
	return nil, nil
}

// filters reports whether a router drops anything that it forwards.
func filters(r *topology.Router) bool {
	for _, set := range r.Firewall.Rulesets {
		for _, a := range set.Attach {
			if a.Direction != "local" && set.DefaultAction != "accept" && set.DefaultAction != "return" {
				return true
			}
		}
	}
	return false
}

// otherGateway warns about a gateway that is a machine of ours which is known
// not to route.
func otherGateway(t *topology.Topology, vm *topology.VM, diags *diag.List) {
	for _, i := range vm.Interfaces {
		n := t.Network(i.Network)
		if n == nil || vm.Router != nil || vm.OS == "" || !i.Address.IsValid() || i.Address != n.Gateway {
			continue
		}
		diags.Warningf("router/not-a-router", networkPath(n, "gateway"), "the gateway %s is %s, which has no router block",
			n.Gateway, fmt.Sprintf("VM %q", vm.Name)).
			Also(vmPath(vm, "interfaces", i.Name), "the interface that has it").
			Hintf("write the address of a router, or make the VM one")
	}
}
