package vyos

import (
	"net/netip"
	"strconv"

	"stackgen/schema/topology"
)

func (b builder) nat() {
	nat := b.vm.Router.NAT
	for _, r := range nat.Source {
		n := b.root.at("nat source rule", strconv.Itoa(r.Number))
		n.leaf("description", r.Description)
		n.leaf("outbound-interface "+b.d.say(natInterface), r.OutboundInterface)
		b.match(n.at("source"), r.Source)
		if r.Masquerade {
			n.leaf("translation address", "masquerade")
		} else {
			n.leaf("translation address", r.Translation.String())
		}
	}
	for _, r := range nat.Destination {
		b.destinationNAT(r)
	}
}

func (b builder) destinationNAT(r topology.DestinationNAT) {
	n := b.root.at("nat destination rule", strconv.Itoa(r.Number))
	n.leaf("description", r.Description)
	n.leaf("inbound-interface "+b.d.say(natInterface), r.InboundInterface)
	n.leaf("protocol", r.Protocol)
	if a := inboundAddress(b.vm, r); a.IsValid() {
		n.leaf("destination address", a.String())
	}
	n.leaf("destination port", r.Port.String())
	if to := b.t.Resolve(b.vm, r.Translation); to.IsValid() {
		n.leaf("translation address", to.Addr().String())
	}
	n.leaf("translation port", r.Translation.Port.String())
}

// inboundAddress is the address whose packets a rule translates: without one of
// its own that of the inbound interface, so that what only passes through is
// left alone.
func inboundAddress(vm *topology.VM, r topology.DestinationNAT) netip.Addr {
	if r.Address.IsValid() {
		return r.Address
	}
	if i := vm.Interface(r.InboundInterface); i != nil {
		return i.Address
	}
	return netip.Addr{}
}

// match restricts a rule to packets from or to a target. All addresses of a
// family are no restriction.
func (b builder) match(n node, g topology.Target) {
	if p := b.t.Resolve(b.vm, g); p.IsValid() && p.Bits() > 0 {
		n.leaf("address", addressOrNet(p))
	}
	n.leaf("port", g.Port.String())
}

// addressOrNet writes a machine without prefix length.
func addressOrNet(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}
