package decode

import "stackgen/schema/topology"

func decodeRouterAdvert(iface string, o object) topology.RouterAdvert {
	return topology.RouterAdvert{
		Name:            iface,
		ManagedFlag:     o.boolOr("managedFlag", false),
		OtherConfigFlag: o.boolOr("otherConfigFlag", false),
		NameServers:     o.addrs("nameServers"),
	}
}

func decodeShaper(iface string, o object) topology.Shaper {
	return topology.Shaper{Name: iface, Description: o.str("description"), Bandwidth: o.str("bandwidth")}
}
