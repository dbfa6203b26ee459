package decode

import (
	"net/netip"

	"stackgen/schema/topology"
)

// wireGuardPort is what most of the world uses; nobody has registered it.
const wireGuardPort = 51820

func decodeWireGuard(name string, o object) topology.WireGuard {
	w := topology.WireGuard{
		Name:        name,
		Description: o.str("description"),
		Subnet:      prefix(o.str("subnet")),
		Address:     o.addr("address"),
		Port:        o.intOr("port", wireGuardPort),
		Remote:      o.str("remote"),
		MTU:         o.intOr("mtu", 0),
		PrivateKey:  o.secret("privateKey"),
		PublicKey:   o.str("publicKey"),
		Peers:       each(o, "peers", decodePeer),
	}
	if !o.has("address") {
		w.Address = topology.FirstHost(w.Subnet)
	}
	return w
}

func decodePeer(name string, o object) topology.Peer {
	p := topology.Peer{
		Name:                name,
		Description:         o.str("description"),
		PublicKey:           o.str("publicKey"),
		PresharedKey:        o.secret("presharedKey"),
		Address:             o.addr("address"),
		PersistentKeepalive: o.duration("persistentKeepalive"),
	}
	for _, s := range o.strs("allowedIPs") {
		p.AllowedIPs = append(p.AllowedIPs, prefix(s))
	}
	if e := o.obj("endpoint"); o.has("endpoint") {
		p.Endpoint = netip.AddrPortFrom(e.addr("address"), uint16(e.intOr("port", wireGuardPort)))
	}
	if o.has("profile") {
		p.Profile = decodePeerProfile(o.obj("profile"))
	}
	return p
}

func decodePeerProfile(o object) *topology.PeerProfile {
	p := &topology.PeerProfile{NameServers: o.addrs("nameServers")}
	for _, s := range o.strs("allowedIPs") {
		p.AllowedIPs = append(p.AllowedIPs, networkOrPrefix(s))
	}
	return p
}
