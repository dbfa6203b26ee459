package topology

import "net/netip"

// NAT is address translation, rules in order of their numbers.
type NAT struct {
	Source      []SourceNAT      `json:"source,omitempty"`
	Destination []DestinationNAT `json:"destination,omitempty"`
}

// SourceNAT rewrites the source of what leaves through an interface.
type SourceNAT struct {
	Number            int        `json:"number"`
	Description       string     `json:"description,omitempty"`
	Source            Target     `json:"source"`
	OutboundInterface string     `json:"outboundInterface"`
	Masquerade        bool       `json:"masquerade"`
	Translation       netip.Addr `json:"translation,omitzero"` // when not Masquerade
}

// DestinationNAT rewrites the destination of what enters through an interface.
type DestinationNAT struct {
	Number           int        `json:"number"`
	Description      string     `json:"description,omitempty"`
	InboundInterface string     `json:"inboundInterface"`
	Protocol         string     `json:"protocol"`
	Address          netip.Addr `json:"address,omitzero"` // zero: the inbound interface's own
	Port             Ports      `json:"port,omitempty"`
	Translation      Target     `json:"translation"`
}
