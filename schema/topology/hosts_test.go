package topology

import (
	"net/netip"
	"testing"
)

// twoNetworks is a host on a network that leads outside and on one whose
// gateway is a VM.
func twoNetworks() *Topology {
	return &Topology{
		Networks: []Network{
			{Name: "lan", Bridge: "a", Subnet: netip.MustParsePrefix("10.0.1.0/24"), Gateway: netip.MustParseAddr("10.0.1.1"), MTU: 9000},
			{Name: "public", Bridge: "b", Subnet: netip.MustParsePrefix("192.0.2.0/24"), Gateway: netip.MustParseAddr("192.0.2.1")},
			{Name: "vlan", Bridge: "a", VLAN: 5, Subnet: netip.MustParsePrefix("10.0.2.0/24"), MTU: 1400},
		},
		Hosts: []Host{{Name: "h", Bridges: []Bridge{
			{Name: "a", Network: "lan", Address: netip.MustParseAddr("10.0.1.9")},
			{Name: "b", Network: "public", Address: netip.MustParseAddr("192.0.2.9")},
		}}},
		VMs: []VM{{Name: "r", Interfaces: []Interface{{Name: "eth0", Network: "lan", Address: netip.MustParseAddr("10.0.1.1")}}}},
	}
}

func TestHostDefaultRoute(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Topology)
		bridge string
	}{
		{"outside before a VM", func(*Topology) {}, "b"},
		{"only a VM", func(t *Topology) { t.Hosts[0].Bridges[1].Address = netip.Addr{} }, "a"},
		{"both outside: the first", func(t *Topology) { t.VMs = nil }, "a"},
		{"the gateway itself", func(t *Topology) { t.Networks[1].Gateway = t.Hosts[0].Bridges[1].Address }, "a"},
		{"no network", func(t *Topology) { t.Networks = nil }, ""},
		{"no gateway", func(t *Topology) { t.Networks[0].Gateway, t.Networks[1].Gateway = netip.Addr{}, netip.Addr{} }, ""},
	}
	for _, tt := range tests {
		topo := twoNetworks()
		tt.change(topo)
		topo.Complete()
		bridge, gateway := topo.HostDefaultRoute(&topo.Hosts[0])
		if bridge != tt.bridge || gateway.IsValid() != (tt.bridge != "") {
			t.Errorf("%s: HostDefaultRoute\n got %q via %s\nwant %q", tt.name, bridge, gateway, tt.bridge)
		}
	}
}

func TestUplinkMTU(t *testing.T) {
	topo := twoNetworks()
	for _, tt := range []struct {
		bridge string
		want   int
	}{{"a", 9000}, {"b", 0}, {"c", 0}} {
		if got := topo.UplinkMTU(tt.bridge); got != tt.want {
			t.Errorf("UplinkMTU(%q): got %d, want %d", tt.bridge, got, tt.want)
		}
	}
	topo.Networks[0].MTU = 0
	if got := topo.UplinkMTU("a"); got != deviceMTU {
		t.Errorf("with an untagged network of default MTU beside one of 1400: got %d, want %d", got, deviceMTU)
	}
}
