package render_test

// routingFeatures are those of interfaces and routes.
func routingFeatures() []feature {
	return []feature{
		{name: "MAC address given by a provider", whole: "{ vms+: { rtr01+: { interfaces+: { eth0+: { mac: '00:50:56:00:5e:97' } } } } }"},
		{name: "MTU", whole: "{ networks+: { lan+: { mtu: 1400 } } }"},
		{name: "MTU above 9000", whole: "{ networks+: { lan+: { mtu: 9216 } } }"},
		{name: "static route with a distance", patch: "{ staticRoutes: { '10.9.0.0/16': { nextHop: '10.0.1.9', distance: 10 } } }"},
		{name: "static route by an interface", patch: "{ staticRoutes: { '10.9.0.0/16': { interface: 'eth1' } } }"},
		{name: "blackhole", patch: "{ staticRoutes: { '10.0.0.0/8': { blackhole: true, distance: 250 } } }"},
		{name: "IPv6 static route by an interface", patch: "{ staticRoutes: { '2001:db8::/32': { interface: 'eth1' } } }"},
		{name: "static route", patch: "{ staticRoutes: { '10.9.0.0/16': { nextHop: '10.0.1.9' } } }"},
	}
}
