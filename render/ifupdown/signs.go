package ifupdown

import (
	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// Signs are those of an interface or bridge.
func Signs(_ *topology.Topology, q artifact.Query) []artifact.Sign {
	if q.Hop != artifact.Arrive {
		return nil
	}
	return []artifact.Sign{{Path: interfacesPath, Text: "iface " + q.Name() + " "}}
}
