package topology_test

import (
	"net/netip"
	"slices"
	"testing"

	"stackgen/schema/topology"
	"stackgen/schema/topology/topologytest"
)

// TestMachineNamesAreReferences writes a name at each place of the model that
// takes one, and wants it among what the VM refers to.
func TestMachineNamesAreReferences(t *testing.T) {
	full := topologytest.Full()
	places := topologytest.MachineNames(full)
	if len(places) < 10 {
		t.Fatalf("the model has only %d places for a machine", len(places))
	}
	for _, p := range places {
		p.Value.SetString("db01")
		if got := full.VMs[0].References(); !slices.Contains(got, "db01") {
			t.Errorf("%s: %q is not among the references", p.Path, "db01")
		}
		p.Value.SetString("")
	}
}

// TestTargetsAreResolved wants the address of a machine beside each target and
// each member of a group that names it.
func TestTargetsAreResolved(t *testing.T) {
	address := netip.MustParseAddr("192.0.2.7")
	for i := range topologytest.Places[topology.Target](topologytest.Full()) {
		full := topologytest.Full()
		p := topologytest.Places[topology.Target](full)[i]
		target := p.Value.Addr().Interface().(*topology.Target)
		target.VM = full.VMs[0].Name
		full.ResolveTargets()
		if target.Address.Addr() != address {
			t.Errorf("%s: got %s, want %s", p.Path, target.Address, address)
		}
	}
	for i := range topologytest.Places[topology.GroupAddress](topologytest.Full()) {
		full := topologytest.Full()
		member := topologytest.Places[topology.GroupAddress](full)[i].Value.Addr().Interface().(*topology.GroupAddress)
		member.VM = full.VMs[0].Name
		full.ResolveTargets()
		if member.Range.First != address {
			t.Errorf("a member of an address group: got %s, want %s", member.Range, address)
		}
	}
	for i := range topologytest.Places[topology.Env](topologytest.Full()) {
		full := topologytest.Full()
		p := topologytest.Places[topology.Env](full)[i]
		e := p.Value.Addr().Interface().(*topology.Env)
		e.VM = full.VMs[0].Name
		full.ResolveTargets()
		if e.Value != address.String() {
			t.Errorf("%s: got %q, want %s", p.Path, e.Value, address)
		}
	}
}

// TestSecretsAreMentioned wants each secret of the model among what a VM mentions, or
// the topology.
func TestSecretsAreMentioned(t *testing.T) {
	full := topologytest.Full()
	for _, p := range topologytest.Places[topology.Secret](full) {
		p.Value.SetString("vault/one")
		seen := false
		look := func(m topology.Mention) { seen = seen || m.Secret == "vault/one" }
		full.VMs[0].Mentions(look)
		full.Mentions(look)
		if !seen {
			t.Errorf("%s is not mentioned", p.Path)
		}
		p.Value.SetString("")
	}
}

// TestKindsAreComplete wants of each kind of service what those who read the
// table show of it.
func TestKindsAreComplete(t *testing.T) {
	for _, k := range topology.ServiceKinds() {
		if k.Name == "" || k.Title == "" || k.Called == "" {
			t.Errorf("the kind %q has title %q and is called %q", k.Name, k.Title, k.Called)
		}
		if (k.Block == "") != (k.Step == "") {
			t.Errorf("%s: block %q is installed by step %q", k.Name, k.Block, k.Step)
		}
	}
	full := topologytest.Full()
	full.VMs[0].MariaDB.Flavor = "mysql"
	seen := map[string]bool{"mariadb": true}
	for _, s := range full.VMs[0].Offers() {
		seen[s.Name] = true
		if len(s.Listeners)+len(s.Inner) == 0 {
			t.Errorf("%s listens nowhere", s.Name)
		}
	}
	for _, k := range topology.ServiceKinds() {
		if !seen[k.Name] {
			t.Errorf("a VM with everything has no %s", k.Name)
		}
	}
}
