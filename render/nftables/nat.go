package nftables

import (
	"fmt"
	"net/netip"
	"slices"

	"stackgen/schema/topology"
)

// destinationNAT is one rule; one with hairpin is for whatever interface the
// packet enters by.
func (w writer) destinationNAT(r topology.DestinationNAT) string {
	in := iface("iifname", r.InboundInterface)
	if r.Hairpin {
		in = ""
	}
	return join(in, w.address("saddr", w.t.Resolve(w.vm, r.Source)),
		w.sentTo(w.vm.PublicAddress(r)),
		protocolMatch(r.Protocol, append(slices.Clone(r.Source.Port), r.Port...)),
		ports("sport", r.Protocol, r.Source.Port), ports("dport", r.Protocol, r.Port),
		natLog(r.Log, "DST", r.Number), w.translation(r))
}

// sentTo matches what was sent to an address, or where a provider lends it, to any that the
// router has: what only passes through is left alone.
func (w writer) sentTo(a netip.Addr) string {
	if !a.IsValid() {
		return "fib daddr type local"
	}
	return w.address("daddr", single(a))
}

// translation is what becomes of the destination. An excluded packet is
// accepted: no later rule of NAT sees it.
func (w writer) translation(r topology.DestinationNAT) string {
	to := w.t.Resolve(w.vm, r.Translation)
	switch {
	case r.Exclude:
		return "accept"
	case !to.IsValid():
		return "redirect to :" + r.Translation.Port.String()
	case len(r.Translation.Port) > 0:
		return "dnat to " + netip.AddrPortFrom(to.Addr(), uint16(r.Translation.Port.Single())).String()
	}
	return "dnat to " + to.Addr().String()
}

func (w writer) sourceNAT(r topology.SourceNAT) string {
	to := "snat to " + r.Translation.String()
	switch {
	case r.Exclude:
		to = "accept"
	case r.Masquerade:
		to = "masquerade"
	}
	return join(iface("oifname", r.OutboundInterface), w.address("saddr", w.t.Resolve(w.vm, r.Source)),
		w.address("daddr", w.t.Resolve(w.vm, r.Destination)), protocolMatch(r.Protocol, r.Destination.Port),
		ports("dport", r.Protocol, r.Destination.Port), natLog(r.Log, "SRC", r.Number), to)
}

// natLog has the prefix that VyOS gives.
func natLog(on bool, kind string, rule int) string {
	if !on {
		return ""
	}
	return fmt.Sprintf("log prefix \"[%s-NAT-%d] \"", kind, rule)
}

func single(a netip.Addr) netip.Prefix {
	if !a.IsValid() {
		return netip.Prefix{}
	}
	return netip.PrefixFrom(a, a.BitLen())
}
