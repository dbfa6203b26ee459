package flow

import (
	"net/netip"
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// answer is whether a condition holds for a packet of which not all is known.
type answer int

const (
	no answer = iota
	maybe
	yes
)

func when(b bool) answer {
	if b {
		return yes
	}
	return no
}

// Verdict is what a firewall hook does with the first packet of a connection.
type Verdict struct {
	Accept  bool
	Action  string
	Ruleset string
	Rule    int    // 0: no rule, the default action
	Path    string // of the rule or the ruleset
}

// Filter is what a router's hook does with a packet, or false when no ruleset is
// attached there.
func (n *Net) Filter(vm *topology.VM, device, direction string, p Packet) (Verdict, bool) {
	hook := topology.Attachment{Interface: device, Direction: direction}
	for i := range vm.Router.Firewall.Rulesets {
		set := &vm.Router.Firewall.Rulesets[i]
		if slices.Contains(set.Attach, hook) {
			return n.verdict(vm, set, p), true
		}
	}
	return Verdict{}, false
}

func (n *Net) verdict(vm *topology.VM, set *topology.Ruleset, p Packet) Verdict {
	path := diag.Path("vms", vm.Name, "router", "firewall", "rulesets", set.Name)
	for i := range set.Rules {
		rule := &set.Rules[i]
		switch m := n.matches(vm, rule, p); {
		case m == yes, m == maybe && n.Lenient && rule.Action == "accept":
			return Verdict{rule.Action == "accept", rule.Action, set.Name, rule.Number, diag.Join(path, "rules", rule.Number)}
		}
	}
	return Verdict{set.DefaultAction == "accept", set.DefaultAction, set.Name, 0, path}
}

// matches reports whether a rule is for the first packet of a connection.
func (n *Net) matches(vm *topology.VM, rule *topology.Rule, p Packet) answer {
	if len(rule.State) > 0 && !slices.Contains(rule.State, "new") {
		return no
	}
	return min(
		when(protocolMatches(rule.Protocol, p.Protocol)),
		n.sideMatches(vm, rule.Source, p.Source, 0),
		n.sideMatches(vm, rule.Destination, p.To, p.Port),
	)
}

func protocolMatches(rule, packet string) bool {
	switch rule {
	case "", "all":
		return true
	case "tcp_udp":
		return packet == "tcp" || packet == "udp"
	}
	return rule == packet
}

// sideMatches compares a target with an address and a port. An unknown address
// is any outside of the topology; an unknown port, any that is free.
func (n *Net) sideMatches(vm *topology.VM, g topology.Target, a netip.Addr, port int) answer {
	result := yes
	if len(g.Port) > 0 {
		if port == 0 {
			result = maybe
		} else {
			result = when(g.Port.Contains(topology.Ports{{First: port, Last: port}}))
		}
	}
	if g.VM == "" && g.Network == "" && !g.Address.IsValid() {
		return result
	}
	prefix := n.Resolve(vm, g)
	switch {
	case !prefix.IsValid():
		return no
	case prefix.Bits() == 0 && (!a.IsValid() || prefix.Addr().Is4() == a.Is4()):
		return result
	case !a.IsValid() && n.mayBeOutside(prefix):
		return min(result, maybe)
	case !a.IsValid():
		return no
	}
	return min(result, when(n.owns(vm, g, a) || prefix.Contains(a)))
}

// mayBeOutside reports whether a prefix has addresses outside of the topology:
// it does not lie in one of its networks.
func (n *Net) mayBeOutside(p netip.Prefix) bool {
	for _, network := range n.Networks {
		if network.Subnet.Contains(p.Addr()) && network.Subnet.Bits() <= p.Bits() {
			return false
		}
	}
	return true
}

// owns reports whether a target is the VM itself, all of whose addresses it then
// stands for on its own hooks.
func (n *Net) owns(vm *topology.VM, g topology.Target, a netip.Addr) bool {
	return g.VM == vm.Name && vm.Owns(a)
}
