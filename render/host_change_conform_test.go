package render_test

import (
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// userspace makes the reference stack's bridges work without the kernel's
// datapath.
const userspace = `{ hosts+: { vmm+: { bridges+: { 'sw-net'+: { datapath: 'netdev' }, 'sw-lan'+: { datapath: 'netdev' } } } } }`

// TestHostNetworkChanges: a new address and gateway replace the old ones, while
// the ports of VMs stay. A DHCP client of the uplink is ended, and nothing else
// that has its number.
func TestHostNetworkChanges(t *testing.T) {
	rendertest.Need(t, "ovs-vswitchd", "ovsdb-server", "ovs-vsctl", "ifup", "ping", "pkill")
	before, old := hostSteps(t, rendertest.Variant(t, "nullzero", userspace))
	after, changed := hostSteps(t, rendertest.Variant(t, "nullzero", userspace+` + {
		networks+: { public+: { gateway: '46.4.71.94' } },
		hosts+: { vmm+: { bridges+: { 'sw-net'+: { address: '46.4.71.70' } } } },
	}`))
	script := daemons + installed + `
cp /bin/sleep /run/dhclient
/run/dhclient 1000 & echo $! > /run/dhclient.eth0.pid
cd ` + before + `/vmm
mount --bind etc/network/interfaces /etc/network/interfaces
` + old("ovs") + old("network") + `
wait $! || [ $? = 143 ] # SIGTERM
sleep 1000 & echo $! > /run/dhclient.eth0.pid
ip link add vnet0 type veth peer name guest
ovs-vsctl add-port sw-net vnet0
cd ` + after + `/vmm
mount --bind etc/network/interfaces /etc/network/interfaces
` + changed("ovs") + changed("network") + `
ip -4 -o addr show dev sw-net | awk '{ print $4 }'
ip -4 route show default
ovs-vsctl list-ports sw-net
kill $! # is still there
ip netns exec isp ping -c 1 -w 10 -q 46.4.71.70 > /dev/null
`
	const want = "46.4.71.70/27\ndefault via 46.4.71.94 dev sw-net onlink \neth0\nvnet0\n"
	if out, ok := rendertest.Alone(t, script); !ok || !strings.HasSuffix(out, want) {
		t.Errorf("the host's network (%t)\n got %s\nwant %s", ok, out, want)
	}
}

// TestHostNetworkElsewhere: what is also described beside our file is refused.
func TestHostNetworkElsewhere(t *testing.T) {
	rendertest.Need(t, "ifup", "ifquery")
	tree, _ := hostSteps(t, rendertest.Topology(t, "nullzero"))
	check := checkLines(t, "vmm", "network")
	for _, tt := range []struct {
		stanza string
		ok     bool
	}{
		{"iface eth0 inet dhcp", false},
		{"  iface sw-net inet6 auto", false},
		{"iface eth01 inet dhcp", true},
		{"# iface eth0 inet dhcp", true},
	} {
		script := "mount -t tmpfs tmpfs /etc/network/interfaces.d\nmount --bind " + tree + "/vmm/etc/network/interfaces /etc/network/interfaces\n" +
			"echo '" + tt.stanza + "' > /etc/network/interfaces.d/50-other\n" + check
		if out, ok := rendertest.Alone(t, script); ok != tt.ok {
			t.Errorf("with %q beside it: accepted %t, want %t\n%s", tt.stanza, ok, tt.ok, out)
		}
	}
}

// checkLines are those by which a step of the reference stack checks its files.
func checkLines(t *testing.T, machine, name string) string {
	t.Helper()
	for _, s := range hostSet(t, rendertest.Topology(t, "nullzero")).Steps {
		if s.Machine == machine && s.Name == name {
			return strings.Join(s.Check, "\n") + "\n"
		}
	}
	t.Fatalf("no step %s/%s", machine, name)
	return ""
}
