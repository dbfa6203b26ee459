package ovs

import (
	"testing"

	"stackgen/render/internal/rendertest"
)

// TestConformMoves: what is on another bridge, in a bond or out of it comes to where
// it belongs, whatever was there before. A second run changes nothing, not even the row
// of a port in the database: it is not taken off and put back.
func TestConformMoves(t *testing.T) {
	rendertest.Need(t, "ovsdb-server", "ovsdb-tool", "ovs-vsctl")
	file := rendertest.Write(t, "bridges.sh", rendertest.Content(t, render(t, rendertest.Variant(t, "nullzero", wide)), "vmm/ovs/bridges.sh"))
	const lan = "add-br sw-lan -- add-port sw-lan eth3 -- add-port sw-lan eth4 -- "
	tests := []struct{ name, before, rest string }{
		{"a port comes from a bridge that has left", lan + "add-br old -- add-port old eth0 -- add-port old vnet0", "old: vnet0\n"},
		{"a port comes from a bridge that comes before", lan + "add-port sw-lan eth0", ""},
		{"ports change places", "add-br sw-lan -- add-port sw-lan eth0 -- add-br sw-net -- add-port sw-net eth3", ""},
		{"a bond comes from another bridge", "add-br sw-net -- add-port sw-net eth0 -- add-bond sw-net bond0 eth1 eth2", ""},
		{"ports become a bond", "add-br sw-lan -- add-port sw-lan eth1 -- add-br sw-sto -- add-port sw-sto eth2", ""},
		{"a bond becomes ports", "add-br sw-lan -- add-bond sw-lan bond1 eth3 eth4", ""},
		{"a bond loses a port and gets one", "add-br sw-lan -- add-port sw-lan eth2 -- add-br sw-sto -- add-bond sw-sto bond0 eth1 eth0", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out, ok := rendertest.Alone(t, database+"ovs-vsctl "+tt.before+`
sh `+file+"\ndump > /run/once\nsh "+file+"\ndump | diff /run/once -\n"+`
for b in $(ovs-vsctl list-br); do echo $b: $(ovs-vsctl list-ports $b); done
ovs-vsctl list-ifaces sw-sto
`)
			if want := tt.rest + "sw-lan: eth3 eth4\nsw-net: eth0\nsw-sto: bond0\neth1\neth2\n"; !ok || out != want {
				t.Errorf("%s: accepted %t\n got %s\nwant %s", tt.before, ok, out, want)
			}
		})
	}
}
