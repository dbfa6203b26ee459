package guest

import (
	"slices"
	"testing"

	"stackgen/schema/topology/topologytest"
)

// TestMachineNamesAreInHosts writes the name of a machine at each place of the
// model that takes one, and wants it among those that the VM works with.
func TestMachineNamesAreInHosts(t *testing.T) {
	full := topologytest.Full()
	for _, p := range topologytest.MachineNames(full) {
		p.Value.SetString("db01")
		if got := peerSetsOf(full)[full.VMs[0].Name]; !slices.Contains(got, "db01") {
			t.Errorf("%s: /etc/hosts has %q", p.Path, got)
		}
		p.Value.SetString("")
	}
}
