package runbook

import (
	"fmt"
	"strings"

	"stackgen/schema/topology"
)

// routers are the VMs that route.
func routers(t *topology.Topology) (vms []*topology.VM) {
	for i := range t.VMs {
		if t.VMs[i].Router != nil {
			vms = append(vms, &t.VMs[i])
		}
	}
	return vms
}

func inbound(t *topology.Topology) (rows []string) {
	for _, vm := range routers(t) {
		for _, r := range vm.DestinationRules() {
			at, to := "its address", target(t, vm, r.Translation)
			if a := vm.PublicAddress(r); a.IsValid() {
				at = code(a.String())
			}
			if r.Exclude {
				to = "left as it is"
			}
			on := " on " + code(r.InboundInterface)
			if r.Hairpin {
				on += " and from inside"
			}
			rows = append(rows, row(code(vm.Name), fmt.Sprint(r.Number), at+on+sourceOf(t, vm, r.Source),
				service(r.Protocol, r.Port), to, text(r.Description)))
		}
	}
	return rows
}

// sourceOf says whose packets a rule is for, where it is not for all.
func sourceOf(t *topology.Topology, vm *topology.VM, source topology.Target) string {
	if source.IsZero() {
		return ""
	}
	return " from " + target(t, vm, source)
}

func outbound(t *topology.Topology) (rows []string) {
	for _, vm := range routers(t) {
		for _, r := range t.SourceRules(vm) {
			as := code(r.Translation.String())
			switch {
			case r.Exclude:
				as = "left as it is"
			case r.Masquerade:
				as = "the address of " + code(r.OutboundInterface)
			}
			whose := target(t, vm, r.Source)
			if !r.Destination.IsZero() {
				whose += " to " + service(r.Protocol, nil) + " " + target(t, vm, r.Destination)
			}
			rows = append(rows, row(code(vm.Name), fmt.Sprint(r.Number), whose, code(r.OutboundInterface), as,
				text(r.Description)))
		}
	}
	return rows
}

// service names a protocol and its ports.
func service(protocol string, ports topology.Ports) string {
	if protocol == "" {
		protocol = "any"
	}
	return strings.TrimSpace(protocol + " " + ports.String())
}

// rules are those of all firewalls, each ruleset with its default at the end.
func rules(t *topology.Topology) (rows []string) {
	for _, vm := range routers(t) {
		rows = append(rows, policy(vm)...)
		for _, set := range vm.Router.Firewall.Rulesets {
			name := code(set.Name) + attachments(set)
			for _, r := range set.Rules {
				rows = append(rows, row(code(vm.Name), name, fmt.Sprint(r.Number), action(r), service(r.Protocol, nil),
					target(t, vm, r.Source), target(t, vm, r.Destination), strings.Join(r.State, ", "), text(r.Description)))
			}
			rows = append(rows, row(code(vm.Name), name, "else", set.DefaultAction, "any", "any", "any", "",
				text(set.Description)))
		}
	}
	return rows
}

// action is what a rule does, and how often at most.
func action(r topology.Rule) string {
	words := r.Action
	if r.JumpTarget != "" {
		words += " to " + code(r.JumpTarget)
	}
	if r.Limit.Rate != "" {
		words += ", at most " + r.Limit.Rate
	}
	return words
}

// zones are those of all firewalls, a row for each way into one.
func zones(t *topology.Topology) (rows []string) {
	for _, vm := range routers(t) {
		for _, z := range vm.Router.Firewall.Zones {
			has := codes(z.Interfaces)
			if z.Local {
				has = "the router itself"
			}
			for _, from := range z.From {
				by := strings.TrimSpace(code(from.Ruleset) + " " + code(from.IPv6Ruleset))
				rows = append(rows, row(code(vm.Name), code(z.Name), has, code(from.Name), by, text(z.Description)))
			}
			rows = append(rows, row(code(vm.Name), code(z.Name), has, "else", z.DefaultAction, text(z.Description)))
		}
	}
	return rows
}

// groups are those of all firewalls, with what is in them.
func groups(t *topology.Topology) (rows []string) {
	for _, vm := range routers(t) {
		g := vm.Router.Firewall.Groups
		for _, a := range g.Address {
			rows = append(rows, row(code(vm.Name), code(a.Name), "addresses", members(t.AddressesIn(vm, &a)),
				text(a.Description)))
		}
		for _, n := range g.Network {
			rows = append(rows, row(code(vm.Name), code(n.Name), "networks", members(t.NetworksIn(vm, &n)), text(n.Description)))
		}
		for _, p := range g.Port {
			rows = append(rows, row(code(vm.Name), code(p.Name), "ports", p.Ports.String(), text(p.Description)))
		}
		for _, i := range g.Interface {
			rows = append(rows, row(code(vm.Name), code(i.Name), "interfaces", codes(i.Interfaces), text(i.Description)))
		}
	}
	return rows
}

func members[T fmt.Stringer](list []T) string {
	var all []string
	for _, m := range list {
		all = append(all, m.String())
	}
	return codes(all)
}

// policy is what is decided before all rules.
func policy(vm *topology.VM) (rows []string) {
	p := vm.Router.Firewall.StatePolicy
	for _, s := range []struct{ state, action string }{
		{"established", p.Established}, {"related", p.Related}, {"invalid", p.Invalid},
	} {
		if s.action != "" {
			rows = append(rows, row(code(vm.Name), "all", "first", s.action, "any", "any", "any", s.state, ""))
		}
	}
	return rows
}

func attachments(set topology.Ruleset) string {
	var all []string
	if set.Family == topology.IPv6 {
		all = append(all, "IPv6")
	}
	for _, a := range set.Attach {
		where := code(a.Interface)
		if a.InterfaceGroup != "" {
			where = "group " + code(a.InterfaceGroup)
		}
		all = append(all, where+" "+a.Direction)
	}
	if len(set.Attach) == 0 {
		all = append(all, "nowhere")
	}
	return " (" + strings.Join(all, ", ") + ")"
}
