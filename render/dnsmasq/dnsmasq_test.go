package dnsmasq

import (
	"slices"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// config is what the Debian router of the branch office is told, with a patch to
// its router block.
func config(t *testing.T, patch string) string {
	t.Helper()
	topo := rendertest.Variant(t, "branch", "{ vms+: { gw01+: { router+: "+patch+" } } }")
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	return rendertest.Content(t, set, "gw01/etc/dnsmasq.d/router.conf")
}

func TestConfig(t *testing.T) {
	tests := []struct {
		name  string
		patch string
		want  []string
		not   string
	}{
		{"both", "{}", []string{
			"interface=eth1", "interface=eth2", "except-interface=lo", "no-resolv", "server=9.9.9.9", "server=2620:fe::fe",
			"host-record=files01.branch.example.net,files01,10.7.0.10",
			"dhcp-range=set:guests,10.7.20.10,10.7.20.254,255.255.254.0,7200",
			"dhcp-option=tag:office,option:router,10.7.0.1",
			"dhcp-option=tag:guests,option:dns-server,10.7.20.1",
			"dhcp-host=00:1b:a9:10:20:30,10.7.0.20,printer",
		}, "port=0"},
		{"DHCP alone", "{ dnsForwarding:: null }", []string{"port=0", "dhcp-authoritative", "dhcp-option=tag:guests,option:dns-server,9.9.9.9"}, "server="},
		{"DNS alone", "{ dhcpServer:: {} }", []string{"no-dhcp-interface=eth1", "no-dhcp-interface=eth2"}, "dhcp-authoritative"},
		{"a mapping with a free name", "{ dhcpServer+: { office+: { staticMappings+: { 'AP1.attic_East': { mac: '00:1B:A9:10:20:31', address: '10.7.0.21' } } } } }", []string{"dhcp-host=00:1b:a9:10:20:31,10.7.0.21,ap1-attic-east"}, ""},
		{"no range", "{ dhcpServer: { office: {} } }", []string{"dhcp-range=set:office,10.7.0.0,static,255.255.255.0,86400", "no-dhcp-interface=eth2"}, "tag:guests"},
		{"no names", "{ dnsForwarding+: { hosts: false } }", []string{"no-hosts"}, "host-record"},
		{"alone for the domain", "{ dnsForwarding+: { authoritative: true } }", []string{"local=/branch.example.net/"}, ""},
		{"no cache", "{ dnsForwarding+: { cacheSize: 0 } }", []string{"cache-size=0"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := config(t, tt.patch)
			got := strings.Split(text, "\n")
			for _, w := range tt.want {
				if !slices.Contains(got, w) {
					t.Errorf("missing %q in\n%s", w, text)
				}
			}
			if tt.not != "" && strings.Contains(strings.ReplaceAll(text, "option:dns-server", ""), tt.not) {
				t.Errorf("unwanted %q in\n%s", tt.not, text)
			}
		})
	}
}

// TestOtherPlatforms: VyOS has servers of its own.
func TestOtherPlatforms(t *testing.T) {
	topo := rendertest.Variant(t, "nullzero", "{ vms+: { rtr01+: { router+: { dhcpServer: { lan: {} }, dnsForwarding: { networks: ['public'] } } } } }")
	set, err := Render(topo)
	if err != nil || len(set.Files) > 0 || len(set.Steps) > 0 || len(Check(topo)) > 0 {
		t.Errorf("got %v, %v and %v, want nothing", set, err, Check(topo))
	}
}

func TestCheck(t *testing.T) {
	for patch, want := range map[string]string{
		"{}":                     "",
		"{ nameServers:: [] }":   "dnsmasq/unsupported-recursion",
		"{ dnsForwarding:: {} }": "",
		"{ dnsForwarding: { networks: ['office'] } }": "dnsmasq/unsupported-dhcp-only",
	} {
		got := rendertest.Findings(t, "branch", "{ vms+: { gw01+: { router+: "+patch+" } } }", Check)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %q, want %q", patch, got, want)
		}
	}
}
