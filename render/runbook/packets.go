package runbook

import (
	"fmt"
	"net/netip"
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

// outside is the address that a rule of destination NAT is about.
func outside(vm *topology.VM, rule topology.DestinationNAT) netip.Addr {
	if i := vm.Interface(rule.InboundInterface); i != nil && !rule.Address.IsValid() {
		return i.Address
	}
	return rule.Address
}

func inbound(t *topology.Topology) (rows []string) {
	for _, vm := range routers(t) {
		for _, r := range vm.Router.NAT.Destination {
			at := "any address"
			if a := outside(vm, r); a.IsValid() {
				at = code(a.String())
			}
			rows = append(rows, row(code(vm.Name), fmt.Sprint(r.Number), at+" on "+code(r.InboundInterface), service(r.Protocol, r.Port), target(t, vm, r.Translation), text(r.Description)))
		}
	}
	return rows
}

func outbound(t *topology.Topology) (rows []string) {
	for _, vm := range routers(t) {
		for _, r := range vm.Router.NAT.Source {
			as := "the address of " + code(r.OutboundInterface)
			if !r.Masquerade {
				as = code(r.Translation.String())
			}
			rows = append(rows, row(code(vm.Name), fmt.Sprint(r.Number), target(t, vm, r.Source), code(r.OutboundInterface), as, text(r.Description)))
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
				rows = append(rows, row(code(vm.Name), name, fmt.Sprint(r.Number), r.Action, service(r.Protocol, nil),
					target(t, vm, r.Source), target(t, vm, r.Destination), strings.Join(r.State, ", "), text(r.Description)))
			}
			rows = append(rows, row(code(vm.Name), name, "else", set.DefaultAction, "any", "any", "any", "", text(set.Description)))
		}
	}
	return rows
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
	for _, a := range set.Attach {
		all = append(all, code(a.Interface)+" "+a.Direction)
	}
	if len(all) == 0 {
		return " (nowhere)"
	}
	return " (" + strings.Join(all, ", ") + ")"
}
