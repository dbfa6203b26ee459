package flow

import (
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// Between is what the zones of a router do with a packet from one interface to
// another, or false when they let it pass unseen: within a zone, or where there
// is none. No interface is the router itself.
func (n *Net) Between(vm *topology.VM, in, out string, p Packet) (Verdict, bool) {
	f := &vm.Router.Firewall
	if v, decided := statePolicy(vm, p); decided && (len(f.Zones) > 0 || in == "") { // what a router sends meets no other hook
		return v, true
	}
	from, to := f.ZoneOf(in), f.ZoneOf(out)
	if from == nil || to == nil || from == to {
		return Verdict{}, false
	}
	if by := to.Between(from); by != nil {
		if set := f.Ruleset(by.RulesetFor(p.family())); set != nil {
			v := n.verdict(vm, set, p, len(f.Rulesets))
			v.Accept = v.Action == "accept" || v.Action == "return"
			return v, true
		}
	}
	blame := to
	if in == "" { // the zone of the router itself decides about what it sends, too
		blame = from
	}
	return Verdict{Action: blame.DefaultAction,
		Path: diag.Path("vms", vm.Name, "router", "firewall", "zones", blame.Name)}, true
}

// passZones asks the zones and reports whether they let a packet pass.
func (n *Net) passZones(w *Walk, p Packet, vm *topology.VM, in, out string) bool {
	v, seen := n.Between(vm, in, out, p)
	if !seen {
		return true
	}
	f := &vm.Router.Firewall
	return w.filtered(vm, v, "from zone "+f.ZoneOf(in).Name+" to "+f.ZoneOf(out).Name, p)
}
