package vyos

import (
	"net/netip"
	"strconv"

	"stackgen/schema/topology"
)

func (b builder) nat() {
	for _, r := range b.t.SourceRules(b.vm) {
		b.sourceNAT(r)
	}
	for _, r := range b.vm.DestinationRules() {
		b.destinationNAT(r)
	}
}

func (b builder) sourceNAT(r topology.SourceNAT) {
	n := b.root.at("nat source rule", strconv.Itoa(r.Number))
	b.natRule(n, r.Description, r.Protocol, r.Exclude, r.Log)
	n.leaf("outbound-interface "+b.d.word(natInterface), r.OutboundInterface)
	b.match(n.at("source"), r.Source)
	b.match(n.at("destination"), r.Destination)
	if r.Masquerade {
		n.leaf("translation address", "masquerade")
	} else {
		n.leaf("translation address", r.Translation.String())
	}
}

func (b builder) destinationNAT(r topology.DestinationNAT) {
	n := b.root.at("nat destination rule", strconv.Itoa(r.Number))
	b.natRule(n, r.Description, r.Protocol, r.Exclude, r.Log)
	if r.Hairpin {
		n.leaf("inbound-interface", b.d.word(anyInterface))
	} else {
		n.leaf("inbound-interface "+b.d.word(natInterface), r.InboundInterface)
	}
	b.match(n.at("source"), r.Source)
	if a := b.vm.PublicAddress(r); a.IsValid() {
		n.leaf("destination address", a.String())
	}
	n.leaf("destination port", r.Port.String())
	if to := b.t.Resolve(b.vm, r.Translation); to.IsValid() {
		n.leaf("translation address", to.Addr().String())
	}
	n.leaf("translation port", r.Translation.Port.String())
}

// natRule is what rules of both kinds have. A rule without protocol is for all.
func (b builder) natRule(n node, description, protocol string, exclude, log bool) {
	n.leaf("description", description)
	if protocol != "all" {
		n.leaf("protocol", protocol)
	}
	if exclude {
		n.at("exclude").here()
	}
	switch {
	case log && b.d.has(natFlags):
		n.at("log").here()
	case log:
		n.leaf("log", "enable")
	}
}

// match restricts a rule to packets from or to a target. All addresses of a
// family are no restriction.
func (b builder) match(n node, g topology.Target) {
	but := ""
	if g.Not {
		but = "!"
	}
	if p := b.t.Resolve(b.vm, g); p.IsValid() && (p.Bits() > 0 || g.Not) {
		n.leaf("address", but+addressOrNet(p))
	}
	if g.AddressGroup != "" {
		n.leaf("group address-group", but+g.AddressGroup)
	}
	if g.NetworkGroup != "" {
		n.leaf("group network-group", but+g.NetworkGroup)
	}
	n.leaf("group port-group", g.PortGroup)
	n.leaf("port", g.Port.String())
}

// addressOrNet writes a machine without prefix length.
func addressOrNet(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}
