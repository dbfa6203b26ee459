package render_test

import "fmt"

// randomRoutes adds resolvers and static routes. Those of
// IPv6 are by a router on a network of it, or beside another address of ours.
func randomRoutes(d dice, s *stack) {
	if d.chance(50) {
		s.router["nameServers"] = some(d, "9.9.9.9", "1.1.1.1", "2620:fe::fe")
	}
	for _, to := range some(d, "10.200.0.0/16", "10.201.0.0/24", "172.31.255.0/30", "128.0.0.0/1", "10.202.0.1/32") {
		block(s.router, "staticRoutes")[to] = d.route(s, fmt.Sprintf("10.0.1.%d", 100+d.IntN(100)))
	}
	next := []string{"2001:db8:6::9", "2001:db8:6::a:b"}
	if block(s.document, "networks")["six"] == nil {
		next = []string{"2001:db8:0:1::9"}
		block(s.document, "vms", "rtr01", "interfaces", "eth1")["addresses"] = []string{"2001:db8:0:1::1/64"}
	}
	for _, to := range some(d, "2001:db8:c8::/48", "fd00::/8", "2001:db8:c9::1/128", "::/0") {
		block(s.router, "staticRoutes")[to] = d.route(s, one(d, next...))
	}
}

// route is a way to somewhere: by the next router or without one, or nowhere.
func (d dice) route(s *stack, next string) object {
	route := one(d, object{"nextHop": next}, object{"interface": one(d, s.interfaces...)}, object{"blackhole": true})
	if d.chance(50) {
		route["distance"] = 1 + d.IntN(255)
	}
	return route
}
