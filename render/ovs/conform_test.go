package ovs

import (
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// database is an ovsdb-server without a switch behind it: it knows columns, types
// and ranges. Programs that would look for devices do nothing.
const database = `
ovsdb-tool create /run/conf.db /usr/share/openvswitch/vswitch.ovsschema
ovsdb-server --remote=punix:/run/openvswitch/db.sock --pidfile=/run/openvswitch/ovsdb-server.pid \
  --log-file=/run/ovsdb.log -vconsole:off --detach --no-chdir /run/conf.db 2> /dev/null
ovs-vsctl --no-wait init
mkdir /run/bin
printf '#!/bin/sh\nexec /usr/bin/ovs-vsctl --no-wait "$@"\n' > /run/bin/ovs-vsctl
printf '#!/bin/sh\n' > /run/bin/ip
chmod +x /run/bin/*
PATH=/run/bin:$PATH
dump() { for table in bridge port interface; do ovs-vsctl list $table; done; }
`

// TestConformDatabase runs the script twice and looks at the tables.
func TestConformDatabase(t *testing.T) {
	rendertest.Need(t, "ovsdb-server", "ovsdb-tool", "ovs-vsctl")
	script := rendertest.Content(t, render(t, rendertest.Variant(t, "nullzero", wide)), "vmm/ovs/bridges.sh")
	file := rendertest.Write(t, "bridges.sh", script)
	out, ok := rendertest.Alone(t, database+"sh "+file+"\ndump > /run/once\nsh "+file+"\ndump > /run/twice\ndiff /run/once /run/twice\n"+`
for b in $(ovs-vsctl list-br); do echo $b: $(ovs-vsctl list-ports $b); done
ovs-vsctl --format=csv --no-headings --columns=name,datapath_type,fail_mode,stp_enable list bridge | sort
ovs-vsctl --format=csv --no-headings --columns=name,tag,bond_mode,lacp list port | sort
ovs-vsctl --format=csv --no-headings --columns=name,mtu_request list interface | sort
`)
	const want = `sw-lan: eth3 eth4
sw-net: eth0
sw-sto: bond0
sw-lan,system,secure,true
sw-net,netdev,standalone,false
sw-sto,system,standalone,false
bond0,[],balance-tcp,active
eth0,[],[],[]
eth3,[],[],[]
eth4,[],[],[]
sw-lan,[],[],[]
sw-net,[],[],[]
sw-sto,30,[],[]
eth0,1400
eth1,9000
eth2,9000
eth3,[]
eth4,[]
sw-lan,[]
sw-net,1400
sw-sto,9000
`
	if !ok || out != want {
		t.Errorf("the database accepts it: %t\n got %s\nwant %s", ok, out, want)
	}
}

// TestConformBroken: the database refuses what it should.
func TestConformBroken(t *testing.T) {
	rendertest.Need(t, "ovsdb-server", "ovsdb-tool", "ovs-vsctl")
	good := rendertest.Content(t, render(t, rendertest.Variant(t, "nullzero", wide)), "vmm/ovs/bridges.sh")
	for _, tt := range []struct{ old, new string }{
		{"tag=30", "tag=5000"},
		{"fail_mode=secure", "fail_mode=safe"},
		{"lacp=active", "lacp=on"},
		{"bond_mode=balance-tcp", "bond_mode=802.3ad"},
		{"stp_enable=true", "stp_enabled=true"},
		{"--may-exist add-port sw-net eth0", "--may-exist add-port sw-net eth3"},
		{"mtu_request=9000", "mtu_request=jumbo"},
	} {
		bad := strings.Replace(good, tt.old, tt.new, 1)
		if bad == good {
			t.Fatalf("no %q in\n%s", tt.old, good)
		}
		if out, ok := rendertest.Alone(t, database+"sh "+rendertest.Write(t, "bridges.sh", bad)); ok {
			t.Errorf("with %q it is accepted: %s", tt.new, out)
		}
	}
}

// TestConformStops: the script stops before it changes anything when a device is
// missing, or has an address that would be cut off.
func TestConformStops(t *testing.T) {
	rendertest.Need(t, "ovsdb-server", "ovsdb-tool", "ovs-vsctl")
	script := rendertest.Content(t, render(t, rendertest.Variant(t, "nullzero", wide)), "vmm/ovs/bridges.sh")
	file := rendertest.Write(t, "bridges.sh", script)
	for _, tt := range []struct{ devices, want string }{
		{"eth3", `Cannot find device "eth4"`},
		{"eth3 eth4", "eth4 has an address and its bridge has none to take its place"},
	} {
		out, ok := rendertest.Alone(t, database+"rm /run/bin/ip\nfor d in "+tt.devices+`; do
  ip link add $d type veth peer name far-$d; ip addr add 192.0.2.${d#eth}/24 dev $d; done
ip addr del 192.0.2.3/24 dev eth3
sh `+file+` 2>&1 && exit 1
[ -z "$(ovs-vsctl list-br)" ]; ip -br addr show dev eth${d#eth} | grep 192.0.2.4 || [ $d = eth3 ]
`)
		if !ok || !strings.Contains(out, tt.want) {
			t.Errorf("with %s: stops %t\n got %s\nwant %s", tt.devices, ok, out, tt.want)
		}
	}
}

// TestConformShell: shellcheck has nothing to say.
func TestConformShell(t *testing.T) {
	rendertest.Need(t, "shellcheck")
	script := rendertest.Content(t, render(t, rendertest.Variant(t, "nullzero", wide)), "vmm/ovs/bridges.sh")
	if out, ok := rendertest.Run(t, "shellcheck", rendertest.Write(t, "bridges.sh", script)); !ok {
		t.Errorf("shellcheck: %s", out)
	}
	bad := strings.Replace(script, `ip addr del "$address"`, "ip addr del $address", 1)
	if out, ok := rendertest.Run(t, "shellcheck", rendertest.Write(t, "bad.sh", bad)); ok {
		t.Errorf("shellcheck takes an unquoted variable: %s", out)
	}
}
