package render_test

import (
	"encoding/base64"
	"fmt"
)

// randomTunnels adds WireGuard, IPsec, and OpenVPN that is no server.
func randomTunnels(d dice, s *stack) {
	if s.version != "vc6.6" && s.version != "1.1" || d.chance(2) {
		block(s.router, "wireguard")[fmt.Sprintf("wg%d", d.IntN(1000))] = d.wireGuard()
	}
	if d.chance(70) {
		block(s.router, "ipsec")[one(d, "berlin", "b-1_x", "M")] = d.ipsec(s)
	}
	if d.chance(70) {
		block(s.router, "openvpn")[fmt.Sprintf("vtun%d", 10+d.IntN(10))] = d.end(s)
	}
}

// key is a public key of WireGuard.
func (d dice) key() string {
	bytes := make([]byte, 32)
	for i := range bytes {
		bytes[i] = byte(d.IntN(256))
	}
	return base64.StdEncoding.EncodeToString(bytes)
}

func (d dice) wireGuard() object {
	peers := object{}
	for i := range 1 + d.IntN(4) {
		peer := object{"publicKey": d.key(), "address": fmt.Sprintf("10.77.0.%d", 2+i)}
		if d.chance(50) {
			peer["endpoint"] = object{"address": one(d, d.address(), "2001:db8::9"), "port": d.port()}
		}
		if d.chance(50) {
			peer["presharedKey"] = object{"secret": fmt.Sprintf("psk%d", i)}
		}
		if d.chance(50) {
			peer["allowedIPs"] = []string{fmt.Sprintf("10.%d.0.0/16", 100+i), fmt.Sprintf("2001:db8:%d::/48", i)}
		}
		if d.chance(50) {
			peer["persistentKeepalive"] = fmt.Sprintf("%ds", 1+d.IntN(65535))
		}
		peers[one(d, "p", "Peer.", "a_b-")+fmt.Sprint(i)] = peer
	}
	w := object{"subnet": "10.77.0.0/24", "port": d.port(), "privateKey": object{"secret": "wg.key"}, "publicKey": d.key(), "peers": peers, "description": d.text()}
	if d.chance(50) {
		w["mtu"] = 1280 + d.IntN(7720)
	}
	return w
}

// ipsec is a peer with what the release can say.
func (d dice) ipsec(s *stack) object {
	ciphers, hashes, exchanges := []string{"aes128", "aes256"}, []string{"sha1", "sha256", "sha384", "sha512"}, []string{"ikev1", "ikev2"}
	switch s.version {
	case "vc6.6":
		hashes, exchanges = hashes[:1], exchanges[:1]
	case "1.1":
	default:
		ciphers = append(ciphers, "aes128gcm128", "aes256gcm128")
	}
	tunnels := object{}
	for i := range 1 + d.IntN(3) {
		tunnels[fmt.Sprint(1+i*d.IntN(900))] = object{"localPrefix": one(d, s.networks...), "remotePrefix": fmt.Sprintf("10.%d.0.0/16", 120+i)}
	}
	return object{
		"description": d.text(), "remoteAddress": d.address(), "presharedKey": object{"secret": "ipsec"},
		"ike": object{
			"keyExchange": one(d, exchanges...), "encryption": one(d, ciphers...), "hash": one(d, hashes...),
			"dhGroup": one(d, 14, 15, 16, 19, 20, 21), "lifetime": fmt.Sprintf("%ds", 30+d.IntN(86371)),
		},
		"esp":     object{"encryption": one(d, ciphers...), "hash": one(d, hashes...), "pfs": d.chance(50)},
		"tunnels": tunnels,
	}
}

// end is a client, or one of two ends.
func (d dice) end(s *stack) object {
	secret := func(name string) object { return object{"secret": name} }
	tls := object{"ca": secret("other/ca"), "cert": secret("other/cert"), "key": secret("other/key")}
	v := object{"port": d.port(), "protocol": one(d, "udp", "tcp"), "hash": one(d, "sha256", "sha512"), "mssfix": d.chance(50), "description": d.text(), "tls": tls}
	switch d.IntN(3) {
	case 0:
		v["mode"], v["remote"] = "client", one(d, "vpn.example.net", d.address())
		return v
	case 1:
		v["role"], v["remote"] = "active", one(d, "vpn.example.net", d.address())
	case 2:
		v["role"], tls["dh"] = "passive", secret("other/dh")
	}
	v["mode"], v["localAddress"], v["remoteAddress"] = "site-to-site", "10.78.0.1", "10.78.0.2"
	return v
}
