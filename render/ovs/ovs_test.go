package ovs

import (
	"slices"
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
	"stackgen/schema/release"
	"stackgen/schema/topology"
)

// wide has a bridge of every kind: without and with address, tagged, bonded,
// with IPv6, with settings that are not the default.
const wide = `{
	networks+: {
		public+: { mtu: 1400 },
		storage: { bridge: 'sw-sto', subnet: '2001:db8::/64', vlan: 30, mtu: 9000 },
	},
	hosts+: { vmm+: { bridges+: {
		'sw-lan'+: { failMode: 'secure', stp: true, ports: ['eth3', 'eth4'] },
		'sw-net'+: { datapath: 'netdev', broadcast:: null },
		'sw-sto': { network: 'storage', address: '2001:db8::2', bonds: { bond0: { interfaces: ['eth1', 'eth2'], mode: 'balance-tcp', lacp: 'active' } } },
	} } },
}`

func TestCheck(t *testing.T) {
	bond := func(settings string) string {
		return "{ hosts+: { vmm+: { bridges+: { 'sw-lan': { bonds: { bond0: { interfaces: ['eth1', 'eth2'], " + settings + " } } } } } } }"
	}
	tests := []struct {
		name, patch string
		want        []string
	}{
		{"the reference", `{}`, nil},
		{"balance-tcp without LACP", bond("mode: 'balance-tcp'"), []string{"ovs/bond-lacp"}},
		{"balance-tcp with LACP", bond("mode: 'balance-tcp', lacp: 'passive'"), nil},
		{"balance-slb without LACP", bond("mode: 'balance-slb'"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := rendertest.Findings(t, "nullzero", tt.patch, Check); !slices.Equal(got, tt.want) {
				t.Errorf("Check\n got %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestScript(t *testing.T) {
	const want = `
ip link set dev eth3 up
ip link set dev eth4 up
idle eth3
idle eth4
ovs-vsctl \
  $(off add-port sw-lan eth3) \
  $(off add-port sw-lan eth4) \
  -- --may-exist add-br sw-lan \
  -- set bridge sw-lan datapath_type=system fail_mode=secure stp_enable=true \
  -- set port sw-lan 'tag=[]' \
  -- set interface sw-lan 'mtu_request=[]' \
  -- --may-exist add-port sw-lan eth3 \
  -- --may-exist add-port sw-lan eth4 \
  -- set interface eth3 'mtu_request=[]' \
  -- set interface eth4 'mtu_request=[]'
ip link set dev sw-lan up

ip link set dev eth0 up
ovs-vsctl \
  $(off add-port sw-net eth0) \
  -- --may-exist add-br sw-net \
  -- set bridge sw-net datapath_type=netdev fail_mode=standalone stp_enable=false \
  -- set port sw-net 'tag=[]' \
  -- set interface sw-net mtu_request=1400 \
  -- --may-exist add-port sw-net eth0 \
  -- set interface eth0 mtu_request=1400
vacate eth0
keep -4 sw-net 46.4.71.66/27
ip link set dev sw-net up
ip addr replace 46.4.71.66/27 broadcast + dev sw-net
ip -4 route replace default via 46.4.71.65 dev sw-net onlink
alone -4 sw-net 46.4.71.66/27

ip link set dev eth1 up
ip link set dev eth2 up
ovs-vsctl \
  $(off add-bond sw-sto bond0 eth1 eth2) \
  -- --may-exist add-br sw-sto \
  -- set bridge sw-sto datapath_type=system fail_mode=standalone stp_enable=false \
  -- set port sw-sto tag=30 \
  -- set interface sw-sto mtu_request=9000 \
  -- --may-exist add-bond sw-sto bond0 eth1 eth2 \
  -- set port bond0 bond_mode=balance-tcp lacp=active \
  -- set interface eth1 mtu_request=9000 \
  -- set interface eth2 mtu_request=9000
vacate eth1
vacate eth2
keep -6 sw-sto 2001:db8::2/64
ip link set dev sw-sto up
ip addr replace 2001:db8::2/64 dev sw-sto
alone -6 sw-sto 2001:db8::2/64
`
	got := rendertest.Content(t, render(t, rendertest.Variant(t, "nullzero", wide)), "vmm/ovs/bridges.sh")
	if _, bridges, ok := strings.Cut(got, functions(release.Default())); !ok || bridges != want {
		t.Errorf("bridges.sh\n got %s\nwant %s", bridges, want)
	}
}

// TestNoBridges: a host without bridges has nothing to run.
func TestNoBridges(t *testing.T) {
	set := render(t, &topology.Topology{Hosts: []topology.Host{{Name: "spare"}}})
	if len(set.Files)+len(set.Steps) != 0 {
		t.Errorf("got %v, want nothing", set)
	}
}

func render(t *testing.T, topo *topology.Topology) artifact.Set {
	t.Helper()
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	return set
}
