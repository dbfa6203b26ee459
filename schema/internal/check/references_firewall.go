package check

import (
	"stackgen/schema/diag"
	"stackgen/schema/internal/wording"
	"stackgen/schema/topology"
)

// firewall checks what the rulesets and groups of a router name.
func (r *references) firewall(vm *topology.VM) {
	f := &vm.Router.Firewall
	r.groups(vm)
	r.zones(vm)
	for i := range f.Rulesets {
		set := &f.Rulesets[i]
		path := routerPath(vm, "firewall", "rulesets", set.Name)
		for i, a := range set.Attach {
			if a.Interface != "" {
				r.routerInterface(diag.Join(path, "attach", i, "interface"), vm, a.Interface)
			}
			r.group(diag.Join(path, "attach", i, "interfaceGroup"), vm, "interface group", a.InterfaceGroup,
				f.Groups.Interfaces(a.InterfaceGroup) != nil, namesOf(f.Groups.Interface,
					func(g topology.InterfaceGroup) string { return g.Name }))
		}
		for _, rule := range set.Rules {
			at := diag.Join(path, "rules", rule.Number)
			r.ruleTarget(diag.Join(at, "source"), vm, rule.Source)
			r.ruleTarget(diag.Join(at, "destination"), vm, rule.Destination)
			r.group(diag.Join(at, "jumpTarget"), vm, "ruleset", rule.JumpTarget,
				f.Ruleset(rule.JumpTarget) != nil, namesOf(f.Rulesets, func(s topology.Ruleset) string { return s.Name }))
		}
	}
}

// ruleTarget checks a target that may name groups.
func (r *references) ruleTarget(path string, vm *topology.VM, g topology.Target) {
	groups := &vm.Router.Firewall.Groups
	r.target(path, g)
	if len(g.Port) > 0 && g.PortGroup != "" {
		r.diags.Errorf("references/one-target", path, "%s are given where one names the ports",
			wording.QuotedList([]string{"port", "portGroup"}, "and")).
			Hintf("keep one of them")
	}
	r.group(diag.Join(path, "addressGroup"), vm, "address group", g.AddressGroup,
		groups.Addresses(g.AddressGroup) != nil, namesOf(groups.Address,
			func(g topology.AddressGroup) string { return g.Name }))
	r.group(diag.Join(path, "networkGroup"), vm, "network group", g.NetworkGroup,
		groups.Networks(g.NetworkGroup) != nil, namesOf(groups.Network,
			func(g topology.NetworkGroup) string { return g.Name }))
	r.group(diag.Join(path, "portGroup"), vm, "port group", g.PortGroup,
		groups.Ports(g.PortGroup) != nil, namesOf(groups.Port, func(g topology.PortGroup) string { return g.Name }))
}

// group checks a name, if there is one, of something that a router's firewall
// has.
func (r *references) group(path string, vm *topology.VM, kind, name string, exists bool, candidates []string) {
	if name != "" && !exists {
		r.missing(path, reference{wording.Quoted("VM", vm.Name), kind, name}, candidates)
	}
}

// groups checks the members of groups.
func (r *references) groups(vm *topology.VM) {
	groups := vm.Router.Firewall.Groups
	for _, g := range groups.Address {
		for i, m := range g.Addresses {
			r.vm(routerPath(vm, "firewall", "groups", "address", g.Name, "addresses", i), m.VM)
		}
	}
	for _, g := range groups.Network {
		for i, n := range g.Networks {
			r.network(routerPath(vm, "firewall", "groups", "network", g.Name, "networks", i), n.Network)
		}
	}
	for _, g := range groups.Interface {
		for _, name := range g.Interfaces {
			r.routerInterface(routerPath(vm, "firewall", "groups", "interface", g.Name, "interfaces"), vm, name)
		}
	}
}

// zones checks what the zones of a router name.
func (r *references) zones(vm *topology.VM) {
	f := &vm.Router.Firewall
	zones := namesOf(f.Zones, func(z topology.Zone) string { return z.Name })
	rulesets := namesOf(f.Rulesets, func(s topology.Ruleset) string { return s.Name })
	for _, z := range f.Zones {
		path := routerPath(vm, "firewall", "zones", z.Name)
		for _, name := range z.Interfaces {
			r.routerInterface(diag.Join(path, "interfaces"), vm, name)
		}
		for _, from := range z.From {
			at := diag.Join(path, "from", from.Name)
			r.group(at, vm, "zone", from.Name, f.Zone(from.Name) != nil, zones)
			r.group(diag.Join(at, "ruleset"), vm, "ruleset", from.Ruleset, f.Ruleset(from.Ruleset) != nil, rulesets)
			r.group(diag.Join(at, "ipv6Ruleset"), vm, "ruleset", from.IPv6Ruleset, f.Ruleset(from.IPv6Ruleset) != nil, rulesets)
		}
	}
}
