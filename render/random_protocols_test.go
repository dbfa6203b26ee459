package render_test

import "fmt"

// randomProtocols adds BGP and OSPF.
func randomProtocols(d dice, s *stack) {
	if d.chance(70) {
		s.router["bgp"] = randomBGP(d, s)
	}
	if d.chance(70) {
		s.router["ospf"] = randomOSPF(d, s)
	}
}

// system is the number of an autonomous system, of two bytes or of four.
func (d dice) system() int { return 1 + d.IntN(one(d, 65535, 4294967294)) }

func randomBGP(d dice, s *stack) object {
	as := d.system()
	neighbors := object{"192.0.2.1": d.neighbor(s, d.system())}
	if d.chance(50) {
		neighbors["10.0.1.77"] = d.neighbor(s, as)
	}
	if d.chance(50) {
		far := d.neighbor(s, d.system())
		far["ebgpMultihop"] = 1 + d.IntN(255)
		neighbors[d.address()] = far
	}
	return maybeRouterID(d, object{
		"as": as, "neighbors": neighbors, "networks": some(d, append(s.networks, d.prefix())...),
		"redistribute": some(d, "connected", "static", "ospf"),
	})
}

func (d dice) neighbor(s *stack, as int) object {
	neighbor := object{"remoteAs": as, "nextHopSelf": d.chance(50)}
	if d.chance(50) {
		neighbor["description"] = d.text()
	}
	if d.chance(50) {
		neighbor["updateSource"] = one(d, append(s.interfaces, "192.0.2.10", "10.0.1.1")...)
	}
	return neighbor
}

func randomOSPF(d dice, s *stack) object {
	areas := object{}
	for i, name := range some(d, "0", "1", "0.0.0.2", "255.255.255.255", "999999999") {
		areas[name] = object{"networks": []string{s.networks[i%len(s.networks)], fmt.Sprintf("10.%d.0.0/16", 150+i)}}
	}
	return maybeRouterID(d, object{"areas": areas, "passiveInterfaces": some(d, s.interfaces...), "redistribute": some(d, "connected", "static", "bgp")})
}

// maybeRouterID gives a protocol the number of the router, or not.
func maybeRouterID(d dice, protocol object) object {
	if d.chance(50) {
		protocol["routerId"] = one(d, "192.0.2.10", "10.0.1.1", "1.2.3.4")
	}
	return protocol
}
