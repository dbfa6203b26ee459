package decode

import "stackgen/schema/topology"

func decodeRouter(o object) *topology.Router {
	r := &topology.Router{
		Platform:      o.str("platform"),
		Version:       o.strOr("version", "1.4"),
		NameServers:   o.addrs("nameServers"),
		StaticRoutes:  each(o, "staticRoutes", decodeStaticRoute),
		BGP:           decodeBGP(o.obj("bgp")),
		OSPF:          decodeOSPF(o.obj("ospf")),
		RouterAdverts: each(o, "routerAdvert", decodeRouterAdvert),
		Shapers:       each(o, "shapers", decodeShaper),
		NAT:           decodeNAT(o.obj("nat")),
		Firewall:      decodeFirewall(o.obj("firewall")),
		WireGuard:     each(o, "wireguard", decodeWireGuard),
		IPsec:         each(o, "ipsec", decodeIPsec),
		ExtraCommands: o.strs("extraCommands"),
	}
	decodeRouterServices(r, o)
	decodeRouterSystem(r, o)
	r.OpenVPN = each(o, "openvpn", func(name string, o object) topology.OpenVPN { return decodeOpenVPN(r, name, o) })
	return r
}

func decodeOpenVPN(r *topology.Router, name string, o object) topology.OpenVPN {
	tls := o.obj("tls")
	vpn := topology.OpenVPN{
		Name:          name,
		Description:   o.str("description"),
		Mode:          o.strOr("mode", "server"),
		Protocol:      o.strOr("protocol", "udp"),
		Port:          o.intOr("port", 1194),
		Remote:        o.str("remote"),
		Role:          o.str("role"),
		LocalAddress:  o.addr("localAddress"),
		RemoteAddress: o.addr("remoteAddress"),
		Topology:      o.strOr("topology", "subnet"),
		NameServers:   o.addrs("nameServers"),
		Mssfix:        o.boolOr("mssfix", true),
		TunMTU:        o.intOr("tunMtu", 0),
		Compression:   o.strOr("compression", "none"),
		Ciphers:       o.strsOr("ciphers", defaultCiphers(r, o.str("mode"))...),
		Hash:          o.strOr("hash", "sha256"),
		TLS: topology.TLS{CA: tls.secret("ca"), Cert: tls.secret("cert"), Key: tls.secret("key"),
			DH: tls.secret("dh")},
		Clients: each(o, "clients", decodeVPNClient),
	}
	if o.has("subnet") {
		vpn.Subnet = prefix(o.str("subnet"))
	}
	for _, s := range o.strs("pushRoutes") {
		vpn.PushRoutes = append(vpn.PushRoutes, networkOrPrefix(s))
	}
	return vpn
}

func defaultCiphers(r *topology.Router, mode string) []string {
	switch {
	case r.OldVPN():
		return []string{"AES-256-CBC"}
	case mode == "site-to-site":
		return []string{"AES-256-GCM"}
	}
	return []string{"AES-256-GCM", "AES-128-GCM"}
}

func decodeVPNClient(name string, o object) topology.VPNClient {
	return topology.VPNClient{Name: name, Description: o.str("description"), Address: o.addr("address")}
}
