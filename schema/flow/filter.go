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

// not turns an answer around; what may be may not be as well.
func not(a answer) answer { return yes - a }

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
	f := &vm.Router.Firewall
	if direction == "local" && len(f.Zones) > 0 {
		return n.Between(vm, device, "", p)
	}
	for i := range f.Rulesets {
		set := &f.Rulesets[i]
		if set.Family != familyOf(p.To) || !slices.ContainsFunc(f.Hooks(set), func(h topology.Hook) bool { return h.At(device, direction) }) {
			continue
		}
		v := n.verdict(vm, set, p, len(f.Rulesets))
		v.Accept = v.Action == "accept" || v.Action == "return" // past the last ruleset
		return v, true
	}
	return Verdict{}, false
}

func familyOf(a netip.Addr) string {
	if a.Is4() {
		return topology.IPv4
	}
	return topology.IPv6
}

// verdict asks a ruleset, and those that it jumps to. The depth ends a walk
// through rulesets that jump to each other.
func (n *Net) verdict(vm *topology.VM, set *topology.Ruleset, p Packet, depth int) Verdict {
	path := diag.Path("vms", vm.Name, "router", "firewall", "rulesets", set.Name)
	for i := range set.Rules {
		rule := &set.Rules[i]
		m := n.matches(vm, rule, p)
		if m == no || m == maybe && !n.Lenient {
			continue
		}
		v := Verdict{Action: rule.Action, Ruleset: set.Name, Rule: rule.Number, Path: diag.Join(path, "rules", rule.Number)}
		if rule.Action == "jump" {
			to := vm.Router.Firewall.Ruleset(rule.JumpTarget)
			if to == nil || depth == 0 {
				continue
			}
			if v = n.verdict(vm, to, p, depth-1); v.Action == "return" {
				continue
			}
		}
		if m == yes || v.Action == "accept" {
			return v
		}
	}
	return Verdict{Action: set.DefaultAction, Ruleset: set.Name, Path: path}
}

// matches reports whether a rule is for the first packet of a connection.
func (n *Net) matches(vm *topology.VM, rule *topology.Rule, p Packet) answer {
	if len(rule.State) > 0 && !slices.Contains(rule.State, "new") {
		return no
	}
	return min(
		when(protocolMatches(rule.Protocol, p.protocol())),
		n.sideMatches(vm, rule.Source, p.Source, 0),
		n.sideMatches(vm, rule.Destination, p.To, p.Port),
	)
}

// protocol is the protocol as rules name it: ICMP of IPv6 is another.
func (p Packet) protocol() string {
	if p.Protocol == "icmp" && p.To.Is6() {
		return "ipv6-icmp"
	}
	return p.Protocol
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
	if ports := vm.Router.PortsOf(g); len(ports) > 0 {
		if port == 0 {
			result = maybe
		} else {
			result = when(ports.Contains(topology.Ports{{First: port, Last: port}}))
		}
	}
	if g.Anywhere() {
		return result
	}
	in := n.within(vm, g, a)
	if g.Not {
		in = not(in)
	}
	return min(result, in)
}

// within reports whether an address is among those that a target names.
func (n *Net) within(vm *topology.VM, g topology.Target, a netip.Addr) answer {
	if a.IsValid() && n.owns(vm, g, a) {
		return yes
	}
	result := no
	for _, r := range n.Ranges(vm, g) {
		everything := r.First.IsUnspecified() && !r.Last.Next().IsValid()
		switch {
		case r.Contains(a), !a.IsValid() && everything:
			return yes
		case !a.IsValid() && n.mayBeOutside(r):
			result = maybe
		}
	}
	return result
}

// mayBeOutside reports whether a range has addresses outside of the topology: it
// does not lie in one of its networks.
func (n *Net) mayBeOutside(r topology.AddrRange) bool {
	for _, network := range n.Networks {
		if network.Subnet.Contains(r.First) && network.Subnet.Contains(r.Last) {
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
