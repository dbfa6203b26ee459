package vyos

import (
	"fmt"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// ipsec makes a group of IKE and one of ESP for each peer, under its name.
func (b builder) ipsec() {
	n := b.root.at("vpn ipsec")
	for i := range b.vm.Router.IPsec {
		p := &b.vm.Router.IPsec[i]
		own := b.t.IPsecAddress(b.vm, p)
		for _, iface := range b.vm.Interfaces {
			if iface.Address == own {
				n.leaf(b.d.word(ipsecInterface), iface.Name)
			}
		}
		ikeGroup(n.at("ike-group", p.Name), b.d, p.IKE)
		espGroup(n.at("esp-group", p.Name), p.ESP)
		peer := n.at("site-to-site peer", p.RemoteAddress.String())
		if b.d.has(namedPeers) {
			peer = n.at("site-to-site peer", p.Name)
			peer.leaf("remote-address", p.RemoteAddress.String())
			peer.leaf("authentication local-id", own.String())
			peer.leaf("authentication remote-id", p.RemoteAddress.String())
			psk := n.at("authentication psk", p.Name)
			psk.leaf("id", own.String())
			psk.leaf("id", p.RemoteAddress.String())
			psk.leaf("secret", sharedKey(p).PlaceHolder())
		} else {
			peer.leaf("authentication pre-shared-secret", sharedKey(p).PlaceHolder())
		}
		peer.leaf("authentication mode", "pre-shared-secret")
		peer.leaf("connection-type", "initiate")
		peer.leaf("description", p.Description)
		peer.leaf("ike-group", p.Name)
		peer.leaf("local-address", own.String())
		b.ipsecTunnels(peer, p)
	}
}

func (b builder) ipsecTunnels(peer node, p *topology.IPsec) {
	for _, u := range p.Tunnels {
		n := peer.at("tunnel", fmt.Sprint(u.Number))
		n.leaf("esp-group", p.Name)
		n.leaf("local prefix", b.t.Resolve(b.vm, u.Local).String())
		n.leaf("remote prefix", u.Remote.String())
	}
}

// ikeGroup looks for a peer that has gone, and starts again with it.
func ikeGroup(n node, d dialect, k topology.IKE) {
	n.leaf("dead-peer-detection action", "restart")
	n.number("dead-peer-detection interval", 30)
	n.number("dead-peer-detection timeout", 120)
	if d.has(ikev2) {
		n.leaf("key-exchange", k.KeyExchange)
	}
	n.number("lifetime", k.Lifetime.Seconds())
	n.number("proposal 1 dh-group", k.DHGroup)
	n.leaf("proposal 1 encryption", k.Encryption)
	n.leaf("proposal 1 hash", k.Hash)
}

func espGroup(n node, e topology.ESP) {
	n.number("lifetime", e.Lifetime.Seconds())
	n.leaf("mode", "tunnel")
	n.leaf("pfs", map[bool]string{true: "enable", false: "disable"}[e.PFS])
	n.leaf("proposal 1 encryption", e.Encryption)
	n.leaf("proposal 1 hash", e.Hash)
}

func sharedKey(p *topology.IPsec) artifact.Secret {
	return artifact.Secret{Name: string(p.PresharedKey), Encoding: artifact.VyOS}
}
