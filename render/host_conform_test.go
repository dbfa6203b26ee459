package render_test

import (
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/ifupdown"
	"stackgen/render/internal/rendertest"
	"stackgen/render/ovs"
	"stackgen/schema/topology"
)

// daemons are the real Open vSwitch, in a namespace.
const daemons = `
ovsdb-tool create /run/conf.db /usr/share/openvswitch/vswitch.ovsschema
ovsdb-server --remote=punix:/run/openvswitch/db.sock --pidfile=/run/openvswitch/ovsdb-server.pid \
  --log-file=/run/ovsdb.log -vconsole:off --detach --no-chdir /run/conf.db
ovs-vsctl --no-wait init
ovs-vswitchd --pidfile=/run/openvswitch/ovs-vswitchd.pid --log-file=/run/vswitchd.log \
  -vconsole:off --detach --no-chdir unix:/run/openvswitch/db.sock
`

// installed is a host as an installer leaves it: its uplinks are plain
// interfaces, eth0 with the address and the default route. The other end is the
// provider's router.
const installed = `
mount -t tmpfs tmpfs /etc/network/interfaces.d
for i in 0 1 2; do
  ip link add eth$i type veth peer name far$i
  ip link set far$i up
done
ip netns add isp
ip link set far0 netns isp
ip netns exec isp ip link set lo up
ip netns exec isp ip addr add 46.4.71.65/27 dev far0
ip netns exec isp ip link set far0 up
cat > /run/old <<'OLD'
auto eth0
iface eth0 inet static
    address 46.4.71.66/27
    gateway 46.4.71.65
OLD
mount --bind /run/old /etc/network/interfaces
ifup -a
ip netns exec isp ping -c 1 -w 10 -q 46.4.71.66 > /dev/null
`

// functions of the test.
const functions = `
# state is all that must not change: addresses, routes, and the configuration of Open vSwitch.
state() {
  ip -o addr show | sed 's/valid_lft.*//; s/^[0-9]*: //' | grep -v 'scope link' | sort
  ip -o link show | sed -n 's/^[0-9]*: \([^:@]*\).*[<,]\(UP\)[,>].* mtu \([0-9]*\).*/\1 \2 mtu \3/p' | grep -v ovs-netdev | sort
  ip route
  ip -6 route show default
  list() { ovs-vsctl --format=csv --no-headings --columns="name,$2" list "$1" | sort; }
  list bridge datapath_type,fail_mode,stp_enable
  list port tag,bond_mode,lacp
  list interface mtu_request
}
same() { diff "$1" "$2" || { echo "DIFFERENT: $3"; exit 1; }; }
# complaints leaves out that the hook of Open vSwitch misses systemd, and that a bond has no device of its own.
complaints() { grep -v -e 'not been booted with systemd' -e '^Failed to connect to .*bus' -e 'Cannot find device "bond0"' "$1" || true; }
`

// TestHostNetwork takes a host from its installer's network to ours: the
// address moves from the uplink to the bridge, a second run changes nothing, and
// a boot from the file alone gives what the scripts gave.
func TestHostNetwork(t *testing.T) {
	rendertest.Need(t, "ovs-vswitchd", "ovsdb-server", "ovs-vsctl", "ifup", "ping")
	tests := []struct{ name, patch string }{
		{"reference", userspace},
		{"bond, tag and MTU", `{
			networks+: {
				public+: { nameServers: ['9.9.9.9'] },
				storage: { bridge: 'sw-six', subnet: '2001:db8::/64', vlan: 30, mtu: 9000 },
			},
			hosts+: { vmm+: { bridges+: {
				'sw-net'+: { datapath: 'netdev' },
				'sw-lan'+: { datapath: 'netdev', failMode: 'secure', stp: true },
				'sw-six': { datapath: 'netdev', network: 'storage', address: '2001:db8::2',
					bonds: { bond0: { interfaces: ['eth1', 'eth2'], mode: 'balance-tcp', lacp: 'active' } } },
			} } },
		}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			topo := rendertest.Variant(t, "nullzero", tt.patch)
			tree, steps := hostSteps(t, topo)
			script := daemons + installed + functions + `
cd vmm
` + steps("ovs") + `
state > /run/ovs1
[ -z "$(ip -4 -o addr show dev eth0)" ] || { echo "eth0 keeps an address"; exit 1; }
ip netns exec isp ping -c 1 -w 10 -q 46.4.71.66 > /dev/null
mount --bind etc/network/interfaces /etc/network/interfaces
` + steps("network") + `
ip netns exec isp ping -c 1 -w 10 -q 46.4.71.66 > /dev/null
state > /run/once
` + steps("ovs") + steps("network") + `
state > /run/twice
same /run/once /run/twice "a second run"
ifdown -a 2> /dev/null
[ -z "$(ovs-vsctl list-br)" ] || { echo "bridges stay"; exit 1; }
ifup -a 2> /run/boot.err
state > /run/boot
same /run/once /run/boot "after a boot"
[ -z "$(complaints /run/boot.err)" ] || { complaints /run/boot.err; exit 1; }
ip netns exec isp ping -c 1 -w 10 -q 46.4.71.66 > /dev/null
echo all is well
`
			if out, ok := rendertest.Alone(t, "cd "+tree+"\n"+script); !ok || !strings.HasSuffix(out, "all is well\n") {
				t.Errorf("the host's network\n%s", out)
			}
		})
	}
}

// hostSteps gives the tree of a host's network, and the lines of its steps.
func hostSteps(t *testing.T, topo *topology.Topology) (tree string, step func(name string) string) {
	t.Helper()
	set := hostSet(t, topo)
	return rendertest.Tree(t, set), func(name string) string { return lines(t, set, "vmm", name) }
}

// hostSet is what is rendered for the network of hosts.
func hostSet(t *testing.T, topo *topology.Topology) (set artifact.Set) {
	t.Helper()
	for _, render := range []func(*topology.Topology) (artifact.Set, error){ovs.Render, ifupdown.Render} {
		s, err := render(topo)
		if err != nil {
			t.Fatal(err)
		}
		set.Add(s)
	}
	return set
}
