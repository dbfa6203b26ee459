package nginx

import (
	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// Signs are those of a site: its port, its name, and where its pages are run.
func Signs(_ *topology.Topology, q artifact.Query) []artifact.Sign {
	text := map[artifact.Hop]string{
		artifact.Listening: "listen ", artifact.Site: "server_name ", artifact.Socket: "fastcgi_pass ",
	}[q.Hop]
	if len(q.Path) < 5 || q.Path[2] != "nginx" || text == "" {
		return nil
	}
	return []artifact.Sign{{Path: siteFile(q.Path[4]), Text: text}}
}
