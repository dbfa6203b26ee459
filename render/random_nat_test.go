package render_test

import "fmt"

// randomNAT adds rules of source, destination and 1:1 NAT.
func randomNAT(d dice, s *stack) {
	for i := range d.IntN(4) {
		block(s.router, "nat", "source")[fmt.Sprint(1+i*10+d.IntN(9))] = randomSource(d, s)
	}
	for i := range d.IntN(4) {
		block(s.router, "nat", "destination")[fmt.Sprint(1+i*10+d.IntN(9))] = randomDestination(d, s)
	}
	if d.chance(30) {
		block(s.router, "nat", "static")[fmt.Sprint(50+d.IntN(9))] = maybeLogged(d, object{
			"inboundInterface": "eth0", "address": fmt.Sprintf("192.0.2.%d", 20+d.IntN(200)), "translation": object{"vm": one(d, s.vms...)},
		})
	}
}

func randomSource(d dice, s *stack) object {
	rule := object{"source": one(d, append(s.networks, d.prefix())...), "outboundInterface": one(d, s.interfaces...)}
	if d.chance(40) {
		rule["destination"] = object{"address": one(d, d.address(), d.prefix())}
	}
	if d.chance(40) {
		rule["protocol"] = one(d, "tcp", "udp", "tcp_udp")
		rule["destination"] = object{"vm": one(d, s.vms...), "port": d.ports()}
	}
	switch d.IntN(4) {
	case 0:
		rule["exclude"] = true
	case 1:
		rule["translation"] = fmt.Sprintf("192.0.2.%d", 20+d.IntN(200))
	case 2:
		low := 20 + d.IntN(100)
		rule["translation"] = fmt.Sprintf("192.0.2.%d-192.0.2.%d", low, low+d.IntN(100))
	}
	return maybeLogged(d, rule)
}

func randomDestination(d dice, s *stack) object {
	rule := object{"inboundInterface": one(d, s.interfaces...), "protocol": one(d, "tcp", "udp", "tcp_udp"), "port": d.ports()}
	if d.chance(30) {
		rule["address"] = fmt.Sprintf("192.0.2.%d", 20+d.IntN(200))
	}
	if d.chance(30) {
		rule["source"] = object{"address": one(d, d.address(), d.prefix())}
	}
	if d.chance(20) {
		rule["exclude"] = true
		return maybeLogged(d, rule)
	}
	to := object{"vm": one(d, s.vms...)}
	if d.chance(50) {
		to["port"] = d.port()
	}
	rule["translation"], rule["hairpin"] = to, d.chance(30)
	return maybeLogged(d, rule)
}

// maybeLogged gives a rule a description and a log, or not.
func maybeLogged(d dice, rule object) object {
	if d.chance(50) {
		rule["description"] = d.text()
	}
	if d.chance(30) {
		rule["log"] = true
	}
	return rule
}
