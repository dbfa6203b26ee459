package check

import (
	"stackgen/schema/diag"
	"stackgen/schema/internal/wording"
	"stackgen/schema/topology"
)

// checkZones finds zones that do not divide the world: an interface in none or in two
// of them, or rulesets that are attached to interfaces besides.
func checkZones(vm *topology.VM, diags *diag.List) {
	f := &vm.Router.Firewall
	if len(f.Zones) == 0 {
		return
	}
	home := map[string]string{} // of interfaces, and of the router itself: ""
	for i := range f.Zones {
		zoneMembers(vm, &f.Zones[i], home, diags)
		zoneRulesets(vm, &f.Zones[i], diags)
	}
	for _, i := range vm.Interfaces {
		if i.Address.IsValid() {
			zoneless(vm, i.Name, home, diags)
		}
	}
	for _, t := range vm.Router.Tunnels() {
		zoneless(vm, t.Name, home, diags)
	}
	for _, set := range f.Rulesets {
		if len(set.Attach) > 0 {
			diags.Errorf("firewall/zone-attach", routerPath(vm, "firewall", "rulesets", set.Name, "attach"),
				"ruleset %q is attached to interfaces, but this firewall has zones", set.Name).
				Also(routerPath(vm, "firewall", "zones"), "the zones").
				Hintf("name the ruleset in from of a zone, or leave out the zones")
		}
	}
}

// zoneMembers finds a zone of nothing, and what another zone has already.
func zoneMembers(vm *topology.VM, z *topology.Zone, home map[string]string, diags *diag.List) {
	path := routerPath(vm, "firewall", "zones", z.Name)
	members := z.Interfaces
	if z.Local == (len(members) > 0) {
		diags.Errorf("firewall/zone-members", path, "a zone has interfaces, or is the router itself, one of them").
			Hintf("write interfaces: or local: true")
	}
	if z.Local {
		members = []string{""}
	}
	for _, m := range members {
		other, taken := home[m]
		if !taken {
			home[m] = path
			continue
		}
		what := wording.Quoted("interface", m)
		if m == "" {
			what = "the router itself"
		}
		diags.Errorf("firewall/zone-members", path, "%s is in two zones", what).
			Also(other, "the other zone").Hintf("leave it in one of them")
	}
}

// zoneless finds an interface that no zone has: what passes there is not for us
// to say.
func zoneless(vm *topology.VM, name string, home map[string]string, diags *diag.List) {
	if _, ok := home[name]; !ok {
		diags.Errorf("firewall/zone-members", routerPath(vm, "firewall", "zones"), "interface %q is in no zone", name).
			Hintf("add it to interfaces of a zone")
	}
}

// zoneRulesets finds a ruleset of the other family, and a way from a zone into
// itself.
func zoneRulesets(vm *topology.VM, z *topology.Zone, diags *diag.List) {
	for _, from := range z.From {
		path := routerPath(vm, "firewall", "zones", z.Name, "from", from.Name)
		if from.Name == z.Name {
			diags.Errorf("firewall/zone-from", path, "within zone %q everything passes", z.Name).
				AtKey().Hintf("name another zone, or make two of this one")
		}
		for _, r := range []struct{ key, name, family string }{{"ruleset", from.Ruleset, topology.IPv4},
			{"ipv6Ruleset", from.IPv6Ruleset, topology.IPv6}} {
			if set := vm.Router.Firewall.Ruleset(r.name); set != nil && set.Family != r.family {
				diags.Errorf("firewall/family", diag.Join(path, r.key), "ruleset %q is for %s", set.Name, familyName(set.Family)).
					Also(routerPath(vm, "firewall", "rulesets", set.Name), "the ruleset").
					Hintf("write a ruleset with family: '%s'", r.family)
			}
		}
	}
}
