package topology

import "net/netip"

// IPsec is a peer of a router, site to site: networks here and networks there
// that reach each other through it.
type IPsec struct {
	Name          string        `json:"name"`
	Description   string        `json:"description,omitempty"`
	LocalAddress  netip.Addr    `json:"localAddress,omitzero"` // zero: the router's outside address
	RemoteAddress netip.Addr    `json:"remoteAddress"`
	PresharedKey  Secret        `json:"presharedKey"`
	IKE           IKE           `json:"ike"`
	ESP           ESP           `json:"esp"`
	Tunnels       []IPsecTunnel `json:"tunnels"`
}

// IKE is how the two ends agree on keys.
type IKE struct {
	KeyExchange string   `json:"keyExchange"` // ikev1 or ikev2
	Encryption  string   `json:"encryption"`
	Hash        string   `json:"hash"`
	DHGroup     int      `json:"dhGroup"`
	Lifetime    Duration `json:"lifetime"`
}

// ESP is how packets are protected.
type ESP struct {
	Encryption string   `json:"encryption"`
	Hash       string   `json:"hash"`
	PFS        bool     `json:"pfs"` // new keys come from an exchange of their own, in IKE's group
	Lifetime   Duration `json:"lifetime"`
}

// IPsecTunnel is a network here and one there.
type IPsecTunnel struct {
	Number int          `json:"number"`
	Local  Target       `json:"localPrefix"`
	Remote netip.Prefix `json:"remotePrefix"`
}

// IPsecAddress is the router's own address towards a peer: as given, or that on
// the side of its default route. It is zero when there is none.
func (t *Topology) IPsecAddress(vm *VM, p *IPsec) netip.Addr {
	if p.LocalAddress.IsValid() {
		return p.LocalAddress
	}
	name, _ := t.DefaultRoute(vm)
	if i := vm.Interface(name); i != nil {
		return i.Address
	}
	return netip.Addr{}
}
