package render_test

import "fmt"

// randomRoutes adds resolvers and static routes.
func randomRoutes(d dice, s *stack) {
	if d.chance(50) {
		s.router["nameServers"] = some(d, "9.9.9.9", "1.1.1.1", "2620:fe::fe")
	}
	for _, to := range some(d, "10.200.0.0/16", "10.201.0.0/24", "172.31.255.0/30") {
		block(s.router, "staticRoutes")[to] = object{"nextHop": fmt.Sprintf("10.0.1.%d", 100+d.IntN(100))}
	}
}
