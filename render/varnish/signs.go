package varnish

import (
	"fmt"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// Signs are those of the port and of the backends.
func Signs(t *topology.Topology, q artifact.Query) []artifact.Sign {
	vm := t.VM(q.Machine)
	switch {
	case vm == nil || vm.Varnish == nil || q.Path[2] != "varnish":
		return nil
	case q.Hop == artifact.Listening:
		return []artifact.Sign{{Path: dropInPath, Text: fmt.Sprintf("-a :%d", vm.Varnish.Listen)}}
	case q.Hop == artifact.Backend:
		return []artifact.Sign{{Path: vclPath, Text: "backend " + q.Name() + " {"}}
	}
	return nil
}
