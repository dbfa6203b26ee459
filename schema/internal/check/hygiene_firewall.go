package check

import "stackgen/schema/topology"

// firewall reports rulesets and groups that no rule or attachment of their
// router names.
func (u usedNames) firewall(vm *topology.VM, warn func(path, kind, name, hint string)) {
	f := &vm.Router.Firewall
	for _, set := range f.Rulesets {
		if len(set.Attach) > 0 {
			u[routerPath(vm, "firewall", "rulesets", set.Name)] = true
		}
		for _, a := range set.Attach {
			u[routerPath(vm, "firewall", "groups", "interface", a.InterfaceGroup)] = true
		}
		for _, r := range set.Rules {
			u[routerPath(vm, "firewall", "rulesets", r.JumpTarget)] = true
			for _, g := range []topology.Target{r.Source, r.Destination} {
				u[routerPath(vm, "firewall", "groups", "address", g.AddressGroup)] = true
				u[routerPath(vm, "firewall", "groups", "network", g.NetworkGroup)] = true
				u[routerPath(vm, "firewall", "groups", "port", g.PortGroup)] = true
			}
		}
	}
	for _, z := range f.Zones {
		for _, from := range z.From {
			u[routerPath(vm, "firewall", "rulesets", from.Ruleset)] = true
			u[routerPath(vm, "firewall", "rulesets", from.IPv6Ruleset)] = true
		}
	}
	for _, set := range f.Rulesets {
		warn(routerPath(vm, "firewall", "rulesets", set.Name), "ruleset", set.Name,
			"attach it to an interface, jump to it, or remove it")
	}
	u.groups(vm, f.Groups, warn)
}

func (u usedNames) groups(vm *topology.VM, groups topology.Groups, warn func(path, kind, name, hint string)) {
	unused := func(kind, name string) {
		warn(routerPath(vm, "firewall", "groups", kind, name), kind+" group", name, "use it in a ruleset, or remove it")
	}
	for _, g := range groups.Address {
		unused("address", g.Name)
	}
	for _, g := range groups.Network {
		unused("network", g.Name)
	}
	for _, g := range groups.Port {
		unused("port", g.Name)
	}
	for _, g := range groups.Interface {
		unused("interface", g.Name)
	}
}
