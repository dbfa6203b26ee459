package openvpn

import (
	"fmt"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/netmask"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// peerDir is where the unit openvpn-client@ looks for configurations. Of two
// ends both are there: the unit knows nothing of roles.
const peerDir = "etc/openvpn/client/"

// peerView is what the template shows: finished words.
type peerView struct {
	Router, Description, Name string
	Kind                      string // for people
	Transport, Remote         string
	Port                      int
	Local, Far                string // addresses in the tunnel of two ends
	TLS, Other                string // the part in TLS of this end, and of the other
	Routes                    []string
	DH                        string
	Ciphers, Cipher, Auth     string
	TunMTU                    int
	Mssfix                    string
}

// peerOf is a client, or one of two ends.
func peerOf(vm *topology.VM, v *topology.OpenVPN) peerView {
	p := peerView{
		Router: vm.Name, Description: v.Description, Name: v.Name, Kind: "client",
		Transport: v.Protocol, Remote: v.Remote, Port: v.Port, TLS: "tls-client", Other: "server",
		Routes:  routesInto(vm, v),
		Ciphers: strings.Join(v.Ciphers, ":"), Auth: strings.ToUpper(v.Hash), TunMTU: v.TunMTU,
	}
	if v.Mode == "site-to-site" {
		p.Kind, p.Local, p.Far, p.Cipher = "end", v.LocalAddress.String(), v.RemoteAddress.String(), v.Ciphers[0]
	}
	if v.Role == "passive" {
		p.TLS, p.Other, p.DH = "tls-server", "client", "none"
	}
	if v.TLS.DH != "" {
		p.DH = v.Name + "/dh.pem"
	}
	switch {
	case v.Protocol == "tcp" && v.Role == "passive":
		p.Transport = "tcp-server"
	case v.Protocol == "tcp":
		p.Transport = "tcp-client"
	}
	if !v.Mssfix {
		p.Mssfix = "0"
	}
	return p
}

// routesInto are the static routes that come up with the tunnel.
func routesInto(vm *topology.VM, v *topology.OpenVPN) (lines []string) {
	for _, r := range vm.Router.RoutesInto(vm.Router.Tunnel(v.Name)) {
		line := "route-ipv6 " + r.Prefix.String()
		if r.Prefix.Addr().Is4() {
			line = "route " + r.Prefix.Addr().String() + " " + netmask.Of(r.Prefix)
		}
		switch {
		case r.NextHop.IsValid():
			line += " " + r.NextHop.String()
		case r.Distance != 0:
			line += " vpn_gateway"
		}
		if r.Distance != 0 {
			line += fmt.Sprintf(" %d", r.Distance)
		}
		lines = append(lines, line)
	}
	return lines
}

// addPeer adds the configuration of a client or one of two ends, its keys and
// the step.
func addPeer(set *artifact.Set, vm *topology.VM, v *topology.OpenVPN) error {
	config, err := templates.File(installed(vm, v, peerDir+v.Name+".conf", artifact.OpenVPN),
		"openvpn/peer.conf.tmpl", peerOf(vm, v))
	if err != nil {
		return err
	}
	set.Files = append(set.Files, config)
	addKeys(set, vm, v, peerDir)
	set.Steps = append(set.Steps, unitStep(vm, v, "openvpn-client@", peerDir))
	return nil
}
