package schema

import (
	"net/netip"

	"stackgen/schema/topology"
)

func decodeNAT(o object) topology.NAT {
	return topology.NAT{
		Source:      eachNumbered(o, "source", decodeSourceNAT),
		Destination: eachNumbered(o, "destination", decodeDestinationNAT),
	}
}

func decodeSourceNAT(number int, o object) topology.SourceNAT {
	rule := topology.SourceNAT{
		Number:            number,
		Description:       o.str("description"),
		Source:            networkOrPrefix(o.str("source")),
		OutboundInterface: o.str("outboundInterface"),
	}
	if to := o.strOr("translation", "masquerade"); to == "masquerade" {
		rule.Masquerade = true
	} else {
		rule.Translation = must(netip.ParseAddr(to))
	}
	return rule
}

func decodeDestinationNAT(number int, o object) topology.DestinationNAT {
	return topology.DestinationNAT{
		Number:           number,
		Description:      o.str("description"),
		InboundInterface: o.str("inboundInterface"),
		Protocol:         o.strOr("protocol", "tcp"),
		Address:          o.addr("address"),
		Port:             o.ports("port"),
		Translation:      target(o.obj("translation")),
	}
}
