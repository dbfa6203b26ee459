package schema

import "stackgen/schema/topology"

func decodeStaticRoute(to string, o object) topology.StaticRoute {
	return topology.StaticRoute{
		Prefix:    prefix(to),
		NextHop:   o.addr("nextHop"),
		Interface: o.str("interface"),
		Blackhole: o.boolOr("blackhole", false),
		Distance:  o.intOr("distance", 0),
	}
}
