package vyos

import (
	"cmp"
	"slices"
	"strconv"

	"stackgen/schema/topology"
)

func (b builder) firewall() {
	f := b.vm.Router.Firewall
	n := b.root.at(b.d.say(globalOptions))
	n.leaf("all-ping", enabled(f.AllPing))
	n.leaf("state-policy established action", f.StatePolicy.Established)
	n.leaf("state-policy related action", f.StatePolicy.Related)
	n.leaf("state-policy invalid action", f.StatePolicy.Invalid)
	for _, r := range f.Rulesets {
		b.ruleset(r, b.passes(f, r))
	}
	b.bind(f)
}

func enabled(on bool) string {
	if on {
		return "enable"
	}
	return "disable"
}

// passes is the action that lets a packet through a ruleset. A packet has to
// pass both the "in" ruleset of one interface and the "out" ruleset of the
// other. Where both are jumped to from one chain, "accept" would end the walk
// before the second.
func (b builder) passes(f topology.Firewall, r topology.Ruleset) string {
	if b.d.has(hookChains) && attached(r, "in") && slices.ContainsFunc(f.Rulesets, func(o topology.Ruleset) bool { return attached(o, "out") }) {
		return "return"
	}
	return "accept"
}

func attached(r topology.Ruleset, direction string) bool {
	return slices.ContainsFunc(r.Attach, func(a topology.Attachment) bool { return a.Direction == direction })
}

func (b builder) ruleset(r topology.Ruleset, pass string) {
	n := b.root.at(b.d.say(ruleset), r.Name)
	n.leaf("description", r.Description)
	n.leaf("default-action", action(r.DefaultAction, pass))
	if r.DefaultLog {
		n.at(b.d.say(defaultLog)).here()
	}
	for _, rule := range r.Rules {
		b.rule(n.at("rule", strconv.Itoa(rule.Number)), rule, pass)
	}
}

// action writes an action where accepting has another word.
func action(a, pass string) string {
	if a == "accept" {
		return pass
	}
	return a
}

func (b builder) rule(n node, r topology.Rule, pass string) {
	n.leaf("action", action(r.Action, pass))
	n.leaf("description", r.Description)
	n.leaf("protocol", r.Protocol)
	b.match(n.at("source"), r.Source)
	b.match(n.at("destination"), r.Destination)
	for _, s := range r.State {
		b.flag(n, "state", s)
	}
	if r.Log {
		b.flag(n, "log", "")
	}
}

// flag turns something on: a value of a leaf, or the leaf itself. Old releases
// have a leaf for each value, which is enabled.
func (b builder) flag(n node, words, value string) {
	switch {
	case !b.d.has(bareFlags):
		n.at(words).leaf(value, "enable")
	case value == "":
		n.at(words).here()
	default:
		n.leaf(words, value)
	}
}

// binding is a ruleset at a direction of an interface.
type binding struct{ ruleset, iface, direction string }

// bindings are those of a firewall in the order in which packets meet them: in
// before out, interfaces by name.
func bindings(f topology.Firewall) []binding {
	var all []binding
	for _, r := range f.Rulesets {
		for _, a := range r.Attach {
			all = append(all, binding{r.Name, a.Interface, a.Direction})
		}
	}
	slices.SortStableFunc(all, func(a, b binding) int {
		return cmp.Or(cmp.Compare(a.direction, b.direction), compareWords(a.iface, b.iface))
	})
	return all
}

// hook is the base chain that a direction is a jump from, and the leaf that
// names the interface there.
func hook(direction string) (chain, match string) {
	switch direction {
	case "in":
		return "forward", "inbound-interface"
	case "out":
		return "forward", "outbound-interface"
	}
	return "input", "inbound-interface"
}

// bind binds the rulesets to their interfaces.
func (b builder) bind(f topology.Firewall) {
	if b.d.has(hookChains) {
		b.hooks(f)
		return
	}
	for _, at := range bindings(f) {
		b.iface(at.iface).at("firewall "+at.direction).leaf("name", at.ruleset)
	}
}

// hooks makes rules that jump to each ruleset from a base chain, which accepts
// what no ruleset has decided.
func (b builder) hooks(f topology.Firewall) {
	rules := map[string]int{}
	for _, at := range bindings(f) {
		chain, match := hook(at.direction)
		n := b.root.at("firewall ipv4").at(chain).at("filter")
		if rules[chain] == 0 {
			n.leaf("default-action", "accept")
		}
		rules[chain] += 10
		n = n.at("rule", strconv.Itoa(rules[chain]))
		n.leaf("action", "jump")
		n.leaf("jump-target", at.ruleset)
		n.leaf(match+" name", at.iface)
	}
}
