package firstboot

import (
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// TestNetworkConforms has cloud-init make of the network what Debian images take
// it as: stanzas of ifupdown, or netplan's YAML.
func TestNetworkConforms(t *testing.T) {
	rendertest.Need(t, "cloud-init")
	topo := seeded(t, "/srv", "{ networks+: { lan+: { mtu: 1400 } } }")
	text := seedOf(t, topo, "network-config")
	mac := topo.VM("lb01").Interfaces[0].MAC
	tests := []struct {
		kind, file string
		want       []string
	}{
		{"eni", "etc/network/interfaces.d/50-cloud-init", []string{"auto eth0\niface eth0 inet static\n", "address 10.0.1.2/24", "dns-nameservers 9.9.9.9", "mtu 1400", "default gw 10.0.1.1"}},
		{"netplan", "etc/netplan/50-cloud-init.yaml", []string{"10.0.1.2/24", "dhcp4: false", "macaddress: " + mac, "mtu: 1400", "9.9.9.9", "via: 10.0.1.1", "set-name: eth0"}},
	}
	for _, tt := range tests {
		dir := t.TempDir()
		if out, ok := convert(t, text, tt.kind, dir); !ok {
			t.Errorf("%s: %s", tt.kind, out)
		}
		got, err := os.ReadFile(filepath.Join(dir, tt.file))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range tt.want {
			if !strings.Contains(string(got), want) {
				t.Errorf("%s has no %q:\n%s", tt.kind, want, got)
			}
		}
	}
	if out, ok := convert(t, strings.Replace(text, "version: 2", "version: 7", 1), "eni", t.TempDir()); ok {
		t.Errorf("cloud-init accepts another version: %s", out)
	}
}

func convert(t *testing.T, text, kind, dir string) (string, bool) {
	t.Helper()
	return rendertest.Run(t, "cloud-init", "devel", "net-convert", "-p", rendertest.Write(t, "network-config", text), "-k", "yaml", "-d", dir, "-D", "debian", "-O", kind)
}

func TestNetworkConfig(t *testing.T) {
	topo := seeded(t, "/srv", `{
		networks+: { six: { bridge: 'sw-lan', vlan: 6, subnet: '2001:db8::/64', gateway: '2001:db8::1' } },
		vms+: { lb01+: { interfaces+: { eth1: { network: 'six' } } } } }`)
	net := networkConfig(topo, topo.VM("lb01"))
	if e := net.Ethernets["eth1"]; e.SetName != "eth1" || len(e.Addresses)+len(e.Routes) != 0 || e.NameServers != nil {
		t.Errorf("an interface without an address: %+v", e)
	}
	if got := everywhere(netip.MustParseAddr("2001:db8::1")); got != "::/0" {
		t.Errorf("the default route of IPv6 leads to %s", got)
	}
}

// TestRouterNetwork has a router of all kinds of interfaces, and asks cloud-init
// whether it can make stanzas of them.
func TestRouterNetwork(t *testing.T) {
	topo := rendertest.Variant(t, "nullzero", `{ networks+: { office: { bridge: 'sw-lan', vlan: 20, subnet: '192.0.2.0/24' } }, vms+: { rtr01+: {
		os: 'debian-12', provision: 'cloud-init', install:: null, disks: { vda: { size: '10GiB', image: 'debian-12' } },
		router+: { platform: 'debian' },
		interfaces+: { eth1:: null, eth2: { network: 'lan' }, eth3: { network: 'lan' }, bond0: { network: 'lan', address: '10.0.1.1', bond: { interfaces: ['eth2', 'eth3'] } },
			'bond0.20': { network: 'office', address: '192.0.2.1' }, dum0: { addresses: ['198.51.100.1/32'] } } } } }`)
	net := networkConfig(topo, topo.VM("rtr01"))
	bond, vlan := net.Bonds["bond0"], net.VLANs["bond0.20"]
	if !slices.Equal(bond.Interfaces, []string{"eth2", "eth3"}) || bond.Parameters.Mode == "" || !slices.Equal(bond.Addresses, []string{"10.0.1.1/24"}) {
		t.Errorf("bond %+v", bond)
	}
	if vlan.Link != "bond0" || vlan.ID != 20 || !slices.Equal(vlan.Addresses, []string{"192.0.2.1/24"}) || len(net.Ethernets) != 3 {
		t.Errorf("VLAN %+v of %d cards", vlan, len(net.Ethernets))
	}
	text, err := document(net)
	if err != nil {
		t.Fatal(err)
	}
	rendertest.Need(t, "cloud-init")
	dir := t.TempDir()
	if out, ok := convert(t, text, "eni", dir); !ok {
		t.Errorf("cloud-init: %s", out)
	}
	got, err := os.ReadFile(filepath.Join(dir, "etc/network/interfaces.d/50-cloud-init"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"bond-master bond0", "iface bond0 inet static", "vlan-raw-device bond0", "address 192.0.2.1/24"} {
		if !strings.Contains(string(got), want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
}
