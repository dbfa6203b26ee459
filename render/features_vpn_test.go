package render_test

// vpnFeatures are those of tunnels.
func vpnFeatures() []feature {
	const tunnel = "{ openvpn: { vtun0: { subnet: '10.8.0.0/24', ciphers: ['AES-256-CBC'], pushRoutes: ['lan'], " +
		"tls: { ca: { secret: 'ca' }, cert: { secret: 'cert' }, key: { secret: 'key' }, dh: { secret: 'dh' } }, clients: { laptop: {} } } } }"
	with := func(name, fields string) feature {
		return feature{name: name, given: tunnel, patch: "{ openvpn+: { vtun0+: { " + fields + " } } }"}
	}
	const link = "{ wireguard: { wg0: { subnet: '10.9.0.0/24', privateKey: { secret: 'wg0.key' }, publicKey: 'g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM=', " +
		"peers: { laptop: { publicKey: 'twI/L6vsEz7LSVnchEQQqbZ5tFXums5X3beZ31yH+mY=', address: '10.9.0.2' } } } } }"
	peer := func(name, fields string) feature {
		return feature{name: name, patch: link + " + { wireguard+: { wg0+: { peers+: { laptop+: { " + fields + " } } } } }"}
	}
	const keys = "tls: { ca: { secret: 'ca' }, cert: { secret: 'crt' }, key: { secret: 'key' } }"
	const site = "{ ipsec: { berlin: { remoteAddress: '203.0.113.1', presharedKey: { secret: 'berlin' }, tunnels: { '1': { localPrefix: 'lan', remotePrefix: '10.2.0.0/16' } } } }, " +
		"nat+: { source+: { '5': { source: 'lan', outboundInterface: 'eth0', destination: { address: '10.2.0.0/16' }, exclude: true } } } }"
	return []feature{
		{name: "OpenVPN server", patch: tunnel},
		with("OpenVPN over TCP", "protocol: 'tcp'"),
		with("OpenVPN: fixed address of a client", "clients: { laptop: { address: '10.8.0.9' } }"),
		with("OpenVPN: resolvers for clients", "nameServers: ['10.0.1.1']"),
		with("OpenVPN: MTU of the tunnel", "tunMtu: 1400"),
		with("OpenVPN: AES-GCM", "ciphers: ['AES-256-GCM']"),
		with("OpenVPN: several ciphers", "ciphers: ['AES-256-CBC', 'AES-128-CBC']"),
		with("OpenVPN: SHA-384", "hash: 'sha384'"),
		{name: "OpenVPN client", patch: "{ openvpn: { vtun1: { mode: 'client', remote: 'vpn.example.net', ciphers: ['AES-256-CBC'], " + keys + " } } }"},
		{name: "OpenVPN client over TCP", patch: "{ openvpn: { vtun1: { mode: 'client', remote: '203.0.113.9', port: 443, protocol: 'tcp', ciphers: ['AES-256-CBC'], " + keys + " } } }"},
		{name: "OpenVPN site to site, active", patch: "{ openvpn: { vtun1: { mode: 'site-to-site', role: 'active', remote: '203.0.113.9', localAddress: '10.8.1.1', remoteAddress: '10.8.1.2', " + keys + " } } }"},
		{name: "OpenVPN site to site, passive", patch: "{ openvpn: { vtun1: { mode: 'site-to-site', role: 'passive', protocol: 'tcp', localAddress: '10.8.1.1', remoteAddress: '10.8.1.2', " + keys + " } + { tls+: { dh: { secret: 'dh' } } } } }"},
		{name: "OpenVPN site to site: static route into it", given: "{ openvpn: { vtun1: { mode: 'site-to-site', role: 'active', remote: '203.0.113.9', localAddress: '10.8.1.1', remoteAddress: '10.8.1.2', " + keys + " } } }", patch: "{ staticRoutes: { '10.2.0.0/16': { nextHop: '10.8.1.2' } } }"},
		{name: "WireGuard", patch: link},
		peer("WireGuard: peer with subnets behind it", "allowedIPs: ['10.2.0.0/16', '2001:db8:2::/64']"),
		peer("WireGuard: preshared key", "presharedKey: { secret: 'psk' }"),
		peer("WireGuard: endpoint and keepalive", "endpoint: { address: '203.0.113.9' }, persistentKeepalive: '25s'"),
		peer("WireGuard: profile for wg-quick", "profile: { allowedIPs: ['lan'] }"),
		{name: "IPsec site to site", patch: site},
		{name: "IPsec with IKEv1 and SHA-1", patch: site + " + { ipsec+: { berlin+: { ike: { keyExchange: 'ikev1', hash: 'sha1' }, esp: { hash: 'sha1' } } } }"},
		{name: "IPsec with AES-GCM", patch: site + " + { ipsec+: { berlin+: { ike: { keyExchange: 'ikev1', hash: 'sha1', encryption: 'aes256gcm128' }, esp: { hash: 'sha1', encryption: 'aes256gcm128' } } } }"},
		{name: "IPsec with an elliptic curve and without PFS", patch: site + " + { ipsec+: { berlin+: { ike: { dhGroup: 20 }, esp: { pfs: false } } } }"},
		{name: "OpenVPN without Diffie-Hellman parameters", patch: tunnel + " + { openvpn+: { vtun0+: { tls+: { dh:: null } } } }"},
	}
}
