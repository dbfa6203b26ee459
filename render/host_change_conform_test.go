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

// TestHostStopsDHCPCD: on a release whose ifupdown may have started dhcpcd on the
// uplink, that goes before the address does, which it would put back.
func TestHostStopsDHCPCD(t *testing.T) {
	rendertest.Need(t, "ovs-vswitchd", "ovsdb-server", "ovs-vsctl", "ifup")
	tree, steps := hostSteps(t, rendertest.Variant(t, "nullzero", userspace+` + { hosts+: { vmm+: { os: 'debian-13' } } }`))
	script := daemons + installed + `
mkdir -p /run/bin /run/dhcpcd
printf '#!/bin/sh\necho "dhcpcd $*" with $(ip -4 -o addr show dev eth0 | wc -l)\nrm /run/dhcpcd/eth0.pid\n' > /run/bin/dhcpcd
chmod +x /run/bin/dhcpcd
export PATH=/run/bin:$PATH
touch /run/dhcpcd/eth0.pid
cd ` + tree + `/vmm
mount --bind etc/network/interfaces /etc/network/interfaces
` + steps("ovs") + steps("ovs") + `
ip -4 -o addr show dev sw-net | awk '{ print $4 }'
`
	const want = "dhcpcd -x eth0 with 1\n46.4.71.66/27\n"
	if out, ok := rendertest.Alone(t, script); !ok || !strings.HasSuffix(out, want) {
		t.Errorf("the host's network (%t)\n got %s\nwant %s", ok, out, want)
	}
}

// TestHostUplinkMoves: the uplink and the address of the host go from one bridge to
// another in one run, whether the old one has left the stack or only has them no more.
// What else is on the old bridge stays there. A second run changes nothing, and a boot
// gives the same: one from a shutdown, and one after a loss of power, when Open
// vSwitch has everything still.
func TestHostUplinkMoves(t *testing.T) {
	rendertest.Need(t, "ovs-vswitchd", "ovsdb-server", "ovs-vsctl", "ifup", "ping")
	before, old := hostSteps(t, rendertest.Variant(t, "nullzero", userspace))
	const moved = userspace + ` + { networks+: { public+: { bridge: 'br-wan' } }, hosts+: { vmm+: { bridges+: {
		'br-wan': { datapath: 'netdev', ports: ['eth0'], network: 'public', address: '46.4.71.66' }, `
	for name, rest := range map[string]string{"the old bridge has left": "'sw-net':: {}", "the old bridge stays": "'sw-net': { datapath: 'netdev', ports: ['eth1'] }"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			after, changed := hostSteps(t, rendertest.Variant(t, "nullzero", moved+rest+" } } } }"))
			script := daemons + installed + functions + `
cd ` + before + `/vmm
mount --bind etc/network/interfaces /etc/network/interfaces
` + old("ovs") + old("network") + `
ip link add vnet0 type veth peer name guest
ovs-vsctl add-port sw-net vnet0
cd ` + after + `/vmm
` + changed("ovs") + `
ip netns exec isp ping -c 1 -w 10 -q 46.4.71.66 > /dev/null
mount --bind etc/network/interfaces /etc/network/interfaces
` + changed("network") + `
ip netns exec isp ping -c 1 -w 10 -q 46.4.71.66 > /dev/null
[ "$(ovs-vsctl port-to-br vnet0)" = sw-net ]
[ "$(ovs-vsctl port-to-br eth0)" = br-wan ]
[ "$(ip -4 -o addr show to 46.4.71.66 | awk '{ print $2 }')" = br-wan ]
[ "$(ip -4 route show 46.4.71.64/27 | awk '{ print $3 }')" = br-wan ]
state > /run/once
` + changed("ovs") + changed("network") + `
state > /run/twice
same /run/once /run/twice "a second run"
ifdown -a 2> /dev/null
ifup -a 2> /run/boot.err
[ -z "$(complaints /run/boot.err)" ] || { complaints /run/boot.err; exit 1; }
[ "$(ovs-vsctl port-to-br eth0)" = br-wan ]
ip netns exec isp ping -c 1 -w 10 -q 46.4.71.66 > /dev/null
rm /run/network/ifstate*
for d in br-wan sw-lan; do ip addr flush dev $d scope global; done
ifup -a 2> /run/boot.err
[ -z "$(complaints /run/boot.err)" ] || { complaints /run/boot.err; exit 1; }
[ "$(ovs-vsctl port-to-br eth0)" = br-wan ]
ip netns exec isp ping -c 1 -w 10 -q 46.4.71.66 > /dev/null
echo all is well
`
			if out, ok := rendertest.Alone(t, script); !ok || !strings.HasSuffix(out, "all is well\n") {
				t.Errorf("the host's network\n%s", out)
			}
		})
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
