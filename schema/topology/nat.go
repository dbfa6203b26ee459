package topology

import (
	"cmp"
	"net/netip"
	"slices"
)

// NAT is address translation, rules in order of their numbers. Rules of source
// and destination NAT also follow from the others: SourceRules and
// DestinationRules list all.
type NAT struct {
	Source      []SourceNAT      `json:"source,omitempty"`
	Destination []DestinationNAT `json:"destination,omitempty"`
	Static      []StaticNAT      `json:"static,omitempty"`
}

// NATKey is where in the topology a rule of NAT is written: a list and the
// number in it. It is that of another rule where one follows from that.
type NATKey struct {
	List   string // source, destination or static
	Number int
}

// SourceNAT rewrites the source of what leaves through an interface.
type SourceNAT struct {
	Number            int       `json:"number"`
	Written           NATKey    `json:"-"`
	Description       string    `json:"description,omitempty"`
	Protocol          string    `json:"protocol,omitempty"` // empty: any
	Source            Target    `json:"source"`
	Destination       Target    `json:"destination,omitzero"` // zero: any
	OutboundInterface string    `json:"outboundInterface"`
	Exclude           bool      `json:"exclude,omitempty"` // leaves what matches as it is
	Masquerade        bool      `json:"masquerade"`
	Translation       AddrRange `json:"translation,omitzero"` // when neither Exclude nor Masquerade
	Log               bool      `json:"log,omitempty"`
}

// DestinationNAT rewrites the destination of what enters through an interface.
type DestinationNAT struct {
	Number           int        `json:"number"`
	Written          NATKey     `json:"-"`
	Description      string     `json:"description,omitempty"`
	InboundInterface string     `json:"inboundInterface"`
	Protocol         string     `json:"protocol"`
	Source           Target     `json:"source,omitzero"`  // zero: any
	Address          netip.Addr `json:"address,omitzero"` // zero: the inbound interface's own
	Port             Ports      `json:"port,omitempty"`
	Exclude          bool       `json:"exclude,omitempty"` // leaves what matches as it is
	Hairpin          bool       `json:"hairpin,omitempty"` // is for clients inside, too
	Translation      Target     `json:"translation,omitzero"`
	Log              bool       `json:"log,omitempty"`
}

// StaticNAT gives a machine an address outside, both ways: 1:1 NAT.
type StaticNAT struct {
	Number           int        `json:"number"`
	Description      string     `json:"description,omitempty"`
	InboundInterface string     `json:"inboundInterface"`
	Address          netip.Addr `json:"address"`
	Translation      Target     `json:"translation"`
	Log              bool       `json:"log,omitempty"`
}

// HairpinNumbers is what is added to the number of a rule of destination NAT for
// that of the source NAT that hairpin makes: it comes after all others. A rule
// with hairpin is numbered below HairpinLimit, so that the sum is a number.
const (
	HairpinNumbers = 990000
	HairpinLimit   = 10000
)

// DestinationRules are all rules of destination NAT of a router in their order:
// those of 1:1 NAT among the others, by number.
func (v *VM) DestinationRules() []DestinationNAT {
	nat := v.Router.NAT
	if len(nat.Static) == 0 {
		return nat.Destination
	}
	var all []DestinationNAT
	for _, s := range nat.Static {
		all = append(all, DestinationNAT{
			Number: s.Number, Written: NATKey{"static", s.Number}, Description: s.Description, Protocol: "all",
			InboundInterface: s.InboundInterface, Address: s.Address, Translation: s.Translation, Log: s.Log,
		})
	}
	return inOrder(append(all, nat.Destination...), func(r DestinationNAT) int { return r.Number })
}

// SourceRules are all rules of source NAT of a router in their order: those of
// 1:1 NAT among the others, by number, and those of hairpins after them.
func (t *Topology) SourceRules(v *VM) []SourceNAT {
	nat := v.Router.NAT
	var all []SourceNAT
	for _, s := range nat.Static {
		all = append(all, SourceNAT{
			Number: s.Number, Written: NATKey{"static", s.Number}, Description: s.Description,
			Source: s.Translation, OutboundInterface: s.InboundInterface, Translation: AddrRange{s.Address,
				s.Address}, Log: s.Log,
		})
	}
	for _, d := range nat.Destination {
		if s, ok := t.hairpin(v, d); ok {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return nat.Source
	}
	return inOrder(append(all, nat.Source...), func(r SourceNAT) int { return r.Number })
}

// hairpin is what clients on the network of a published service need besides
// the translation of its address: an answer would go to them directly, from an
// address that they have not asked. So the router asks in its own name.
func (t *Topology) hairpin(v *VM, d DestinationNAT) (SourceNAT, bool) {
	to := t.Resolve(v, d.Translation)
	i := t.InterfaceTo(v, to.Addr())
	if !d.Hairpin || i == nil {
		return SourceNAT{}, false
	}
	port := d.Translation.Port
	if len(port) == 0 {
		port = d.Port
	}
	return SourceNAT{
		Number: HairpinNumbers + d.Number, Written: d.Written, Description: d.Description, Protocol: d.Protocol,
		Source: Target{Network: i.Network}, Destination: Target{Address: to, Port: port},
		OutboundInterface: i.Name, Masquerade: true,
	}, true
}

// PublicAddress is the address whose packets a rule of destination NAT
// translates: without one of its own that of the inbound interface. It is zero
// when that has none.
func (v *VM) PublicAddress(r DestinationNAT) netip.Addr {
	if i := v.Interface(r.InboundInterface); i != nil && !r.Address.IsValid() {
		return i.Address
	}
	return r.Address
}

func inOrder[T any](rules []T, number func(T) int) []T {
	slices.SortStableFunc(rules, func(a, b T) int { return cmp.Compare(number(a), number(b)) })
	return rules
}
