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
		n.leaf("mode", v.Mode)
		n.leaf("protocol", transport(v))
		b.vpnEnds(n, v)
		for _, c := range v.Ciphers {
			switch {
			case v.Mode != "site-to-site":
				n.leaf(b.d.word(ciphers), cipher(c))
			case !b.d.has(negotiatesAlone):
				n.leaf(b.d.word(oneCipher), cipher(c))
			}
		}
		n.leaf("hash", v.Hash)
		if b.d.has(persistentTunnel) {
			n.at("persistent-tunnel").here()
		}
		for _, o := range b.options(v) {
			n.leaf("openvpn-option", o)
		}
		if v.Mode == "server" {
			b.vpnServer(n.at("server"), v)
		}
		b.keys(n.at("tls"), v)
	}
}

// transport is VyOS's word for a side of a transport: over TCP one begins.
func transport(v *topology.OpenVPN) string {
	switch {
	case v.Protocol != "tcp":
		return v.Protocol
	case v.Mode == "client" || v.Role == "active":
		return "tcp-active"
	}
	return "tcp-passive"
}

// vpnEnds says where each end is. A client has no port of its own.
func (b builder) vpnEnds(n node, v *topology.OpenVPN) {
	if v.Mode != "client" {
		n.number("local-port", v.Port)
	}
	if v.Mode == "server" {
		return
	}
	n.leaf("remote-host", v.Remote)
	n.number("remote-port", v.Port)
	if v.Mode == "site-to-site" {
		n.at("local-address", v.LocalAddress.String()).here()
		n.leaf("remote-address", v.RemoteAddress.String())
		n.leaf("tls role", v.Role)
	}
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
	switch {
	case v.Mode == "client" || v.Role == "active":
		options = append(options, "--remote-cert-tls server")
	case v.Role == "passive":
		options = append(options, "--remote-cert-tls client")
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
