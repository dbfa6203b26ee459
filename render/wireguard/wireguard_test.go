package wireguard_test

import (
	"slices"
	"strings"
	"testing"

	"stackgen/render"
	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
	"stackgen/render/wireguard"
)

// link is the reference stack with a WireGuard interface and two peers. A
// router on Debian has it in files.
const link = `{ vms+: { rtr01+: { os: 'debian-12', install:: null, router+: { platform: 'debian', version:: null, openvpn:: null, wireguard: { wg0: {
  description: 'people and the branch', subnet: '10.9.0.0/24', mtu: 1400,
  privateKey: { secret: 'vpn/wg0.key' }, publicKey: 'g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM=',
  peers: {
    alice: { publicKey: 'twI/L6vsEz7LSVnchEQQqbZ5tFXums5X3beZ31yH+mY=', presharedKey: { secret: 'vpn/alice.psk' }, address: '10.9.0.2', persistentKeepalive: '25s',
      profile: { allowedIPs: ['lan', '10.2.0.0/16'], nameServers: ['10.0.1.1'] } },
    branch: { publicKey: '4TwonpNwq2WObKc8TIQPWZsmSdyRbzZSFKKVGhREUEI=', address: '10.9.0.3', allowedIPs: ['10.2.0.0/16'], endpoint: { address: '203.0.113.9', port: 51821 } },
  },
} },
firewall+: { rulesets+: { 'wan-local'+: { rules+: { '30': { action: 'accept', protocol: 'udp', destination: { port: 51820 } } } } } } } } } }`

// rendered gives the lines of a file of the linked stack with more laid over it.
func rendered(t *testing.T, more, path string) []string {
	t.Helper()
	set, err := wireguard.Render(rendertest.Variant(t, "nullzero", link+" + "+more))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(rendertest.Content(t, set, path), "\n")
}

// renderedSet is all that comes of a variant of the reference stack.
func renderedSet(t *testing.T, patch string) (set artifact.Set) {
	t.Helper()
	files, err := render.Render(rendertest.Variant(t, "nullzero", patch))
	if err != nil {
		t.Fatal(err)
	}
	set.Files = files
	return set
}

const (
	configPath  = "rtr01/etc/wireguard/wg0.conf"
	profilePath = "rtr01/wireguard/alice.conf"
)

func TestInterface(t *testing.T) {
	want := `[Interface]
Address = 10.9.0.1/24
ListenPort = 51820
PrivateKey = @@secret:key:vpn/wg0.key@@
MTU = 1400

# alice
[Peer]
PublicKey = twI/L6vsEz7LSVnchEQQqbZ5tFXums5X3beZ31yH+mY=
PresharedKey = @@secret:key:vpn/alice.psk@@
AllowedIPs = 10.9.0.2/32
PersistentKeepalive = 25

# branch
[Peer]
PublicKey = 4TwonpNwq2WObKc8TIQPWZsmSdyRbzZSFKKVGhREUEI=
AllowedIPs = 10.9.0.3/32, 10.2.0.0/16
Endpoint = 203.0.113.9:51821
`
	if got := strings.Join(rendered(t, "{}", configPath)[2:], "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestProfile: the two ends agree on what both have, whatever the router says.
// TestCarriesAll: a peer that may have all addresses does not take the default route along;
// the other routes are then made here, and not by wg-quick.
func TestCarriesAll(t *testing.T) {
	lines := rendered(t, "{ vms+: { rtr01+: { router+: { wireguard+: { wg0+: { peers+: { branch+: { allowedIPs+: ['0.0.0.0/0'] } } } }, staticRoutes: { '10.3.0.0/16': { interface: 'wg0' } } } } } }", configPath)
	for _, want := range []string{"Table = off", "PostUp = ip route replace 10.2.0.0/16 dev %i", "PostUp = ip route replace 10.3.0.0/16 dev %i", "AllowedIPs = 10.9.0.3/32, 10.2.0.0/16, 0.0.0.0/0"} {
		if !slices.Contains(lines, want) {
			t.Errorf("no %q in\n%s", want, strings.Join(lines, "\n"))
		}
	}
	for _, line := range lines {
		if strings.HasPrefix(line, "PostUp") && strings.Contains(line, "0.0.0.0/0") {
			t.Errorf("the default route goes into the tunnel: %s", line)
		}
	}
}

func TestProfile(t *testing.T) {
	tests := []struct {
		name, more string
		want       []string
		not        string // the start of no line
	}{
		{"the link", "{}", []string{
			"Address = 10.9.0.2/24", "MTU = 1400", "DNS = 10.0.1.1", "PublicKey = g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM=",
			"AllowedIPs = 10.9.0.0/24, 10.0.1.0/24, 10.2.0.0/16", "Endpoint = 46.4.71.77:51820", "PersistentKeepalive = 25",
			"PostUp = wg set %i private-key /etc/wireguard/alice.key",
			"PostUp = wg set %i peer g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM= preshared-key /etc/wireguard/alice.psk",
		}, "ListenPort"},
		{"another port and name", "{ vms+: { rtr01+: { router+: { wireguard+: { wg0+: { port: 443, remote: 'vpn.nullzero.me' } } } } } }",
			[]string{"Endpoint = vpn.nullzero.me:443"}, "Endpoint = 46"},
		{"an IPv6 address", "{ vms+: { rtr01+: { router+: { wireguard+: { wg0+: { remote: '2001:db8::1' } } } } } }",
			[]string{"Endpoint = [2001:db8::1]:51820"}, "Endpoint = 46"},
		{"less", "{ vms+: { rtr01+: { router+: { wireguard+: { wg0+: { mtu:: 0, peers+: { alice+: { presharedKey:: null, persistentKeepalive:: '', profile: {} } } } } } } } }",
			[]string{"AllowedIPs = 10.9.0.0/24"}, "PostUp = wg set %i peer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := rendered(t, tt.more, profilePath)
			for _, w := range tt.want {
				if !slices.Contains(got, w) {
					t.Errorf("missing %q in\n%s", w, strings.Join(got, "\n"))
				}
			}
			if slices.ContainsFunc(got, func(line string) bool { return strings.HasPrefix(line, tt.not) }) {
				t.Errorf("unwanted %q in\n%s", tt.not, strings.Join(got, "\n"))
			}
		})
	}
}

// TestSeveralInterfaces: a peer of the same name of two interfaces has two
// profiles.
func TestSeveralInterfaces(t *testing.T) {
	topo := rendertest.Variant(t, "nullzero", link)
	r := topo.VM("rtr01").Router
	r.WireGuard = append(r.WireGuard, r.WireGuard[0])
	r.WireGuard[1].Name, r.WireGuard[1].Port = "wg1", 51830
	set, err := wireguard.Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"wg0": "Endpoint = 46.4.71.77:51820\n", "wg1": "Endpoint = 46.4.71.77:51830\n"} {
		if got := rendertest.Content(t, set, "rtr01/wireguard/"+name+"/alice.conf"); !strings.Contains(got, want) {
			t.Errorf("%s: missing %q in\n%s", name, want, got)
		}
	}
}

func TestCheck(t *testing.T) {
	noGateway := "{ networks+: { public+: { gateway:: null } } }"
	named := "{ vms+: { rtr01+: { router+: { wireguard+: { wg0+: { remote: 'vpn.nullzero.me' } } } } } }"
	for _, tt := range []struct {
		more string
		want []string
	}{
		{"{}", nil},
		{noGateway, []string{"wireguard/remote"}},
		{noGateway + " + " + named, nil},
	} {
		got := rendertest.Findings(t, "nullzero", link+" + "+tt.more, wireguard.Check)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.more, got, tt.want)
		}
	}
}
