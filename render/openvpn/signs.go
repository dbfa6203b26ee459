package openvpn

import (
	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// Signs are those of the port of an instance on a Debian router.
func Signs(_ *topology.Topology, q artifact.Query) []artifact.Sign {
	if len(q.Path) < 5 || q.Path[3] != "openvpn" {
		return nil
	}
	name := q.Path[4] + ".conf"
	return []artifact.Sign{{Path: serverDir + name, Text: "port "}, {Path: peerDir + name, Text: "port "}}
}
