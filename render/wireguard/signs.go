package wireguard

import (
	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// Signs are those of the port of an interface on a Debian router.
func Signs(_ *topology.Topology, q artifact.Query) []artifact.Sign {
	if len(q.Path) < 5 || q.Path[3] != "wireguard" {
		return nil
	}
	return []artifact.Sign{{Path: dir + q.Path[4] + ".conf", Text: "ListenPort = "}}
}
