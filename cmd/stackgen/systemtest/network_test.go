//go:build linux

package systemtest

import (
	"fmt"
	"strings"
	"testing"

	"stackgen/render"
)

// oneHost is a hypervisor whose management address moves from its uplink to a
// bridge. The datapath in user space needs no kernel module.
const oneHost = `{
  apiVersion: 'stackgen/v1', name: 'one',
  networks: { public: { bridge: 'sw-net', subnet: '46.4.71.64/27', gateway: '46.4.71.65' } },
  hosts: { vmm: { os: 'debian-12', ssh: { address: '46.4.71.66' }, bridges: {
    'sw-net': { datapath: 'netdev', ports: ['eth0'], network: 'public', address: '46.4.71.66' },
    'sw-lan': { datapath: 'netdev' },
  } } },
  vms: {},
}`

// freshInstall is how Debian's installer leaves the network of vmm.
const freshInstall = `cat >/etc/network/interfaces <<'END'
source /etc/network/interfaces.d/*

auto lo
iface lo inet loopback

auto eth0
iface eth0 inet static
    address 46.4.71.66/27
    gateway 46.4.71.65
END
ifup eth0`

// rented is a lab as a hosting company rents it out: a fresh hypervisor behind
// the company's gateway, and its owner somewhere in the Internet.
func rented(t testing.TB) (l *lab, owner, vmm *machine) {
	t.Helper()
	l = newLab(t)
	need(t, "ovs-vsctl", "ifup")
	owner, vmm = l.machine("owner"), l.machine("vmm", "openvswitch-switch")
	l.up(owner, vmm)
	l.wire(vmm, "eth0", owner, "wan", "")
	owner.must(`ip address add 46.4.71.65/27 dev wan; ip link set wan up; for a in 198.51.100.10 198.51.100.99; do ip address add $a/32 dev lo; done
printf 'Host *\n  BindAddress 198.51.100.10\n  IdentityFile /lab/key\n' >~root/.ssh/config`)
	vmm.must(freshInstall)
	owner.knows(vmm, "46.4.71.66")
	return l, owner, vmm
}

// knows puts the host key of another machine into known_hosts, as someone does
// who was told it.
func (m *machine) knows(other *machine, address string) {
	m.t.Helper()
	key := other.must("cat /etc/ssh/ssh_host_ed25519_key.pub")
	m.must("echo '" + address + " " + strings.TrimSpace(key) + "' >>~root/.ssh/known_hosts")
}

// render writes the tree of a topology to /lab/out.
func (l *lab) render(topology string, warned ...string) {
	l.t.Helper()
	files, err := render.Render(load(l.t, topology, warned...))
	if err != nil {
		l.t.Fatal(err)
	}
	l.write("out", files)
}

const applyNetwork = "/lab/out/apply.sh --yes --only ovs --only network"

func TestNetworkMoves(t *testing.T) {
	t.Parallel()
	l, owner, vmm := rented(t)
	l.render(oneHost)
	out := owner.must(applyNetwork)
	expect(t, out, "vmm ovs: ", "… ok\n", "vmm network: ", "… ok\n")
	expect(t, vmm.must("ovs-vsctl port-to-br eth0; ip -br -4 address show; ip route"), "sw-net\n", "46.4.71.66/27", "default via 46.4.71.65 dev sw-net")
	if out := vmm.must("ip -o -4 address show dev eth0"); out != "" {
		t.Errorf("eth0 still has an address: %s", out)
	}
	expect(t, owner.must(applyNetwork), "unchanged\n", "unchanged\n")
	expect(t, owner.must(applyNetwork+" --force"), "ok\n", "ok\n")

	expect(t, owner.must("/lab/out/apply.sh --yes --undo-network"), "vmm: the network is as it was")
	vmm.must("! ovs-vsctl port-to-br sw-net")
	expect(t, owner.must(applyNetwork), "ok\n", "ok\n")
}

// TestUplinkMoves: the bridge with the uplink and the management address becomes another
// one, in one change and over the link that it is about. It can be undone, and what is
// left of the old bridge goes with --prune.
func TestUplinkMoves(t *testing.T) {
	t.Parallel()
	l, owner, vmm := rented(t)
	l.render(oneHost)
	owner.must(applyNetwork)
	before := vmm.must(state)

	l.render(strings.ReplaceAll(oneHost, "sw-net", "br-wan"))
	expect(t, owner.must(applyNetwork), "vmm ovs: ", "… ok\n", "vmm network: ", "… ok\n", "vmm: no longer in the stack: bridge sw-net\n")
	const where = "ovs-vsctl port-to-br eth0; ip -4 -o address show to 46.4.71.66 | cut -d' ' -f2; ip route show default"
	expect(t, vmm.must(where), "br-wan\nbr-wan\ndefault via 46.4.71.65 dev br-wan")
	expect(t, owner.must(applyNetwork), "unchanged\n", "unchanged\n")

	owner.must("/lab/out/apply.sh --yes --undo-network")
	if after := vmm.must(state); after != before {
		t.Errorf("undone, the network differs\nbefore:\n%s\nafter:\n%s", before, after)
	}
	expect(t, owner.must("/lab/out/apply.sh --yes --prune"), "ok\n", "ok\n", "ok\n", "vmm: removed: bridge sw-net\n")
	expect(t, vmm.must("ovs-vsctl list-br; "+where), "br-wan\nsw-lan\nbr-wan\nbr-wan\ndefault via 46.4.71.65 dev br-wan")
	vmm.must("ifdown -a; ifup -a")
	expect(t, owner.must(applyNetwork), "unchanged\n", "unchanged\n")
}

// TestUnknownHost: nobody is trusted unasked, and who was once accepted is known
// from then on.
func TestUnknownHost(t *testing.T) {
	l, owner, vmm := rented(t)
	l.writeSteps(greeting("hello"))
	owner.must("rm ~root/.ssh/known_hosts; printf '  HostName 46.4.71.66\n' >>~root/.ssh/config")
	out, ok := owner.run("STACKGEN_WAIT=30 /lab/out/apply.sh --yes")
	if ok {
		t.Fatalf("an unknown machine is a success: %s", out)
	}
	expect(t, out, "FAILED\n", "the SSH host key of vmm is not known", "Resume: /lab/out/apply.sh --from vmm/greeting --yes")
	expect(t, owner.must("/lab/out/apply.sh --yes --accept-new"), "… ok\n")
	expect(t, owner.must("/lab/out/apply.sh --yes"), "… unchanged\n")

	vmm.must("rm /etc/ssh/ssh_host_ed25519_key*; ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key; systemctl restart ssh")
	out, ok = owner.run("STACKGEN_WAIT=30 /lab/out/apply.sh --yes --accept-new")
	if ok {
		t.Fatalf("a machine with another key is a success: %s", out)
	}
	expect(t, out, "FAILED\n", "accepted_hosts")
}

// state is all that a change of the network could leave behind.
const state = `ip -o address show scope global | grep -v ' lo ' | sort; ip route show; ip -o link show up | cut -d: -f2 | sort
cat /etc/network/interfaces /run/network/ifstate; ovs-vsctl list-br; ovs-vsctl --bare --columns=name list interface | sort`

// TestNetworkComesBack makes mistakes that cut the owner off. Each time the
// network comes back by itself, exactly as it was, and apply says so.
func TestNetworkComesBack(t *testing.T) {
	t.Parallel()
	l, owner, vmm := rented(t)
	mistakes := []struct {
		name, old, new string
		warned         []string // rules that see the mistake
	}{
		{"wrong gateway", "gateway: '46.4.71.65'", "gateway: '46.4.71.94'", nil},
		{"wrong address", "'public', address: '46.4.71.66'", "'public', address: '46.4.71.67'", nil},
		{"no such device", "ports: ['eth0']", "ports: ['eth9']", nil},
		{"no uplink", "ports: ['eth0']", "ports: []", []string{"layer2/no-way-out"}},
	}
	for _, m := range mistakes {
		l.comesBack(owner, vmm, m.name, strings.Replace(oneHost, m.old, m.new, 1), m.warned...)
	}
	l.render(oneHost)
	expect(t, owner.must(applyNetwork), "ok\n", "ok\n")
	back := 0
	for n := range 10 {
		if l.comesBack(owner, vmm, fmt.Sprintf("wrong gateway, time %d", n+1), strings.Replace(oneHost, mistakes[0].old, mistakes[0].new, 1)) {
			back++
		}
	}
	t.Logf("with a wrong gateway, the link came back within its window and as it was %d of 10 times", back)
}

// comesBack applies a mistake. That the network is as it was, apply can say only
// over a new connection.
func (l *lab) comesBack(owner, vmm *machine, mistake, topology string, warned ...string) bool {
	l.t.Helper()
	before := vmm.must(state)
	l.render(topology, warned...)
	out, ok := owner.run("STACKGEN_WAIT=30 STACKGEN_UNDO_AFTER=6 " + applyNetwork)
	if ok {
		l.t.Fatalf("%s: apply succeeds:\n%s", mistake, out)
	}
	expect(l.t, out, "FAILED", "the network of vmm is as it was before")
	after := vmm.must(state)
	if after != before {
		l.t.Errorf("%s: the network differs\nbefore:\n%s\nafter:\n%s\napply:\n%s", mistake, before, after, out)
	}
	return after == before
}
