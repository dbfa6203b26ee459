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
	Policy  string // the state that the policy for states decided by; empty: it did not
	Path    string // of the rule or the ruleset
}

// Filter is what a router's hook does with a packet, or false when no ruleset is
// attached there.
func (n *Net) Filter(vm *topology.VM, device, direction string, p Packet) (Verdict, bool) {
	f := &vm.Router.Firewall
	if v, decided := statePolicy(vm, p); decided {
		return v, true
	}
	if direction == "local" && len(f.Zones) > 0 {
		return n.Between(vm, device, "", p)
	}
	for i := range f.Rulesets {
		set := &f.Rulesets[i]
		if set.Family != p.family() ||
			!slices.ContainsFunc(f.Hooks(set), func(h topology.Hook) bool { return h.At(device, direction) }) {
			continue
		}
		v := n.verdict(vm, set, p, len(f.Rulesets))
		v.Accept = v.Action == "accept" || v.Action == "return" // past the last ruleset
		return v, true
	}
	return Verdict{}, false
}

// statePolicy is what a router does with a packet of a connection that it
// knows, or with one of none, before all rules.
func statePolicy(vm *topology.VM, p Packet) (Verdict, bool) {
	policy := vm.Router.Firewall.StatePolicy
	action := map[string]string{established: policy.Established, "related": policy.Related,
		invalid: policy.Invalid}[p.State]
	return Verdict{
		Accept: action == "accept", Action: action, Policy: p.State,
		Path: diag.Path("vms", vm.Name, "router", "firewall", "statePolicy", p.State),
	}, action != ""
}

// family is that of the addresses of a packet, of which one is known.
func (p Packet) family() string {
	if p.To.Is4() || !p.To.IsValid() && p.Source.Is4() {
		return topology.IPv4
	}
	return topology.IPv6
}

// state is the word that rules have for it.
func (p Packet) state() string {
	if p.State == "" {
		return "new"
	}
	return p.State
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

// matches reports whether a rule is for a packet.
func (n *Net) matches(vm *topology.VM, rule *topology.Rule, p Packet) answer {
	if len(rule.State) > 0 && !slices.Contains(rule.State, p.state()) {
		return no
	}
	return min(
		when(protocolMatches(rule.Protocol, p.protocol())),
		n.sideMatches(vm, rule.Source, p.Source, p.sourcePort()),
		n.sideMatches(vm, rule.Destination, p.To, p.Port),
	)
}

// protocol is the protocol as rules name it: ICMP of IPv6 is another.
func (p Packet) protocol() string {
	if p.Protocol == "icmp" && p.family() == topology.IPv6 {
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

// sourcePort is the port that a packet comes from: a client's own choice unless
// it is said.
func (p Packet) sourcePort() int {
	if p.SourcePort == 0 && !p.answer {
		return Ephemeral
	}
	return p.SourcePort
}

// portMatches compares ports with that of a packet; an unknown one is any that
// is free.
func portMatches(ports topology.Ports, port int) answer {
	switch {
	case len(ports) == 0:
		return yes
	case port == 0:
		return maybe
	case port == Ephemeral:
		return when(ports.Contains(ephemeral))
	}
	return when(ports.Contains(topology.Ports{{First: port, Last: port}}))
}

// sideMatches compares a target with an address and a port. An unknown address
// is any outside of the topology.
func (n *Net) sideMatches(vm *topology.VM, g topology.Target, a netip.Addr, port int) answer {
	result := portMatches(vm.Router.PortsOf(g), port)
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
