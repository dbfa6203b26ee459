package decode

import (
	"strings"

	"stackgen/schema/topology"
)

// decodeRouterServices reads what a router does for the machines around it.
func decodeRouterServices(r *topology.Router, o object) {
	r.DHCPServers = each(o, "dhcpServer", decodeDHCPServer)
	if dns := o.obj("dnsForwarding"); dns != nil {
		r.DNSForwarding = &topology.DNSForwarding{
			Networks:      dns.strs("networks"),
			NameServers:   dns.addrs("nameServers"),
			CacheSize:     dns.intOr("cacheSize", 10000),
			Hosts:         dns.boolOr("hosts", true),
			Authoritative: dns.boolOr("authoritative", false),
		}
	}
}

func decodeDHCPServer(network string, o object) topology.DHCPServer {
	return topology.DHCPServer{
		Name:          network,
		Ranges:        each(o, "ranges", decodeDHCPRange),
		Lease:         must(topology.ParseDuration(o.strOr("lease", "24h"))),
		DefaultRouter: o.addr("defaultRouter"),
		NameServers:   o.addrs("nameServers"),
		MapVMs:        o.boolOr("mapVMs", true),
		StaticMappings: each(o, "staticMappings", func(name string, o object) topology.StaticMapping {
			return topology.StaticMapping{Name: name, MAC: strings.ToLower(o.str("mac")), Address: o.addr("address")}
		}),
	}
}

func decodeDHCPRange(name string, o object) topology.DHCPRange {
	return topology.DHCPRange{Name: name, Start: o.addr("start"), Stop: o.addr("stop")}
}
