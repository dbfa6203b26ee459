package decode

import "stackgen/schema/topology"

func decodeNAT(o object) topology.NAT {
	return topology.NAT{
		Source:      eachNumbered(o, "source", decodeSourceNAT),
		Destination: eachNumbered(o, "destination", decodeDestinationNAT),
		Static:      eachNumbered(o, "static", decodeStaticNAT),
	}
}

func decodeSourceNAT(number int, o object) topology.SourceNAT {
	rule := topology.SourceNAT{
		Number:            number,
		Written:           topology.NATKey{List: "source", Number: number},
		Description:       o.str("description"),
		Protocol:          o.str("protocol"),
		Source:            networkOrPrefix(o.str("source")),
		Destination:       target(o.obj("destination")),
		OutboundInterface: o.str("outboundInterface"),
		Exclude:           o.boolOr("exclude", false),
		Log:               o.boolOr("log", false),
	}
	switch to := o.str("translation"); {
	case to == "masquerade", to == "" && !rule.Exclude:
		rule.Masquerade = true
	case to != "":
		rule.Translation = must(topology.ParseAddrRange(to))
	}
	return rule
}

func decodeDestinationNAT(number int, o object) topology.DestinationNAT {
	return topology.DestinationNAT{
		Number:           number,
		Written:          topology.NATKey{List: "destination", Number: number},
		Description:      o.str("description"),
		InboundInterface: o.str("inboundInterface"),
		Protocol:         o.strOr("protocol", "tcp"),
		Source:           target(o.obj("source")),
		Address:          o.addr("address"),
		Port:             o.ports("port"),
		Exclude:          o.boolOr("exclude", false),
		Hairpin:          o.boolOr("hairpin", false),
		Translation:      target(o.obj("translation")),
		Log:              o.boolOr("log", false),
	}
}

func decodeStaticNAT(number int, o object) topology.StaticNAT {
	return topology.StaticNAT{
		Number:           number,
		Description:      o.str("description"),
		InboundInterface: o.str("inboundInterface"),
		Address:          o.addr("address"),
		Translation:      target(o.obj("translation")),
		Log:              o.boolOr("log", false),
	}
}
