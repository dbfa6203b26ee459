package openvpn

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"
)

func TestCheck(t *testing.T) {
	const tunnel = "/vms/rtr01/router/openvpn/vtun0"
	noGateway := func(t *topology.Topology, _ *topology.VM) { t.Network("public").Gateway = netip.Addr{} }
	tests := []struct {
		name       string
		change     func(*topology.Topology, *topology.VM)
		rule, path string // "" is no finding
	}{
		{"default route", func(*topology.Topology, *topology.VM) {}, "", ""},
		{"no default route", noGateway, "openvpn/remote", tunnel},
		{"no default route but a remote", func(t *topology.Topology, v *topology.VM) {
			noGateway(t, v)
			v.Router.OpenVPN[0].Remote = "vpn.nullzero.me"
		}, "", ""},
		{"no default route and no clients", func(t *topology.Topology, v *topology.VM) {
			noGateway(t, v)
			v.Router.OpenVPN[0].Clients = nil
		}, "", ""},
		{"network is missing", func(_ *topology.Topology, v *topology.VM) { v.Interfaces[0].Network = "nowhere" }, "openvpn/remote", tunnel},
		{"topology net30", func(_ *topology.Topology, v *topology.VM) { v.Router.OpenVPN[0].Topology = "net30" }, "openvpn/net30", tunnel + "/topology"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			topo := rendertest.Topology(t, "nullzero")
			tt.change(topo, topo.VM("rtr01"))
			got := Check(topo)
			if tt.rule == "" && len(got) > 0 {
				t.Errorf("got %v, want no findings", got)
			}
			if tt.rule != "" && (len(got) != 1 || got[0].Rule != tt.rule || got[0].Path != tt.path) {
				t.Errorf("got %v, want %s at %s", got, tt.rule, tt.path)
			}
		})
	}
}

// TestFields: what both ends have to agree on says the same at both. The
// server's side is what VyOS makes of the commands that package vyos renders.
func TestFields(t *testing.T) {
	tests := []struct {
		name   string
		change func(*topology.OpenVPN)
		want   []string // lines of the profile
		not    []string // starts of lines that are not in it
	}{{
		name:   "fixture",
		change: func(*topology.OpenVPN) {},
		want: []string{"proto udp", "remote 46.4.71.77 1194", "dev tun", "data-ciphers AES-256-GCM:AES-128-GCM", "auth SHA256", "tun-mtu 1488", "mssfix",
			"remote-cert-tls server", "verify-x509-name rtr01 name", "ca ca.crt", "cert remoteur.crt", "key remoteur.key", "client", "nobind", "persist-tun", "resolv-retry infinite", "verb 3"},
		not: []string{"comp-lzo", "compress", "ns-cert-type"},
	}, {
		name: "another server",
		change: func(v *topology.OpenVPN) {
			v.Protocol, v.Port, v.Remote = "tcp", 443, "vpn.nullzero.me"
			v.Ciphers, v.Hash, v.TunMTU, v.Mssfix = []string{"AES-192-GCM"}, "sha512", 0, false
		},
		want: []string{"proto tcp-client", "remote vpn.nullzero.me 443", "data-ciphers AES-192-GCM", "auth SHA512", "mssfix 0"},
		not:  []string{"tun-mtu"},
	}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			topo := rendertest.Topology(t, "nullzero")
			v := &topo.VM("rtr01").Router.OpenVPN[0]
			tt.change(v)
			set, err := Render(topo)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Split(rendertest.Content(t, set, "rtr01/openvpn/remoteur.ovpn"), "\n")
			for _, w := range tt.want {
				if !slices.Contains(got, w) {
					t.Errorf("missing %q in\n%s", w, strings.Join(got, "\n"))
				}
			}
			for _, line := range got {
				for _, n := range tt.not {
					if strings.HasPrefix(line, n) {
						t.Errorf("unwanted %q", line)
					}
				}
			}
			agree(t, v, got)
		})
	}
}

// agree compares each shared field of a server with the profile.
func agree(t *testing.T, v *topology.OpenVPN, profile []string) {
	t.Helper()
	for _, line := range shared(v) {
		if !slices.Contains(profile, line) {
			t.Errorf("the server has %q, the client does not", line)
		}
	}
}

// shared are the lines that a server's configuration has as well.
func shared(v *topology.OpenVPN) []string {
	lines := []string{
		"data-ciphers " + strings.Join(v.Ciphers, ":"),
		"auth " + strings.ToUpper(v.Hash),
		map[bool]string{true: "mssfix", false: "mssfix 0"}[v.Mssfix],
	}
	if v.TunMTU != 0 {
		lines = append(lines, fmt.Sprintf("tun-mtu %d", v.TunMTU))
	}
	return lines
}

// TestSeveralTunnels: the same client of two tunnels has two profiles.
func TestSeveralTunnels(t *testing.T) {
	topo := rendertest.Topology(t, "nullzero")
	r := topo.VM("rtr01").Router
	r.OpenVPN = append(r.OpenVPN, r.OpenVPN[0])
	r.OpenVPN[1].Name, r.OpenVPN[1].Port = "vtun1", 1195
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"vtun0": "remote 46.4.71.77 1194\n", "vtun1": "remote 46.4.71.77 1195\n"} {
		if got := rendertest.Content(t, set, "rtr01/openvpn/"+path+"/remoteur.ovpn"); !strings.Contains(got, want) {
			t.Errorf("%s: missing %q in\n%s", path, want, got)
		}
	}
}
