//go:build linux

package systemtest

import (
	"os"
	"path/filepath"
	"testing"

	"stackgen/render"
	"stackgen/schema/release/releasetest"
	"stackgen/schema/topology"
)

// stack is the reference stack in a lab: a fresh hypervisor that its owner
// reaches over the Internet, and guests on it that are containers. What libvirt
// would do for them, the lab does: see start.
type stack struct {
	*lab
	topo       *topology.Topology
	owner, vmm *machine
	guests     map[string]*machine
	shown      *transcript
}

// packaged are the services that Debian's packages on a guest enable.
func packaged(guest string) []string {
	switch guest {
	case "db01":
		return []string{"mariadb"}
	case "lb01":
		return []string{"varnish"}
	case "web01", "web02":
		return []string{"nginx", "php" + releasetest.Here().PHP + "-fpm"}
	}
	return nil
}

// reference is the Jsonnet of the reference stack for test machines, with a patch
// on it.
func reference(t testing.TB, patch string) string {
	t.Helper()
	file, err := filepath.Abs("../../../fixtures/ci/topology.jsonnet")
	if err != nil {
		t.Fatal(err)
	}
	return releasetest.Topology("(import '" + file + "') + " + patch)
}

// newStack has the hypervisor up and the tree in /lab/out; the owner has the
// secrets. There is one at a time, whoever else runs tests: six machines and more
// come near to the kernel's limit of watches.
func newStack(t testing.TB) *stack {
	t.Helper()
	need(t, "varnishd", "nginx", "php-fpm"+releasetest.Here().PHP, "mariadbd", "nft", "openvpn", "openssl", "curl")
	lock := lockFile(t, filepath.Join(os.TempDir(), "stackgen-systemtest.lock"))
	t.Cleanup(func() { lock.Close() })
	l, owner, vmm := rented(t)
	s := &stack{lab: l, owner: owner, vmm: vmm, guests: map[string]*machine{}, shown: newTranscript()}
	s.use("{}")
	owner.must(`export STACKGEN_PKI=~root/secrets
/lab/out/rtr01/pki/pki.sh
mkdir -m 700 -p $STACKGEN_PKI/db01
(umask 077; echo 'a "quoted" $word' >$STACKGEN_PKI/db01/user)`)
	return s
}

// use renders the stack with a patch on its topology.
func (s *stack) use(patch string) {
	s.t.Helper()
	s.topo = load(s.t, reference(s.t, patch))
	files, err := render.Render(s.topo)
	if err != nil {
		s.t.Fatal(err)
	}
	s.write("out", files)
}

// command is what the owner types, in the folder above the tree, where machines
// may be slow.
func (s *stack) command(line string) string {
	return "cd /lab; export STACKGEN_SECRETS=~root/secrets STACKGEN_WAIT=1800 STACKGEN_UNDO_AFTER=600; " + line
}

// start does for guests what libvirt and the script of the first boot would: a
// container with the files of its first boot and keys of its own, each of its
// interfaces a port of the bridge that the topology says, switched on.
func (s *stack) start(names ...string) {
	s.t.Helper()
	var started []*machine
	for _, name := range names {
		g := s.build(name, filepath.Join(s.share, "out", "vmm", "first-boot", name), packaged(name)...)
		for _, i := range s.topo.VM(name).Interfaces {
			s.wire(s.vmm, port(g, i), g, i.Name, i.MAC)
		}
		s.switchOn(g)
		s.guests[name] = g
		started = append(started, g)
	}
	s.up(started...)
	for _, g := range started {
		keys := filepath.Join(s.share, g.name+".keys")
		if err := os.WriteFile(keys, []byte(g.must("cut -d' ' -f1,2 /etc/ssh/ssh_host_*.pub")), 0o644); err != nil {
			s.t.Fatal(err)
		}
		s.vmm.must("install -D /lab/" + g.name + ".keys -t /var/lib/stackgen/" + s.topo.Name + "/first-boot")
	}
}

// switchOn starts a guest as libvirt does: each of its interfaces becomes a port of
// a bridge, if it is not one. That of a bridge that ifdown has removed is none.
func (s *stack) switchOn(g *machine) {
	s.t.Helper()
	for _, i := range s.topo.VM(g.name).Interfaces {
		p := port(g, i)
		s.vmm.must("ovs-vsctl --timeout=30 -- --may-exist add-port " + s.topo.Network(i.Network).Bridge + " " + p +
			" -- set Interface " + p + " external-ids:iface-id=" + i.UUID + "; ip link set " + p + " up")
	}
	g.boot()
}

// port is the name of the host's end of an interface.
func port(g *machine, i topology.Interface) string { return g.name + "-" + i.Name }
