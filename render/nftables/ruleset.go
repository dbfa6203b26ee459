package nftables

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// view is what the template shows: finished lines.
type view struct {
	Header, Machine        string
	Destination, Source    []string
	Rulesets               []chain
	Forward, Input, Output []string
}

// chain is a ruleset of the topology.
type chain struct {
	Title, Chain string
	Rules        []string
}

// writer translates one router.
type writer struct {
	t  *topology.Topology
	vm *topology.VM
}

func ruleset(t *topology.Topology, vm *topology.VM) view {
	w := writer{t, vm}
	f := vm.Router.Firewall
	v := view{Header: artifact.Header, Machine: vm.Name}
	for _, r := range vm.DestinationRules() {
		v.Destination = append(v.Destination, described(r.Description, w.destinationNAT(r))...)
	}
	for _, r := range t.SourceRules(vm) {
		v.Source = append(v.Source, described(r.Description, w.sourceNAT(r))...)
	}
	for _, r := range f.Rulesets {
		v.Rulesets = append(v.Rulesets, w.chain(r))
	}
	state := states(f.StatePolicy)
	v.Forward = append(slices.Clone(state), jumps(f, "in", "out")...)
	v.Input = append(slices.Clone(state), jumps(f, "local")...)
	v.Output = state
	return v
}

// described puts a description above a rule. It is a line without control
// characters, so it cannot leave its comment.
func described(description, rule string) []string {
	if description == "" {
		return []string{rule}
	}
	return []string{"# " + description, rule}
}

// join makes a line of the words that say something.
func join(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}

// iface matches an interface by its name, which need not exist yet.
func iface(match, name string) string { return fmt.Sprintf("%s %q", match, name) }

// address matches nothing in particular if all addresses will do.
func (w writer) address(match string, p netip.Prefix) string {
	switch {
	case !p.IsValid() || p.Bits() == 0:
		return ""
	case p.IsSingleIP():
		return "ip " + match + " " + p.Addr().String()
	}
	return "ip " + match + " " + p.String()
}

// protocol matches a protocol; matching a port of one does so as well.
func protocol(name string, p topology.Ports) string {
	switch {
	case name == "" || name == "all":
		return ""
	case name == "tcp_udp":
		return "meta l4proto { tcp, udp }"
	case len(p) > 0:
		return ""
	case name == "ipv6-icmp":
		return "meta l4proto ipv6-icmp"
	}
	return "ip protocol " + name
}

// ports matches ports; th is whatever transport header there is.
func ports(match, protocol string, p topology.Ports) string {
	if len(p) == 0 {
		return ""
	}
	header := protocol
	if protocol == "tcp_udp" {
		header = "th"
	}
	text := strings.ReplaceAll(p.String(), ",", ", ")
	if len(p) > 1 {
		text = "{ " + text + " }"
	}
	return header + " " + match + " " + text
}

// chain is one ruleset with its default action at the end. The prefix keeps its
// name apart from the words of nft.
func (w writer) chain(r topology.Ruleset) chain {
	c := chain{Title: join(r.Name+":", r.Description), Chain: chainName(r.Name)}
	if r.Description == "" {
		c.Title = r.Name
	}
	for _, rule := range r.Rules {
		c.Rules = append(c.Rules, described(rule.Description, w.rule(r.Name, rule))...)
	}
	c.Rules = append(c.Rules, join(log(r.DefaultLog, r.Name, "default", r.DefaultAction), verdict(r.DefaultAction)))
	return c
}

func chainName(ruleset string) string { return "ruleset-" + ruleset }

func (w writer) rule(set string, r topology.Rule) string {
	from, to := w.t.Resolve(w.vm, r.Source), w.t.Resolve(w.vm, r.Destination)
	either := append(slices.Clone(r.Source.Port), r.Destination.Port...)
	return join(
		protocol(r.Protocol, either),
		w.address("saddr", from), ports("sport", r.Protocol, r.Source.Port),
		w.address("daddr", to), ports("dport", r.Protocol, r.Destination.Port),
		state(r.State), log(r.Log, set, fmt.Sprint(r.Number), r.Action), verdict(r.Action))
}

func state(states []string) string {
	switch len(states) {
	case 0:
		return ""
	case 1:
		return "ct state " + states[0]
	}
	return "ct state { " + strings.Join(states, ", ") + " }"
}

// log has the prefix that VyOS gives, so that one can look for the same text.
func log(on bool, set, rule, action string) string {
	if !on {
		return ""
	}
	return fmt.Sprintf("log prefix \"[%s-%s-%s] \"", set, rule, strings.ToUpper(action[:1]))
}

// verdict is nft's word for an action. Accepted is what every ruleset lets
// through, so one of them can only pass a packet on.
func verdict(action string) string {
	if action == "accept" {
		return "return"
	}
	return action
}

// states is decided before any ruleset.
func states(p topology.StatePolicy) []string {
	var lines []string
	for _, s := range []struct{ state, action string }{
		{"established", p.Established}, {"related", p.Related}, {"invalid", p.Invalid},
	} {
		if s.action != "" {
			lines = append(lines, "ct state "+s.state+" "+s.action)
		}
	}
	return lines
}

// jumps leads packets to the rulesets of some directions, in before out,
// interfaces by name.
func jumps(f topology.Firewall, directions ...string) []string {
	type jump struct {
		order int
		iface string
		line  string
	}
	var all []jump
	for _, r := range f.Rulesets {
		for _, a := range r.Attach {
			match := "iifname"
			if a.Direction == "out" {
				match = "oifname"
			}
			if i := slices.Index(directions, a.Direction); i >= 0 {
				all = append(all, jump{i, a.Interface, iface(match, a.Interface) + " jump " + chainName(r.Name)})
			}
		}
	}
	slices.SortFunc(all, func(a, b jump) int { return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.iface, b.iface)) })
	lines := make([]string, len(all))
	for i, j := range all {
		lines[i] = j.line
	}
	return lines
}
