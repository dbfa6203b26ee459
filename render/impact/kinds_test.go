package impact

import (
	"fmt"
	"testing"

	"stackgen/schema/topology"
	"stackgen/schema/topology/topologytest"
)

// TestKindsHaveAClass wants a class for a service that listens elsewhere: its users
// notice.
func TestKindsHaveAClass(t *testing.T) {
	full := topologytest.Full()
	for _, l := range full.VMs[0].Listeners() {
		var path []string
		for _, key := range l.Path(&full.VMs[0]) {
			path = append(path, fmt.Sprint(key))
		}
		if l.Service == "ssh" {
			continue // only apply uses it
		}
		if l.Service == "ipsec" {
			path = append(path, "peer") // what listens is written at none of them
		}
		if r, ok := ruleFor(change{path: path, old: "a", new: "b"}); !ok || r.class == None {
			t.Errorf("%s: a change of %v has class %v", l.Service, path, r.class)
		}
	}
	for _, k := range topology.ServiceKinds() {
		if k.Step != "" && stepRule(k.Step).reason == stepRule("nothing").reason {
			t.Errorf("%s: nobody knows what step %q does", k.Name, k.Step)
		}
	}
}
