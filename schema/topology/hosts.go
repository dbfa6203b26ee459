package topology

import "net/netip"

// deviceMTU is what network devices have by default: Ethernet's payload.
const deviceMTU = 1500

// HostDefaultRoute is the bridge and gateway of a host's default route. Of
// several networks with a gateway, one whose gateway is outside the topology is
// preferred: a host should not depend on a VM that it runs. Both are zero when
// there is none.
func (t *Topology) HostDefaultRoute(h *Host) (bridge string, gateway netip.Addr) {
	for _, b := range h.Bridges {
		n := t.Network(b.Network)
		if !t.leads(&b, n) {
			continue
		}
		if t.RouterOf(n) == nil {
			return b.Name, n.Gateway
		}
		if bridge == "" {
			bridge, gateway = b.Name, n.Gateway
		}
	}
	return bridge, gateway
}

// leads reports whether a host has a way out through a bridge's network: an
// address on it, and a gateway that is not the host itself.
func (t *Topology) leads(b *Bridge, n *Network) bool {
	return n != nil && b.Address.IsValid() && n.Gateway.IsValid() && n.Gateway != b.Address
}

// HostNetwork is the network of a bridge's own address, or nil.
func (t *Topology) HostNetwork(b *Bridge) *Network {
	if !b.Address.IsValid() {
		return nil
	}
	return t.Network(b.Network)
}

// UplinkMTU is the MTU that the ports of a bridge need to carry all of its
// networks, or 0 when none of them sets one.
func (t *Topology) UplinkMTU(bridge string) int {
	largest, set := 0, false
	for _, n := range t.Networks {
		if n.Bridge != bridge {
			continue
		}
		mtu := n.MTU
		if mtu == 0 {
			mtu = deviceMTU
		}
		largest, set = max(largest, mtu), set || n.MTU != 0
	}
	if !set {
		return 0
	}
	return largest
}
