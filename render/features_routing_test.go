package render_test

// routingFeatures are those of interfaces and routes.
func routingFeatures() []feature {
	return []feature{
		{name: "MAC address given by a provider", whole: "{ vms+: { rtr01+: { interfaces+: { eth0+: { mac: '00:50:56:00:5e:97' } } } } }"},
		{name: "MTU", whole: "{ networks+: { lan+: { mtu: 1400 } } }"},
		{name: "MTU above 9000", whole: "{ networks+: { lan+: { mtu: 9216 } } }"},
		{name: "static route", patch: "{ staticRoutes: { '10.9.0.0/16': { nextHop: '10.0.1.9' } } }"},
	}
}
