package mariadb

import (
	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// Signs are those of the server's address and of an account.
func Signs(_ *topology.Topology, q artifact.Query) []artifact.Sign {
	if q.Path[2] != "mariadb" && q.Path[2] != "mysql" {
		return nil
	}
	switch q.Hop {
	case artifact.Listening:
		return []artifact.Sign{{Path: "etc/mysql/*/*", Text: "bind-address"}}
	case artifact.Account:
		return []artifact.Sign{{Path: "sql/*.sql", Text: "TO '" + q.Name() + "'@"}}
	}
	return nil
}
