package vyos

import (
	"strconv"

	"stackgen/schema/topology"
)

func (b builder) bgp() {
	bgp := b.vm.Router.BGP
	if bgp == nil {
		return
	}
	n := b.root.at("protocols bgp")
	if b.d.has(systemAS) {
		n.number("system-as", bgp.AS)
	} else {
		n = n.at("", strconv.Itoa(bgp.AS))
	}
	if bgp.RouterID.IsValid() {
		n.leaf("parameters router-id", bgp.RouterID.String())
	}
	family := n
	if b.d.has(addressFamilies) {
		family = n.at("address-family ipv4-unicast")
	}
	for _, g := range bgp.Networks {
		if p := b.t.Resolve(b.vm, g); p.IsValid() {
			family.at("network", p.String()).here()
		}
	}
	for _, source := range bgp.Redistribute {
		family.at("redistribute").at(source).here()
	}
	for _, neighbor := range bgp.Neighbors {
		b.neighbor(n.at("neighbor", neighbor.Name), neighbor)
	}
}

// neighbor asks for routes of IPv4: releases with families give a neighbor none
// by themselves.
func (b builder) neighbor(n node, r topology.BGPNeighbor) {
	n.number("remote-as", r.RemoteAS)
	n.leaf("description", r.Description)
	n.number("ebgp-multihop", r.EBGPMultihop)
	n.leaf("update-source", r.UpdateSource)
	family := n
	if b.d.has(addressFamilies) {
		family = n.at("address-family ipv4-unicast")
	}
	switch {
	case r.NextHopSelf:
		family.at("nexthop-self").here()
	case b.d.has(addressFamilies):
		family.here()
	}
}

func (b builder) ospf() {
	ospf := b.vm.Router.OSPF
	if ospf == nil {
		return
	}
	n := b.root.at("protocols ospf")
	if ospf.RouterID.IsValid() {
		n.leaf("parameters router-id", ospf.RouterID.String())
	}
	for _, a := range ospf.Areas {
		for _, g := range a.Networks {
			if p := b.t.Resolve(b.vm, g); p.IsValid() {
				n.at("area", a.Name).leaf("network", p.String())
			}
		}
	}
	for _, name := range ospf.PassiveInterfaces {
		if b.d.has(ospfInterfaces) {
			n.at("interface", name).at("passive").here()
		} else {
			n.leaf("passive-interface", name)
		}
	}
	for _, source := range ospf.Redistribute {
		n.at("redistribute").at(source).here()
	}
}

// protocols reports descriptions that VyOS does not store.
func (c checker) protocols() {
	if bgp := c.vm.Router.BGP; bgp != nil {
		for _, n := range bgp.Neighbors {
			c.text(c.path("bgp", "neighbors", n.Name), n.Description)
		}
	}
}
