package decode

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

func decodeVRRP(name string, o object) topology.VRRPGroup {
	return topology.VRRPGroup{
		Name:              name,
		Description:       o.str("description"),
		Network:           o.str("network"),
		VRID:              o.intOr("vrid", 0),
		Address:           o.addr("address"),
		Routers:           o.strs("routers"),
		AdvertiseInterval: o.intOr("advertiseInterval", 1),
		Preempt:           o.boolOr("preempt", true),
	}
}
