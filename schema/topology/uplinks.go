package topology

func Uplinked(h *Host, n *Network) bool {
	b := h.Bridge(n.Bridge)
	return b != nil && len(b.Ports)+len(b.Bonds) > 0
}
