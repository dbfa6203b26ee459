package render

import (
	"stackgen/render/artifact"
	"stackgen/render/ifupdown"
	"stackgen/render/mariadb"
	"stackgen/render/nftables"
	"stackgen/render/nginx"
	"stackgen/render/openvpn"
	"stackgen/render/php"
	"stackgen/render/service"
	"stackgen/render/varnish"
	"stackgen/render/vyos"
	"stackgen/render/wireguard"
	"stackgen/schema/topology"
)

// Lines finds the lines by which a hop is so among the files of a stack:
// "rtr01/vyos/commands.txt:15-19", or "" where there are none. Each renderer knows its
// own.
func Lines(t *topology.Topology, files []artifact.File, q artifact.Query) string {
	if len(q.Path) < 3 || q.Machine == "" {
		return ""
	}
	for _, signs := range []func(*topology.Topology, artifact.Query) []artifact.Sign{
		vyos.Signs, nftables.Signs, ifupdown.Signs, openvpn.Signs, wireguard.Signs,
		varnish.Signs, nginx.Signs, service.Signs, php.Signs, mariadb.Signs,
	} {
		for _, s := range signs(t, q) {
			if lines := s.In(q.Machine, files); lines != "" {
				return lines
			}
		}
	}
	return ""
}
