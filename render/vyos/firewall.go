package vyos

import (
	"strconv"

	"stackgen/schema/topology"
)

func (b builder) firewall() {
	f := b.vm.Router.Firewall
	n := b.root.at(b.d.word(globalOptions))
	n.leaf("all-ping", enabled(f.AllPing))
	n.leaf("state-policy established action", f.StatePolicy.Established)
	n.leaf("state-policy related action", f.StatePolicy.Related)
	n.leaf("state-policy invalid action", f.StatePolicy.Invalid)
	b.groups(f.Groups)
	for i := range f.Rulesets {
		b.ruleset(&f.Rulesets[i], b.passes(&f, &f.Rulesets[i]))
	}
	b.bind(&f)
	b.zones(f.Zones)
}

func enabled(on bool) string {
	if on {
		return "enable"
	}
	return "disable"
}

// rulesetNode is where a ruleset is.
func (b builder) rulesetNode(family, name string) node {
	if family == topology.IPv6 {
		return b.root.at(b.d.word(ruleset6), name)
	}
	return b.root.at(b.d.word(ruleset), name)
}

func (b builder) ruleset(r *topology.Ruleset, pass verdict) {
	n := b.rulesetNode(r.Family, r.Name)
	n.leaf("description", r.Description)
	last := pass.of(r.DefaultAction)
	n.leaf("default-action", last.action)
	n.leaf("default-jump-target", last.target)
	if r.DefaultLog {
		n.at(b.d.word(defaultLog)).here()
	}
	for _, rule := range r.Rules {
		if r.Family == topology.IPv6 && !b.d.has(groups6) {
			rule.Source, rule.Destination = b.withPorts(rule.Source), b.withPorts(rule.Destination)
		}
		b.rule(n.at("rule", strconv.Itoa(rule.Number)), rule, pass)
	}
}

// withPorts writes out a group of ports, where rules cannot name it.
func (b builder) withPorts(g topology.Target) topology.Target {
	g.Port, g.PortGroup = b.vm.Router.PortsOf(g), ""
	return g
}

func (b builder) rule(n node, r topology.Rule, pass verdict) {
	v := pass.of(r.Action)
	n.leaf("action", v.action)
	n.leaf("jump-target", v.target)
	n.leaf("jump-target", r.JumpTarget)
	n.leaf("description", r.Description)
	n.leaf("protocol", r.Protocol)
	b.match(n.at("source"), r.Source)
	b.match(n.at("destination"), r.Destination)
	for _, s := range r.State {
		b.flag(n, "state", s)
	}
	n.leaf("limit rate", r.Limit.Rate)
	n.number("limit burst", r.Limit.Burst)
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
