package vyos

import (
	"fmt"
	"strings"

	"stackgen/schema/topology"
)

func (b builder) openvpn() {
	for i := range b.vm.Router.OpenVPN {
		v := &b.vm.Router.OpenVPN[i]
		n := b.iface(v.Name)
		n.leaf("description", v.Description)
		n.leaf("mode", "server")
		n.leaf("protocol", transport(v.Protocol))
		n.number("local-port", v.Port)
		for _, c := range v.Ciphers {
			n.leaf(b.d.say(ciphers), cipher(c))
		}
		n.leaf("hash", v.Hash)
		if b.d.has(persistentTunnel) {
			n.at("persistent-tunnel").here()
		}
		for _, o := range b.options(v) {
			n.leaf("openvpn-option", o)
		}
		b.vpnServer(n.at("server"), v)
		b.keys(n.at("tls"), v)
	}
}

// transport is OpenVPN's word for a server's side of a transport.
func transport(protocol string) string {
	if protocol == "tcp" {
		return "tcp-passive"
	}
	return protocol
}

// cipher is VyOS's word for a cipher: aes256gcm for AES-256-GCM, and aes256 for
// AES-256-CBC.
func cipher(name string) string {
	return strings.TrimSuffix(strings.ReplaceAll(strings.ToLower(name), "-", ""), "cbc")
}

// options are what VyOS has no leaf for. They go to OpenVPN's command line.
func (b builder) options(v *topology.OpenVPN) []string {
	options := []string{"--mssfix"}
	if !v.Mssfix {
		options[0] = "--mssfix 0"
	}
	if v.TunMTU != 0 {
		options = append(options, fmt.Sprintf("--tun-mtu %d", v.TunMTU))
	}
	if !b.d.has(persistentTunnel) {
		options = append(options, "--persist-tun")
	}
	return options
}

func (b builder) vpnServer(n node, v *topology.OpenVPN) {
	n.leaf("subnet", v.Subnet.String())
	if v.Topology != "net30" || b.d.has(namedNet30) {
		n.leaf("topology", v.Topology)
	}
	for _, a := range v.NameServers {
		n.leaf("name-server", a.String())
	}
	for _, g := range v.PushRoutes {
		if p := b.t.Resolve(b.vm, g); p.IsValid() {
			b.pushRoute(n, p.String())
		}
	}
	for _, c := range v.Clients {
		client := n.at("client", c.Name)
		if c.Address.IsValid() {
			client.leaf("ip", c.Address.String())
		} else {
			client.here()
		}
	}
}

func (b builder) pushRoute(n node, prefix string) {
	if b.d.has(tagRoutes) {
		n.at("push-route", prefix).here()
	} else {
		n.leaf("push-route", prefix)
	}
}
