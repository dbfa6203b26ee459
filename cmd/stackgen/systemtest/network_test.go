//go:build linux

package systemtest

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"stackgen/render"
	"stackgen/render/artifact"
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
		{"wrong address", "'public', address: '46.4.71.66'", "'public', address: '46.4.71.67'", []string{"apply/other-address"}},
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
	out, ok := owner.run("STACKGEN_WAIT=30 STACKGEN_UNDO_AFTER=6 " + applyNetwork + " --replace-network")
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

// TestPowerCutWhileGuarded cuts the power at moments between the change of the network and
// its confirmation. The machine comes back with the network that it had, by itself.
func TestPowerCutWhileGuarded(t *testing.T) {
	t.Parallel()
	l, owner, vmm := rented(t)
	before := vmm.must(state)
	l.render(strings.Replace(oneHost, "gateway: '46.4.71.65'", "gateway: '46.4.71.94'", 1))
	const armed = "/var/lib/stackgen/one/network/armed"
	moments := 4
	if os.Getenv("STACKGEN_NIGHTLY") != "" {
		moments = 10
	}
	for n := range moments {
		owner.must("(STACKGEN_WAIT=1 STACKGEN_UNDO_AFTER=300 timeout 60 " + applyNetwork + " >/lab/cut.log 2>&1 </dev/null &)")
		until(t, "the guard of "+vmm.name, time.Minute, func() bool { _, ok := vmm.run("test -e " + armed); return ok })
		time.Sleep(time.Duration(n*5) * time.Second / time.Duration(moments))
		vmm.cutPower()
		vmm.boot()
		l.up(vmm)
		until(t, "the network of "+vmm.name, time.Minute, func() bool { _, ok := owner.run("ssh -o ConnectTimeout=2 46.4.71.66 true"); return ok })
		if after := vmm.must(state); after != before {
			t.Errorf("moment %d: the network differs\nbefore:\n%s\nafter:\n%s\n%s", n, before, after, owner.must("cat /lab/cut.log"))
		}
		vmm.must("test ! -e " + armed + "; test ! -e /etc/systemd/system/stackgen-undo-one.service")
		owner.must("pkill -f '[o]ut/apply.sh' || true")
	}
	l.render(oneHost)
	expect(t, owner.must(applyNetwork), "ok\n", "ok\n")
}

// TestLocal: without a connection of its own, a wrong change is not confirmed: not over
// ssh, whose other end is no longer there, and not where nobody is.
func TestLocal(t *testing.T) {
	t.Parallel()
	l, owner, vmm := rented(t)
	before := vmm.must(state)
	const local = "cd /lab/out && STACKGEN_UNDO_AFTER=60 ./apply.sh --yes --local --host vmm --only ovs --only network --replace-network"
	for _, ways := range []struct{ name, run string }{
		{"over ssh", "ssh -o ServerAliveInterval=5 -o ServerAliveCountMax=30 46.4.71.66 '" + local + " >/lab/local.log 2>&1 || true'; cat /lab/local.log"},
		{"from a job", ""},
	} {
		for _, old := range []string{"gateway: '46.4.71.65'", "'public', address: '46.4.71.66'"} {
			var warned []string
			if strings.Contains(old, " address:") {
				warned = []string{"apply/other-address"}
			}
			l.render(strings.Replace(oneHost, old, strings.NewReplacer("46.4.71.65", "46.4.71.94", "46.4.71.66", "46.4.71.67").Replace(old), 1), warned...)
			var out string
			if ways.run != "" {
				out = owner.must(ways.run)
			} else {
				out, _ = vmm.run(local)
			}
			if ways.run == "" && strings.Contains(old, "address") {
				continue // its gateway answers: that is all that can be known
			}
			expect(t, out, "FAILED", "the network of vmm is as it was before")
			if after := vmm.must(state); after != before {
				t.Errorf("%s, %s: the network differs\nbefore:\n%s\nafter:\n%s", ways.name, old, before, after)
			}
		}
	}
}

// rentedServer is how a hosting company hands a server over: a card for the management,
// a card for storage, a static route, and IPv6 on the uplink.
const rentedServer = `cat >>/etc/network/interfaces <<'END'

auto stor0
iface stor0 inet static
    address 10.99.0.5/24
    up ip route replace 10.98.0.0/16 via 10.99.0.1
iface eth0 inet6 static
    address 2001:db8:4::66/64
END
ip link add stor0 type veth peer name stor1; ip link set stor1 up; ip address add 10.99.0.5/24 dev stor0; ip link set stor0 up; ip address add 2001:db8:4::66/64 dev eth0 nodad`

// TestForeignNetwork: what the topology does not speak of stops the run before anything is
// done, and is named.
func TestForeignNetwork(t *testing.T) {
	t.Parallel()
	l, owner, vmm := rented(t)
	vmm.must(rentedServer)
	before := vmm.must(state)
	l.render(oneHost)
	const plan, run = "out/apply.sh --plan --only ovs --only network", "out/apply.sh --yes --only ovs --only network"
	planned, ok := owner.run("cd /lab && " + plan)
	if ok {
		t.Errorf("a plan with something to do is exit 0:\n%s", planned)
	}
	expect(t, planned, "vmm: to do: ", "would replace /etc/network/interfaces, which is not from us", "-iface eth0 inet static", "stops the run, unless --replace-network: interface stor0 is brought up at boot", "2001:db8:4::66/64, which is not in the topology")
	refused, ok := owner.run("cd /lab && " + run)
	if ok {
		t.Fatalf("the network of somebody else is replaced:\n%s", refused)
	}
	expect(t, refused, "vmm ovs: ", "FAILED\nvmm is not as the topology has it", "stor0", "2001:db8:4::66/64", "--replace-network")
	if after := vmm.must(state); after != before {
		t.Errorf("the network differs\nbefore:\n%s\nafter:\n%s", before, after)
	}
	isShown(t, "docs/safety.md", plan, planned+"$ "+run+"\n"+refused)
	expect(t, owner.must(applyNetwork+" --replace-network"), "ok\n", "ok\n")
	expect(t, owner.must(applyNetwork), "unchanged\n", "unchanged\n")
	if out, ok := owner.run("/lab/out/apply.sh --plan --only ovs --only network"); !ok || strings.Contains(out, "would") {
		t.Errorf("there is still something to do: %t\n%s", ok, out)
	}
}

// TestUndoIsWhole changes the network in ways that a step may, and looks at all of it after
// the undo: MTU, other tables and rules, several next hops, addresses that end some time.
func TestUndoIsWhole(t *testing.T) {
	t.Parallel()
	l, owner, vmm := rented(t)
	vmm.must(`ip link add other0 type veth peer name other1; ip link set other1 up; ip link set other0 mtu 9000 up; ip address add 10.77.0.2/24 dev other0
ip address add 2001:db8:77::2/64 dev other0 valid_lft 3000 preferred_lft 2000 nodad
ip route add 10.78.0.0/16 nexthop via 10.77.0.3 weight 1 nexthop via 10.77.0.4 weight 2
ip route add 10.79.0.0/16 via 10.77.0.3 table 100; ip rule add pref 500 from 10.77.0.2 lookup 100`)
	const all = `{ ` + state + `
ip -o link | grep other0 | grep -o 'mtu [0-9]*'; ip -o address show dev other0 | grep -c 'valid_lft [0-9]*sec'; ip route show table all | grep -v 'table local' | sort; ip rule; ip -6 rule; } | sed -e 's/[0-9]*sec/sec/g' -e 's/ \(nodad\|tentative\)//g'`
	before := vmm.must(all)
	steps := artifact.Set{Steps: []artifact.Step{{
		Machine: "vmm", Name: "wild", Phase: artifact.HostNetwork, Summary: "changes all that there is", Guarded: true,
		Apply: []string{"ip link set other0 mtu 1280", "ip address flush dev other0 scope global", "ip address add 2001:db8:77::2/64 dev other0 || true",
			"ip route add 10.77.0.0/24 dev other0", "ip rule del pref 500", "ip rule add pref 501 from all lookup 100", "ip route replace 10.79.0.0/16 dev eth0 table 100", "ip link set other0 down", "false"},
	}}}
	l.writeSteps(steps)
	owner.must("printf '  HostName 46.4.71.66\\n' >>~root/.ssh/config")
	out, ok := owner.run("STACKGEN_UNDO_AFTER=20 /lab/out/apply.sh --yes")
	if ok {
		t.Fatalf("a step that fails is a success:\n%s", out)
	}
	expect(t, out, "the network of vmm is as it was before")
	if after := vmm.must(all); after != before {
		t.Errorf("the network differs\nbefore:\n%s\nafter:\n%s\n%s", before, after, out)
	}
}
