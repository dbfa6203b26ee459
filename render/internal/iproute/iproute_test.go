package iproute

import (
	"net/netip"
	"strings"
	"testing"

	"stackgen/schema/topology"
)

func TestRoute(t *testing.T) {
	to := netip.MustParsePrefix("10.9.0.0/16")
	tests := []struct {
		in   topology.StaticRoute
		want string
	}{
		{topology.StaticRoute{Prefix: to, NextHop: netip.MustParseAddr("10.0.1.9")}, "10.9.0.0/16 via 10.0.1.9"},
		{topology.StaticRoute{Prefix: to, Interface: "eth1", Distance: 10}, "10.9.0.0/16 dev eth1 metric 10"},
		{topology.StaticRoute{Prefix: to, Blackhole: true}, "blackhole 10.9.0.0/16"},
	}
	for _, tt := range tests {
		if got := strings.Join(Route(tt.in), " "); got != tt.want {
			t.Errorf("Route(%+v)\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}
