package render_test

import "fmt"

// randomServices adds DHCP and DNS for the networks behind the router. Resolvers
// of its own keep the forwarder of an old release going.
func randomServices(d dice, s *stack) {
	for _, network := range some(d, s.networks...) {
		block(s.router, "dhcpServer")[network] = randomDHCP(d, s, network)
	}
	if !d.chance(70) {
		return
	}
	s.router["dnsForwarding"] = object{
		"networks": some(d, s.networks...), "nameServers": some(d, "9.9.9.9", "1.1.1.1"), "cacheSize": d.IntN(10001),
		"hosts": d.chance(80), "authoritative": d.chance(5),
	}
}

func randomDHCP(d dice, s *stack, network string) object {
	subnet := block(s.document, "networks", network)["subnet"].(string)
	subnet = subnet[:len(subnet)-len("0/24")]
	low := 20 + d.IntN(50)
	server := object{"mapVMs": d.chance(80), "ranges": object{
		one(d, "pool", "A.b_c-9", "0"): object{"start": subnet + fmt.Sprint(low), "stop": subnet + fmt.Sprint(low+d.IntN(50))},
		"z":                            object{"start": subnet + "200", "stop": subnet + fmt.Sprint(200+d.IntN(50))},
	}}
	if d.chance(50) {
		server["lease"] = one(d, "10m", "3600s", "24h", "720h")
	}
	if d.chance(50) {
		server["nameServers"] = some(d, "9.9.9.9", "10.0.1.1", "1.1.1.1")
	}
	if d.chance(30) {
		server["defaultRouter"] = subnet + "254"
	}
	if d.chance(50) {
		server["staticMappings"] = object{one(d, "printer", "0", "a-very-long-name-of-a-machine-that-is-still-a-label-of-the-dns"): object{
			"mac": fmt.Sprintf("00:1b:a9:%02x:%02x:%02x", d.IntN(256), d.IntN(256), d.IntN(256)), "address": subnet + fmt.Sprint(5+d.IntN(10)),
		}}
	}
	return server
}
