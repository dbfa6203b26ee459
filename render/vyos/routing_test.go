package vyos

import (
	"fmt"
	"testing"

	"stackgen/render/internal/rendertest"
)

// TestGatewayOnLink: a next hop in none of the router's subnets is found by the interface.
func TestGatewayOnLink(t *testing.T) {
	const single = "{ networks+: { public+: { subnet: '%s', gateway: '%s' } }, hosts+: { vmm+: { bridges+: { 'sw-net': { ports: ['eth0'] } } } }," +
		" vms+: { rtr01+: { interfaces+: { eth0+: { address: '%s' } }, router+: { version: '%s', nat+: { destination:: null }, openvpn+: { vtun0+: { remote: 'vpn.nullzero.me' } } } } } }"
	const static = "set protocols static "
	for _, tt := range []struct {
		version, subnet, gateway, address string
		want                              []string
	}{
		{"1.4", "46.4.71.77/32", "198.51.100.1", "46.4.71.77", []string{static + "route 198.51.100.1/32 interface eth0", static + "route 0.0.0.0/0 next-hop 198.51.100.1"}},
		{"1.3", "46.4.71.77/32", "198.51.100.1", "46.4.71.77", []string{static + "interface-route 198.51.100.1/32 next-hop-interface eth0", static + "route 0.0.0.0/0 next-hop 198.51.100.1"}},
		{"1.4", "2001:db8::/64", "fe80::1", "2001:db8::77", []string{static + "route6 ::/0 next-hop fe80::1 interface 'eth0'"}},
	} {
		topo := rendertest.Variant(t, "nullzero", fmt.Sprintf(single, tt.subnet, tt.gateway, tt.address, tt.version))
		expect(t, linesIn(t, topo), tt.want)
	}
}
