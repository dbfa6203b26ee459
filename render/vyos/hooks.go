package vyos

import (
	"cmp"
	"slices"
	"strconv"

	"stackgen/schema/topology"
)

// verdict is how a ruleset lets a packet through: an action, and where it goes
// next if that is a jump.
type verdict struct{ action, target string }

// of writes an action where accepting has another word.
func (v verdict) of(action string) verdict {
	if action == "accept" {
		return v
	}
	return verdict{action: action}
}

// secondHalf is the ruleset that leads on from "in" to "out", where a return
// would not.
const secondHalf = "stackgen-out"

// passes is how a ruleset lets a packet through. A packet has to pass both the
// "in" ruleset of one interface and the "out" ruleset of the other. Old releases
// ask both. Later ones jump to both from one chain, where "accept" ends the walk
// before the second: there "return" goes on to it. From a ruleset that another
// has jumped to, a return leads back to that, so the way on is a jump.
func (b builder) passes(f *topology.Firewall, r *topology.Ruleset) verdict {
	in := attachedTo(f, "in", r.Family)
	switch {
	case !b.d.has(hookChains), len(attachedTo(f, "out", r.Family)) == 0, !slices.Contains(f.Reachable(in...), r.Name):
		return verdict{action: "accept"}
	case jumpsOn(f, r.Family):
		return verdict{"jump", secondHalf}
	}
	return verdict{action: "return"}
}

// jumpsOn reports whether a return from an "in" ruleset of a family, or from one
// that such a ruleset leads to, could lead back to another ruleset.
func jumpsOn(f *topology.Firewall, family string) bool {
	in := f.Reachable(attachedTo(f, "in", family)...)
	return len(attachedTo(f, "out", family)) > 0 && slices.ContainsFunc(f.Rulesets, func(r topology.Ruleset) bool {
		return slices.ContainsFunc(r.Rules,
			func(rule topology.Rule) bool { return rule.Action == "jump" && slices.Contains(in, rule.JumpTarget) })
	})
}

// attachedTo are the rulesets of a family at a direction of any interface.
func attachedTo(f *topology.Firewall, direction, family string) (names []string) {
	for i := range f.Rulesets {
		r := &f.Rulesets[i]
		if r.Family == family && slices.ContainsFunc(r.Attach,
			func(a topology.Attachment) bool { return a.Direction == direction }) {
			names = append(names, r.Name)
		}
	}
	return names
}

// binding is a ruleset at a direction of an interface, or of a group of them.
type binding struct {
	ruleset, family, direction string
	iface, group               string
}

// bindings are those of a firewall in the order in which packets meet them: in
// before out, interfaces by name.
func bindings(f *topology.Firewall) []binding {
	var all []binding
	for _, r := range f.Rulesets {
		for _, a := range r.Attach {
			all = append(all, binding{r.Name, r.Family, a.Direction, a.Interface, a.InterfaceGroup})
		}
	}
	slices.SortStableFunc(all, func(a, b binding) int {
		return cmp.Or(cmp.Compare(a.direction, b.direction), compareWords(a.iface, b.iface), compareWords(a.group, b.group))
	})
	return all
}

// bind binds the rulesets to their interfaces.
func (b builder) bind(f *topology.Firewall) {
	if b.d.has(hookChains) {
		for _, family := range []string{topology.IPv4, topology.IPv6} {
			b.hooks(f, family)
		}
		return
	}
	for i := range f.Rulesets {
		leaf := "name"
		if f.Rulesets[i].Family == topology.IPv6 {
			leaf = "ipv6-name"
		}
		for _, h := range f.Hooks(&f.Rulesets[i]) {
			b.iface(h.Interface).at("firewall "+h.Direction).leaf(leaf, f.Rulesets[i].Name)
		}
	}
}

// hooks makes rules that jump to each ruleset of a family from a base chain,
// which accepts what no ruleset has decided.
func (b builder) hooks(f *topology.Firewall, family string) {
	chains := map[string]*chain{}
	for _, at := range bindings(f) {
		if at.family != family {
			continue
		}
		name := "input"
		if at.direction != "local" {
			name = "forward"
		}
		if chains[name] == nil {
			chains[name] = &chain{node: b.root.at("firewall " + family + " " + name + " filter"), action: "accept"}
		}
		chains[name].jump(at)
	}
	if !jumpsOn(f, family) {
		return
	}
	way := &chain{node: b.rulesetNode(family, secondHalf), action: "accept"}
	for _, at := range bindings(f) {
		if at.family == family && at.direction == "out" {
			way.jump(at)
		}
	}
}

// chain is a list of rules that jump to rulesets.
type chain struct {
	node   node
	action string
	rules  int
}

// jump adds a rule for a binding; before the first stands what becomes of the
// rest.
func (c *chain) jump(at binding) {
	if c.rules == 0 {
		c.node.leaf("default-action", c.action)
	}
	c.rules += 10
	n := c.node.at("rule", strconv.Itoa(c.rules))
	n.leaf("action", "jump")
	n.leaf("jump-target", at.ruleset)
	match := "inbound-interface"
	if at.direction == "out" {
		match = "outbound-interface"
	}
	n.leaf(match+" name", at.iface)
	n.leaf(match+" group", at.group)
}
