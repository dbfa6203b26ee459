package topology

import (
	"net/netip"
	"testing"
)

func TestMappings(t *testing.T) {
	a := func(s string) netip.Addr { return netip.MustParseAddr(s) }
	d := DHCPServer{Name: "lan", MapVMs: true, StaticMappings: []StaticMapping{{Name: "printer", MAC: "p", Address: a("10.0.0.9")}}}
	topo := &Topology{VMs: []VM{
		{Name: "db", Interfaces: []Interface{
			{Name: "eth0", Network: "lan", Address: a("10.0.0.2"), MAC: "a"},
			{Name: "enp1s0.a_b", Network: "lan", Address: a("10.0.0.3"), MAC: "b"},
			{Name: "eth2", Network: "lan", MAC: "c"},
			{Name: "eth3", Network: "other", Address: a("10.0.1.2"), MAC: "d"},
		}},
		{Name: "gw", Router: &Router{DHCPServers: []DHCPServer{d}}, Interfaces: []Interface{{Name: "eth0", Network: "lan", Address: a("10.0.0.1"), MAC: "e"}}},
		{Name: "gw2", Interfaces: []Interface{{Name: "eth0.20", Network: "lan", Address: a("10.0.0.4")}}},
	}}
	want := []StaticMapping{{"printer", "p", a("10.0.0.9")}, {"db", "a", a("10.0.0.2")}, {"db-enp1s0-a-b", "b", a("10.0.0.3")}}
	topo.index = indexOf(topo)
	got := topo.Mappings(topo.VM("gw"), &d)
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %v, want %v", got[i], want[i])
		}
	}
	d.MapVMs = false
	if got := topo.Mappings(topo.VM("gw"), &d); len(got) != 1 {
		t.Errorf("without VMs there are %v", got)
	}
}

func TestHostRecords(t *testing.T) {
	a := func(s string) netip.Addr { return netip.MustParseAddr(s) }
	topo := &Topology{
		Hosts: []Host{{Name: "hv", Bridges: []Bridge{{Name: "br0", Network: "wan", Address: a("192.0.2.2")}, {Name: "br1", Network: "lan", Address: a("10.0.0.8")}}}},
		VMs: []VM{
			{Name: "a", Interfaces: []Interface{{Name: "eth0", Network: "wan", Address: a("192.0.2.3")}, {Name: "eth1", Network: "lan", Address: a("10.0.0.3")}}},
			{Name: "b", Interfaces: []Interface{{Name: "eth0", Network: "wan", Address: a("192.0.2.4")}}},
			{Name: "c", Interfaces: []Interface{{Name: "eth0", Network: "lan"}}},
		},
	}
	want := []HostRecord{{"a", a("10.0.0.3")}, {"b", a("192.0.2.4")}, {"hv", a("10.0.0.8")}}
	got := topo.HostRecords(&DNSForwarding{Networks: []string{"lan"}, Hosts: true})
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %v, want %v", got[i], want[i])
		}
	}
	if got := topo.HostRecords(&DNSForwarding{Networks: []string{"lan"}}); len(got) > 0 {
		t.Errorf("without hosts there are %v", got)
	}
}

// TestMappingsOfALargeStack: the machines of other networks cost nothing. A walk
// over them would make one allocation for each; the runtime makes one or two of
// its own now and then.
func TestMappingsOfALargeStack(t *testing.T) {
	cost := func(others int) float64 {
		topo := &Topology{VMs: []VM{{Name: "db", Interfaces: []Interface{{Name: "eth0", Network: "lan", Address: netip.MustParseAddr("10.0.0.2"), MAC: "a"}}}, {Name: "gw"}}}
		for range others {
			topo.VMs = append(topo.VMs, VM{Name: "web", Interfaces: []Interface{{Name: "eth0", Network: "other"}}})
		}
		topo.index = indexOf(topo)
		return testing.AllocsPerRun(10, func() { topo.Mappings(&topo.VMs[1], &DHCPServer{Name: "lan", MapVMs: true}) })
	}
	if few, many := cost(10), cost(1000); few == 0 || many > 10*few {
		t.Errorf("%v allocations beside 10 machines, %v beside 1000", few, many)
	}
}
