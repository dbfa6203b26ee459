package schema

import (
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// checkAddresses finds addresses that cannot work.
func checkAddresses(t *topology.Topology) (diags diag.List) { return diags }
