package schema

import (
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// check applies our own rules to a decoded topology, by subject. What it finds
// does not depend on any target.
func check(t *topology.Topology) (diags diag.List) {
	for _, rules := range []func(*topology.Topology) diag.List{
		checkReferences,
		checkAddresses,
	} {
		diags = append(diags, rules(t)...)
	}
	return diags
}
