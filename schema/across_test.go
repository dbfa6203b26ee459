package schema

import (
	"fmt"
	"slices"
	"testing"

	"stackgen/schema/topology"
)

func TestAcross(t *testing.T) {
	// The reference stack beside a variant of itself under another name, in which
	// what the patch says is changed.
	const apart = `name: 'other', hosts+: { vmm+: { ssh+: { address: '203.0.113.9' } } }, `
	router := func(public, mac string) string {
		return fmt.Sprintf(`vms+: { rtr01+: { interfaces+: { eth0+: { address: '%s', mac: '%s' } } } }`, public, mac)
	}
	tests := []struct {
		name, patch string
		want        []string // rules and paths
	}{
		{"nothing in common but private addresses", apart + router("46.4.71.78", "00:50:56:00:5e:98"), nil},
		{"the name", `hosts+: { vmm+: { ssh+: { address: '203.0.113.9' } } }, ` + router("46.4.71.78", "00:50:56:00:5e:98"),
			[]string{"stacks/name /name", "stacks/mac /vms/db01/interfaces/eth0", "stacks/mac /vms/lb01/interfaces/eth0", "stacks/mac /vms/rtr01/interfaces/eth1", "stacks/mac /vms/web01/interfaces/eth0"}},
		{"the hypervisor", `name: 'other', ` + router("46.4.71.78", "00:50:56:00:5e:98"), []string{"stacks/host /hosts/vmm"}},
		{"the address", apart + router("46.4.71.77", "00:50:56:00:5e:98"), []string{"stacks/address /vms/rtr01/interfaces/eth0/address"}},
		{"the MAC address", apart + router("46.4.71.78", "00:50:56:00:5e:97"), []string{"stacks/mac /vms/rtr01/interfaces/eth0"}},
	}
	first, _ := patched(t, "{}")
	for _, tt := range tests {
		second, _ := patched(t, "{ "+tt.patch+" }")
		topos := []*topology.Topology{modelled(t, first), modelled(t, second)}
		var got []string
		for _, c := range Across(topos) {
			got = append(got, c.Rule+" "+c.Path)
			if c.Stack != 1 || c.Other != 0 || c.Message == "" || c.Hint == "" {
				t.Errorf("%s: %+v", tt.name, c)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func modelled(t *testing.T, doc any) *topology.Topology {
	t.Helper()
	topo, diags, err := ModelValue(doc)
	if topo == nil {
		t.Fatal(err, diags)
	}
	return topo
}
