package decode

import "stackgen/schema/topology"

func decodeBGP(o object) *topology.BGP {
	if o == nil {
		return nil
	}
	return &topology.BGP{
		AS:           o.intOr("as", 0),
		RouterID:     o.addr("routerId"),
		Networks:     networksOrPrefixes(o, "networks"),
		Redistribute: o.strs("redistribute"),
		Neighbors: each(o, "neighbors", func(name string, o object) topology.BGPNeighbor {
			return topology.BGPNeighbor{
				Name:         name,
				Description:  o.str("description"),
				RemoteAS:     o.intOr("remoteAs", 0),
				EBGPMultihop: o.intOr("ebgpMultihop", 0),
				UpdateSource: o.str("updateSource"),
				NextHopSelf:  o.boolOr("nextHopSelf", false),
			}
		}),
	}
}

func decodeOSPF(o object) *topology.OSPF {
	if o == nil {
		return nil
	}
	return &topology.OSPF{
		RouterID: o.addr("routerId"),
		Areas: each(o, "areas", func(name string, o object) topology.OSPFArea {
			return topology.OSPFArea{Name: name, Networks: networksOrPrefixes(o, "networks")}
		}),
		PassiveInterfaces: o.strs("passiveInterfaces"),
		Redistribute:      o.strs("redistribute"),
	}
}

func networksOrPrefixes(o object, key string) (all []topology.Target) {
	for _, s := range o.strs(key) {
		all = append(all, networkOrPrefix(s))
	}
	return all
}
