package schema

import (
	"stackgen/schema/topology"
)

func uplinked(h *topology.Host, n *topology.Network) bool {
	b := h.Bridge(n.Bridge)
	return b != nil && len(b.Ports)+len(b.Bonds) > 0
}
