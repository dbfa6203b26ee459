package vyos

import (
	"fmt"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

func (b builder) openvpn() {
	for _, v := range b.vm.Router.OpenVPN {
		n := b.root.at("interfaces openvpn", v.Name)
		n.leaf("description", v.Description)
		n.leaf("mode", "server")
		n.leaf("protocol", transport(v.Protocol))
		n.number("local-port", v.Port)
		for _, c := range v.Ciphers {
			n.leaf(b.d.ciphers, cipher(c))
		}
		n.leaf("hash", v.Hash)
		n.at("persistent-tunnel").here()
		for _, o := range options(v) {
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

// cipher is VyOS's word for a cipher: aes256gcm for AES-256-GCM.
func cipher(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), "-", "")
}

// options are what VyOS has no leaf for. They go to OpenVPN's command line.
func options(v topology.OpenVPN) []string {
	mssfix := "--mssfix"
	if !v.Mssfix {
		mssfix = "--mssfix 0"
	}
	if v.TunMTU == 0 {
		return []string{mssfix}
	}
	return []string{mssfix, fmt.Sprintf("--tun-mtu %d", v.TunMTU)}
}

func (b builder) vpnServer(n node, v topology.OpenVPN) {
	n.leaf("subnet", v.Subnet.String())
	n.leaf("topology", v.Topology)
	for _, a := range v.NameServers {
		n.leaf("name-server", a.String())
	}
	for _, g := range v.PushRoutes {
		if p := b.t.Resolve(b.vm, g); p.IsValid() {
			n.at("push-route", p.String()).here()
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

// keys puts the server's keys into the router's own store, under the name of
// the interface that uses them.
func (b builder) keys(tls node, v topology.OpenVPN) {
	pki := b.root.at("pki")
	tls.leaf("ca-certificate", v.Name)
	pki.at("ca", v.Name).leaf("certificate", body(v.TLS.CA))
	tls.leaf("certificate", v.Name)
	pki.at("certificate", v.Name).leaf("certificate", body(v.TLS.Cert))
	pki.at("certificate", v.Name).leaf("private key", body(v.TLS.Key))
	if v.TLS.DH != "" {
		tls.leaf("dh-params", v.Name)
		pki.at("dh", v.Name).leaf("parameters", body(v.TLS.DH))
	}
}

// body stands for what is between BEGIN and END of a PEM file, on one line.
func body(s topology.Secret) string { return reference(s).PlaceHolder() }

func reference(s topology.Secret) artifact.Secret {
	return artifact.Secret{Name: string(s), Encoding: artifact.PEMBody}
}

// secrets are those that stand in the commands, each once.
func secrets(vm *topology.VM) []artifact.Secret {
	var all []artifact.Secret
	seen := map[topology.Secret]bool{"": true}
	for _, v := range vm.Router.OpenVPN {
		for _, s := range []topology.Secret{v.TLS.CA, v.TLS.Cert, v.TLS.Key, v.TLS.DH} {
			if !seen[s] {
				seen[s] = true
				all = append(all, reference(s))
			}
		}
	}
	return all
}
