package nftables

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"stackgen/schema/topology"
)

// view is what the template shows: finished lines.
type view struct {
	Machine             string
	Destination, Source []string
	Filters             []filter
}

// filter is the table of a family.
type filter struct {
	Family         string // as nft names it
	Sets           []namedSet
	Rulesets       []chain
	In, Out, Input []string
	Output, State  []string
}

// namedSet is a group of the topology.
type namedSet struct{ Title, Name, Type, Elements string }

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

func rulesetView(t *topology.Topology, vm *topology.VM) view {
	w := writer{t, vm}
	f := vm.Router.Firewall
	v := view{Machine: vm.Name}
	for _, r := range vm.DestinationRules() {
		v.Destination = append(v.Destination, described(r.Description, w.destinationNAT(r))...)
	}
	for _, r := range t.SourceRules(vm) {
		v.Source = append(v.Source, described(r.Description, w.sourceNAT(r))...)
	}
	for _, family := range []string{topology.IPv4, topology.IPv6} {
		v.Filters = append(v.Filters, w.filter(&f, family))
	}
	return v
}

// filter makes the table of a family. What is let through on the way in has to
// get through on the way out as well: those are two chains, since to accept a
// packet ends one chain, and the next sees it all the same (nft(8), verdict
// statements).
func (w writer) filter(f *topology.Firewall, family string) filter {
	v := filter{
		Family: nftFamily(family), State: stateRules(f.StatePolicy), Sets: w.sets(f.Groups, family),
		In: jumps(f, family, "in"), Out: jumps(f, family, "out"), Input: jumps(f, family, "local"),
	}
	v.zones(f, family)
	for _, r := range f.Rulesets {
		if r.Family == family {
			v.Rulesets = append(v.Rulesets, w.chain(r))
		}
	}
	return v
}

// nftFamily is a family as nft names its tables and the matches of addresses.
func nftFamily(family string) string {
	if family == topology.IPv6 {
		return "ip6"
	}
	return "ip"
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
	if !p.IsValid() || p.Bits() == 0 {
		return ""
	}
	return addressFamily(p.Addr()) + " " + match + " " + addressOrNet(p)
}

// addressFamily is what a match of an address begins with.
func addressFamily(a netip.Addr) string {
	if a.Is6() {
		return "ip6"
	}
	return "ip"
}

// addressOrNet writes a machine without prefix length.
func addressOrNet(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}

// protocolMatch matches a protocol; matching a port of one does so as well.
func protocolMatch(name string, p topology.Ports) string {
	switch {
	case name == "" || name == "all":
		return ""
	case name == "tcp_udp":
		return "meta l4proto { tcp, udp }"
	case len(p) > 0:
		return ""
	}
	return "meta l4proto " + protocolWord(name)
}

// protocolWord is a protocol as nft(8) knows it on any machine: the rarer names are in
// /etc/protocols only, which comes with a package of its own.
func protocolWord(name string) string {
	common := []string{"tcp", "udp", "icmp", "ipv6-icmp", "esp", "ah", "gre", "ospf", "vrrp"}
	if number, ok := topology.ProtocolNumber(name); ok && !slices.Contains(common, name) {
		return strconv.Itoa(number)
	}
	return name
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
	c.Rules = append(c.Rules, join(log(r.DefaultLog, r.Name, "default", r.DefaultAction), r.DefaultAction))
	return c
}

func chainName(ruleset string) string { return "ruleset-" + ruleset }

func (w writer) rule(set string, r topology.Rule) string {
	from, to := w.vm.Router.PortsOf(r.Source), w.vm.Router.PortsOf(r.Destination)
	either := append(slices.Clone(from), to...)
	return join(
		protocolMatch(r.Protocol, either),
		w.side("saddr", r.Source), w.ports("sport", r.Protocol, r.Source),
		w.side("daddr", r.Destination), w.ports("dport", r.Protocol, r.Destination),
		state(r.State), limit(r.Limit), log(r.Log, set, fmt.Sprint(r.Number), r.Action), verdict(r))
}

// side matches the addresses of a target.
func (w writer) side(match string, g topology.Target) string {
	but := ""
	if g.Not {
		but = "!= "
	}
	name := g.AddressGroup + g.NetworkGroup
	if ranges := w.t.Ranges(w.vm, g); name != "" && len(ranges) > 0 {
		return addressFamily(ranges[0].First) + " " + match + " " + but + "@" + setName(name)
	}
	p := w.t.Resolve(w.vm, g)
	if !p.IsValid() || p.Bits() == 0 && !g.Not {
		return ""
	}
	return addressFamily(p.Addr()) + " " + match + " " + but + addressOrNet(p)
}

// ports matches the ports of a target, or those of its group.
func (w writer) ports(match, protocol string, g topology.Target) string {
	if g.PortGroup == "" {
		return ports(match, protocol, g.Port)
	}
	header := protocol
	if protocol == "tcp_udp" {
		header = "th"
	}
	return header + " " + match + " @" + setName(g.PortGroup)
}

func limit(l topology.Limit) string {
	switch {
	case l.Rate == "":
		return ""
	case l.Burst == 0:
		return "limit rate " + l.Rate
	}
	return fmt.Sprintf("limit rate %s burst %d packets", l.Rate, l.Burst)
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

// verdict is nft's word for what a rule does.
func verdict(r topology.Rule) string {
	if r.Action == "jump" {
		return "jump " + chainName(r.JumpTarget)
	}
	return r.Action
}

// stateRules is decided before any ruleset.
func stateRules(p topology.StatePolicy) []string {
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

// jumps leads the packets of a direction to the rulesets of a family, interfaces
// by name.
func jumps(f *topology.Firewall, family, direction string) []string {
	type jump struct{ iface, ruleset string }
	var all []jump
	for i := range f.Rulesets {
		for _, h := range f.Hooks(&f.Rulesets[i]) {
			if h.Family == family && h.Direction == direction {
				all = append(all, jump{h.Interface, f.Rulesets[i].Name})
			}
		}
	}
	slices.SortFunc(all, func(a, b jump) int { return cmp.Compare(a.iface, b.iface) })
	match := "iifname"
	if direction == "out" {
		match = "oifname"
	}
	lines := make([]string, len(all))
	for i, j := range all {
		lines[i] = iface(match, j.iface) + " jump " + chainName(j.ruleset)
	}
	return lines
}
