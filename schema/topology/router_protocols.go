package topology

import "net/netip"

// BGP exchanges routes with other networks (RFC 4271), of IPv4.
type BGP struct {
	AS           int           `json:"as"`
	RouterID     netip.Addr    `json:"routerId,omitzero"` // zero: the platform chooses one
	Networks     []Target      `json:"networks,omitempty"`
	Redistribute []string      `json:"redistribute,omitempty"`
	Neighbors    []BGPNeighbor `json:"neighbors,omitempty"`
}

// BGPNeighbor is a router at the other end of a session; its name is its
// address.
type BGPNeighbor struct {
	Name         string `json:"name"`
	Description  string `json:"description,omitempty"`
	RemoteAS     int    `json:"remoteAs"`
	EBGPMultihop int    `json:"ebgpMultihop,omitempty"` // hops; 0: it is next to the router
	UpdateSource string `json:"updateSource,omitempty"` // an address or an interface
	NextHopSelf  bool   `json:"nextHopSelf,omitempty"`
}

// OSPF exchanges routes within a network (RFC 2328), of IPv4.
type OSPF struct {
	RouterID          netip.Addr `json:"routerId,omitzero"`
	Areas             []OSPFArea `json:"areas,omitempty"`
	PassiveInterfaces []string   `json:"passiveInterfaces,omitempty"` // that are announced and on which nobody is listened to
	Redistribute      []string   `json:"redistribute,omitempty"`
}

// OSPFArea is an area; its name is its number, plain or as an address.
type OSPFArea struct {
	Name     string   `json:"name"`
	Networks []Target `json:"networks"`
}
