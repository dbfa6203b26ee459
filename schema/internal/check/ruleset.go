package check

import (
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// attachments find a ruleset that is attached to an interface and to a group, or
// to neither.
func attachments(vm *topology.VM, diags *diag.List) {
	for _, set := range vm.Router.Firewall.Rulesets {
		for i, a := range set.Attach {
			if (a.Interface == "") == (a.InterfaceGroup == "") {
				diags.Errorf("firewall/attach", routerPath(vm, "firewall", "rulesets", set.Name, "attach", i),
					"an attachment names an interface or an interfaceGroup, one of them").
					Hintf("write interface: or interfaceGroup:")
			}
		}
	}
}

// jumps finds a rule that jumps nowhere, or does not jump.
func jumps(path string, rule topology.Rule, diags *diag.List) {
	switch jump := rule.Action == "jump"; {
	case jump && rule.JumpTarget == "":
		diags.Errorf("firewall/jump-target", path, "the rule jumps, but names no ruleset to jump to").
			Hintf("add jumpTarget: with the name of a ruleset")
	case !jump && rule.JumpTarget != "":
		diags.Errorf("firewall/jump-target", diag.Join(path, "jumpTarget"),
			"the rule names ruleset %q to jump to, but its action is %q", rule.JumpTarget, rule.Action).
			Hintf("write action: 'jump', or leave jumpTarget out")
	}
}

// jumpLoops finds rulesets from which a packet would come back to where it was.
func jumpLoops(vm *topology.VM, diags *diag.List) {
	f := &vm.Router.Firewall
	for _, set := range f.Rulesets {
		for _, r := range set.Rules {
			to := f.Ruleset(r.JumpTarget)
			if r.Action != "jump" || to == nil {
				continue
			}
			path := routerPath(vm, "firewall", "rulesets", set.Name, "rules", r.Number, "jumpTarget")
			if slices.Contains(f.Reachable(to.Name), set.Name) {
				diags.Errorf("firewall/jump-loop", path, "ruleset %q jumps to %q, and from there packets come back to it",
					set.Name, to.Name).
					Also(routerPath(vm, "firewall", "rulesets", to.Name), "where it jumps to").
					Hintf("put what both need in a ruleset of its own")
			}
			if to.Family != set.Family {
				diags.Errorf("firewall/family", path, "ruleset %q is for %s, but %q is for %s", set.Name, familyName(set.Family),
					to.Name, familyName(to.Family)).
					Also(routerPath(vm, "firewall", "rulesets", to.Name), "where it jumps to").
					Hintf("jump to a ruleset of the same family")
			}
		}
	}
}

// familyName is a family as people write it.
func familyName(f string) string {
	if f == topology.IPv6 {
		return "IPv6"
	}
	return "IPv4"
}

// ruleFamily finds what never matches a packet of the ruleset's family.
func ruleFamily(t *topology.Topology, vm *topology.VM, of, path string, rule topology.Rule, diags *diag.List) {
	for _, side := range []struct {
		key    string
		target topology.Target
	}{{"source", rule.Source}, {"destination", rule.Destination}} {
		ranges := t.Ranges(vm, side.target)
		if len(ranges) == 0 {
			if side.target.Not && side.target.Anywhere() {
				diags.Errorf("firewall/not-anywhere", diag.Join(path, side.key, "not"), "no address is named that would not match").
					Hintf("name a machine, a network, an address or a group")
			}
			continue
		}
		if a := ranges[0].First; family(a) != familyName(of) {
			diags.Errorf("firewall/family", diag.Join(path, side.key), "%s is %s, but the ruleset is for %s packets", ranges[0],
				family(a), familyName(of)).
				Hintf("write an %s address or network, or put the rule into a ruleset with family: '%s'", familyName(of), otherFamily(of))
		}
	}
	if other := map[string]string{"icmp": topology.IPv6, "ipv6-icmp": topology.IPv4}[rule.Protocol]; other == of {
		diags.Errorf("firewall/family", diag.Join(path, "protocol"), "packets of %s have no protocol %q", familyName(of),
			rule.Protocol).
			Hintf("write protocol: '%s'", map[string]string{"icmp": "ipv6-icmp", "ipv6-icmp": "icmp"}[rule.Protocol])
	}
}

func otherFamily(f string) string {
	if f == topology.IPv6 {
		return topology.IPv4
	}
	return topology.IPv6
}

// groupShape finds groups of two families, and names that two groups have.
func groupShape(t *topology.Topology, vm *topology.VM, diags *diag.List) {
	groups := vm.Router.Firewall.Groups
	first := map[string]string{}
	named := func(kind, name string) string {
		path := routerPath(vm, "firewall", "groups", kind, name)
		if other, taken := first[name]; taken {
			diags.Errorf("firewall/group-twice", path, "there is another group %q", name).
				AtKey().Also(other, "the other one").Hintf("give each a name of its own, whatever it is a list of")
		}
		first[name] = path
		return path
	}
	for _, g := range groups.Address {
		oneFamily(named("address", g.Name), t.AddressesIn(vm, &g), diags)
	}
	for _, g := range groups.Network {
		oneFamily(named("network", g.Name), t.Ranges(vm, topology.Target{NetworkGroup: g.Name}), diags)
	}
	for _, g := range groups.Port {
		named("port", g.Name)
	}
}

// oneFamily wants all members of a group to be of the family of the first.
func oneFamily(path string, members []topology.AddrRange, diags *diag.List) {
	for _, m := range members {
		if m.First.Is4() != members[0].First.Is4() {
			diags.Errorf("addresses/family", path, "%s is %s, but %s is %s", m, family(m.First), members[0],
				family(members[0].First)).
				Hintf("make a group for each family")
			return
		}
	}
}
