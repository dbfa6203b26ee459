package php

import (
	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// Signs are those of a variable in the environment of the pages.
func Signs(_ *topology.Topology, q artifact.Query) []artifact.Sign {
	if q.Hop != artifact.Asked {
		return nil
	}
	return []artifact.Sign{{Path: "etc/php/*/fpm/pool.d/*.conf", Text: `env["` + q.Name() + `"]`}}
}
