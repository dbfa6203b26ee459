package plan

import (
	"net/netip"
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// Check finds a router whose SSH server would not listen where apply comes in.
func Check(t *topology.Topology) (diags diag.List) {
	ways := t.AccessPaths()
	for i := range t.VMs {
		v := &t.VMs[i]
		if v.Router == nil || v.Router.SSH == nil || len(v.Router.SSH.Networks) == 0 {
			continue
		}
		a, err := netip.ParseAddr(ways.ToVM(v).Address)
		if err == nil && v.Owns(a) && !slices.Contains(v.AddressesOn(v.Router.SSH.Networks), a) {
			diags.Errorf("router/ssh-elsewhere", diag.Path("vms", v.Name, "router", "ssh", "networks"),
				"apply reaches %q at %s, where its SSH server would not listen", v.Name, a).
				Hintf("add the network of %s, or say another address in ssh: { address: … } of the VM", a)
		}
	}
	return diags
}
