package flow

import (
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// dnat applies the first rule of destination NAT that matches.
func (n *Net) dnat(w *Walk, p Packet, vm *topology.VM, device string) Packet {
	for _, rule := range vm.DestinationRules() {
		to := n.Resolve(vm, rule.Translation)
		switch m := n.inbound(vm, &rule, device, p); {
		case m == no, m == maybe && !n.Lenient, !rule.Exclude && !to.IsValid():
			continue
		case rule.Exclude:
			w.add(DNAT, vm.Name, natPath(vm, rule.Written), "rule %d leaves %s as it is", rule.Number, p)
			return p
		}
		p.To = to.Addr()
		if port := rule.Translation.Port.Single(); port != 0 {
			p.Port = port
		}
		w.add(DNAT, vm.Name, natPath(vm, rule.Written), "rule %d to %s", rule.Number, p)
		return p
	}
	return p
}

// inbound reports whether a rule of destination NAT is for a packet that has
// come in by a device. One with hairpin is for all devices.
func (n *Net) inbound(vm *topology.VM, rule *topology.DestinationNAT, device string, p Packet) answer {
	if rule.InboundInterface != device && !rule.Hairpin || vm.PublicAddress(*rule) != p.To ||
		!protocolMatches(rule.Protocol, p.Protocol) {
		return no
	}
	if len(rule.Port) > 0 && (p.Port == 0 || !rule.Port.Contains(topology.Ports{{First: p.Port, Last: p.Port}})) {
		return no
	}
	return n.sideMatches(vm, rule.Source, p.Source, p.sourcePort())
}

// snat applies the first rule of source NAT that matches.
func (n *Net) snat(w *Walk, p Packet, vm *topology.VM, r route) Packet {
	for _, rule := range n.SourceRules(vm) {
		if rule.OutboundInterface != r.device || !n.outbound(vm, &rule, p) {
			continue
		}
		switch {
		case rule.Exclude:
			w.add(SNAT, vm.Name, natPath(vm, rule.Written), "rule %d leaves the source as it is", rule.Number)
			return p
		case rule.Masquerade:
			p.Source = r.source
		default:
			p.Source = rule.Translation.First
		}
		from := p.Source.String()
		if !p.Source.IsValid() {
			from = "the address that is lent to " + r.device
		}
		w.add(SNAT, vm.Name, natPath(vm, rule.Written), "rule %d from %s", rule.Number, from)
		return p
	}
	return p
}

// outbound reports whether a rule of source NAT is for a packet.
func (n *Net) outbound(vm *topology.VM, rule *topology.SourceNAT, p Packet) bool {
	from := n.Resolve(vm, rule.Source)
	anyone := !p.Source.IsValid() && from.Bits() == 0 // whoever it is
	return from.IsValid() && (anyone || p.Source.IsValid() && from.Contains(p.Source)) &&
		protocolMatches(rule.Protocol, p.Protocol) && n.sideMatches(vm, rule.Destination, p.To, p.Port) == yes
}

// natPath is where a rule of NAT is written.
func natPath(vm *topology.VM, k topology.NATKey) string {
	return diag.Path("vms", vm.Name, "router", "nat", k.List, k.Number)
}
