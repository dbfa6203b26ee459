package render_test

import "fmt"

// randomOpenVPN adds a server with what every release can say.
func randomOpenVPN(d dice, s *stack) {
	secret := func(name string) object { return object{"secret": name} }
	vpn := object{
		"subnet": fmt.Sprintf("172.16.%d.0/24", d.IntN(200)), "port": d.port(), "protocol": one(d, "udp", "tcp"),
		"mssfix": d.chance(50), "pushRoutes": some(d, s.networks...), "hash": one(d, "sha256", "sha512"),
		"tls":     object{"ca": secret("ca.crt"), "cert": secret("rtr01.crt"), "key": secret("rtr01.key"), "dh": secret("dh.pem")},
		"clients": object{"one": object{}, "two": object{"description": d.text()}},
	}
	if d.chance(50) {
		vpn["description"] = d.text()
	}
	if d.chance(50) {
		vpn["nameServers"] = []string{"10.0.1.1"}
	}
	block(s.router, "openvpn")[fmt.Sprintf("vtun%d", d.IntN(10))] = vpn
}
