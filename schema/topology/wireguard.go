package topology

import (
	"net/netip"
	"slices"
)

// WireGuard is a WireGuard interface of a router; its name is the interface,
// such as wg0.
type WireGuard struct {
	Name        string       `json:"name"`
	Description string       `json:"description,omitempty"`
	Subnet      netip.Prefix `json:"subnet"`
	Address     netip.Addr   `json:"address"` // the router's own in Subnet
	Port        int          `json:"port"`
	Remote      string       `json:"remote,omitempty"` // what peers connect to; empty: the router's outside address
	MTU         int          `json:"mtu,omitempty"`    // bytes; 0: WireGuard's default
	PrivateKey  Secret       `json:"privateKey"`
	PublicKey   string       `json:"publicKey"`
	Peers       []Peer       `json:"peers,omitempty"`
}

// Peer is the other end of a WireGuard interface, as one end sees it.
type Peer struct {
	Name                string         `json:"name"`
	Description         string         `json:"description,omitempty"`
	PublicKey           string         `json:"publicKey"`
	PresharedKey        Secret         `json:"presharedKey,omitempty"`
	Address             netip.Addr     `json:"address"`              // in the tunnel
	AllowedIPs          []netip.Prefix `json:"allowedIPs,omitempty"` // what else is behind it
	Endpoint            netip.AddrPort `json:"endpoint,omitzero"`    // zero: it connects to us
	PersistentKeepalive Duration       `json:"persistentKeepalive"`  // 0: none
	Profile             *PeerProfile   `json:"profile,omitempty"`    // nil: it is configured elsewhere
}

// PeerProfile is what a peer's own configuration says beyond what both ends
// share.
type PeerProfile struct {
	AllowedIPs  []Target     `json:"allowedIPs,omitempty"` // what it sends into the tunnel beside the subnet
	NameServers []netip.Addr `json:"nameServers,omitempty"`
}

// Allowed lists all prefixes that packets to and from a peer may have: its
// address in the tunnel first.
func (p *Peer) Allowed() []netip.Prefix {
	return slices.Concat([]netip.Prefix{netip.PrefixFrom(p.Address, p.Address.BitLen())}, p.AllowedIPs)
}

// Routed lists the prefixes behind a peer to which the interface itself makes a route. A
// prefix of all addresses only says what the tunnel may carry: what is sent into it is for
// static routes or a routing protocol to say, or the peer's own endpoint would be sent there.
func (p *Peer) Routed() []netip.Prefix {
	return slices.DeleteFunc(slices.Clone(p.AllowedIPs), func(a netip.Prefix) bool { return a.Bits() == 0 })
}

// CarriesAll reports whether a peer may have all addresses of a family.
func (p *Peer) CarriesAll() bool { return len(p.Routed()) < len(p.AllowedIPs) }

// Peer is the peer of that name, or nil.
func (w *WireGuard) Peer(name string) *Peer {
	return find(w.Peers, name, func(p *Peer) string { return p.Name })
}

// PeerProfilePath is the path of a peer's profile among all of a router: the
// peer's name, below that of the interface where the router has several.
func (r *Router) PeerProfilePath(w *WireGuard, peer string) string {
	if len(r.WireGuard) > 1 {
		return w.Name + "/" + peer + ".conf"
	}
	return peer + ".conf"
}

// WireGuardOf is the router and the interface that a public key belongs to, or
// nil.
func (t *Topology) WireGuardOf(key string) (*VM, *WireGuard) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		for j := range vm.Router.WireGuard {
			if vm.Router.WireGuard[j].PublicKey == key {
				return vm, &vm.Router.WireGuard[j]
			}
		}
	}
	return nil, nil
}
