//go:build linux

package systemtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stackgen/render/artifact"
)

// making is a step that makes things by lines of bash.
func making(lines string, things ...artifact.Thing) artifact.Set {
	return artifact.Set{Steps: []artifact.Step{{
		Machine: "vmm", Name: "making", Phase: artifact.Domains, Summary: "things", Apply: strings.Split(lines, "\n"), Makes: things,
	}}}
}

func thing(words ...string) artifact.Thing { return artifact.Thing{Kind: words[0], Words: words[1:]} }

// TestRemovalBridges takes away bridges and ports that were ours, and leaves those
// that were there before or that others use.
func TestRemovalBridges(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	need(t, "ovs-vsctl")
	m := l.machine("vmm", "openvswitch-switch")
	l.up(m)
	bridges := func() string {
		return m.must("for b in $(ovs-vsctl list-br); do echo $b: $(ovs-vsctl list-ports $b); done")
	}
	m.must(`for d in eth1 eth2 eth3; do ip link add $d type veth peer name peer-$d; done
ovs-vsctl add-br old -- set bridge old datapath_type=netdev -- add-port old eth1`)
	make := `ovs-vsctl --may-exist add-br old -- --may-exist add-port old eth1 -- --may-exist add-port old eth2
ovs-vsctl --may-exist add-br new -- set bridge new datapath_type=netdev -- --may-exist add-port new eth3`
	l.writeSteps(making(make, thing("bridge", "old"), thing("port", "old", "eth1"), thing("port", "old", "eth2"), thing("bridge", "new"), thing("port", "new", "eth3")))
	m.must(apply)
	m.must(apply + " --force")
	expect(t, bridges(), "new: eth3\n", "old: eth1 eth2\n")

	l.writeSteps(making("true"))
	for range 2 {
		expect(t, m.must(apply), "vmm: no longer in the stack: port new eth3\n", "vmm: no longer in the stack: bridge new\n")
	}
	expect(t, bridges(), "new: eth3\n", "old: eth1 eth2\n")

	m.must("ovs-vsctl add-port new guest0 -- set interface guest0 type=internal")
	out, ok := m.run(apply + " --prune")
	if ok {
		t.Errorf("a bridge that is in use is removed: %s", out)
	}
	expect(t, out, "the network of vmm is as it was before", "removed: port new eth3\n", "bridge new has ports that are not ours, and stays: guest0", "not all that has left the stack could be removed from vmm")
	expect(t, bridges(), "new: eth3 guest0\n", "old: eth1 eth2\n")

	m.must("ovs-vsctl del-port guest0")
	expect(t, m.must(apply+" --prune"), "vmm: removed: port old eth2\n", "vmm: removed: port new eth3\n", "vmm: removed: bridge new\n")
	if got := bridges(); got != "old: eth1\n" {
		t.Errorf("after the removal: %s", got)
	}
	if out := m.must(apply + " --prune"); strings.Contains(out, "emoved") || strings.Contains(out, "no longer") {
		t.Errorf("a second removal: %s", out)
	}
}

// TestRemovalPortMoved: a port that has moved to another bridge is not one that left, and
// --prune does not look for it on the old one. If that has left too, it goes.
func TestRemovalPortMoved(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	need(t, "ovs-vsctl")
	m := l.machine("vmm", "openvswitch-switch")
	l.up(m)
	m.must("ip link add eth1 type veth peer name peer-eth1")
	l.writeSteps(making("ovs-vsctl add-br old -- set bridge old datapath_type=netdev -- add-port old eth1", thing("bridge", "old"), thing("port", "old", "eth1")))
	m.must(apply)
	moves := "ovs-vsctl --if-exists del-port eth1 -- --may-exist add-br new -- set bridge new datapath_type=netdev -- --may-exist add-port new eth1"
	l.writeSteps(making(moves, thing("bridge", "old"), thing("bridge", "new"), thing("port", "new", "eth1")))
	if out := m.must(apply) + m.must(apply+" --prune"); strings.Contains(out, "no longer") || strings.Contains(out, "removed") {
		t.Errorf("a port that has moved: %s", out)
	}
	l.writeSteps(making(moves, thing("bridge", "new"), thing("port", "new", "eth1")))
	expect(t, m.must(apply+" --prune"), "vmm: removed: bridge old\n")
	l.writeSteps(making("true"))
	expect(t, m.must(apply+" --prune"), "vmm: removed: port new eth1\n", "vmm: removed: bridge new\n")
	if got := m.must("ovs-vsctl list-br; cat /var/lib/stackgen/plain/things"); got != "" {
		t.Errorf("after the removal: %s", got)
	}
}

// TestRemovalAccounts drops accounts that were ours, and never a database.
func TestRemovalAccounts(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	need(t, "mariadbd", "mariadb-install-db")
	m := l.machine("vmm")
	l.up(m)
	m.must("rm -rf /var/lib/mysql; mkdir /var/lib/mysql; mariadb-install-db --user=mysql --datadir=/var/lib/mysql >/dev/null; chown -R mysql: /var/lib/mysql; systemctl start mariadb")
	accounts := func() string {
		return m.must(`mariadb -BN -e "SELECT User, Host FROM mysql.user WHERE User LIKE 'u_%' ORDER BY 1, 2; SHOW DATABASES LIKE 'shop'"`)
	}
	m.must(`mariadb -e "CREATE USER u_old@localhost IDENTIFIED BY 'x'"`)
	make := `mariadb -e "CREATE DATABASE IF NOT EXISTS shop; CREATE USER IF NOT EXISTS u_old@localhost; CREATE USER IF NOT EXISTS 'u_new'@'10.0.0.0/255.0.0.0'; GRANT ALL ON shop.* TO 'u_new'@'10.0.0.0/255.0.0.0'"`
	old, new := thing("account", "mariadb", "u_old", "localhost"), thing("account", "mariadb", "u_new", "10.0.0.0/255.0.0.0")
	l.writeSteps(making(make, old, new))
	m.must(apply)
	l.writeSteps(making("true", old))
	expect(t, m.must(apply), "vmm: no longer in the stack: account mariadb u_new 10.0.0.0/255.0.0.0\n")

	m.must("systemctl stop mariadb")
	out, ok := m.run(apply + " --prune")
	if ok {
		t.Errorf("without a server: %s", out)
	}
	expect(t, out, "nobody can tell whether it is still there: account mariadb u_new")
	m.must("systemctl start mariadb")
	expect(t, m.must(apply+" --prune"), "vmm: removed: account mariadb u_new 10.0.0.0/255.0.0.0\n")
	if got := accounts(); got != "u_old\tlocalhost\nshop\n" {
		t.Errorf("after the removal: %s", got)
	}
	l.writeSteps(making("true"))
	if out := m.must(apply + " --prune"); strings.Contains(out, "u_old") {
		t.Errorf("an account that was there before is removed: %s", out)
	}
}

// blank is a domain without a system: it never answers a request to shut down.
const blank = `<domain type='qemu'><name>%s</name><uuid>%s</uuid><memory unit='MiB'>64</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='pc'>hvm</type></os>
<devices><disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='/srv/%s.img'/><target dev='vda' bus='virtio'/></disk></devices></domain>`

// TestRemovalDomains undefines a domain of ours when it is off, never switches one
// off, and keeps its disk.
func TestRemovalDomains(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	need(t, "libvirtd", "virsh", "qemu-system-x86_64")
	m := l.machine("vmm", "libvirtd")
	l.up(m)
	// In a container libvirt cannot make control groups for its guests.
	m.must("rm /etc/systemd/system/systemd-machined.service; systemctl daemon-reload; echo 'cgroup_controllers = []' >>/etc/libvirt/qemu.conf; systemctl restart libvirtd")
	define := func(name, uuid string) string {
		if err := os.WriteFile(filepath.Join(l.share, name+".xml"), fmt.Appendf(nil, blank, name, uuid, name), 0o644); err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll("truncate -s 1M /srv/NAME.img\nvirsh -q define --validate /lab/NAME.xml", "NAME", name)
	}
	const oldUUID, newUUID = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
	m.must(define("old", oldUUID))
	l.writeSteps(making(define("new", newUUID)+"\nvirsh -q list --name | grep -x new || virsh -q start new", thing("domain", "old", oldUUID), thing("domain", "new", newUUID)))
	m.must(apply)
	domains := func() string {
		return strings.Join(strings.Fields(m.must("virsh -q list --all --name; ls /srv/*.img")), " ")
	}
	l.writeSteps(making("true"))
	expect(t, m.must(apply), "vmm: no longer in the stack: domain new "+newUUID+"\n")

	out, ok := m.run("STACKGEN_SHUTDOWN=2 " + apply + " --prune")
	if ok {
		t.Errorf("a domain that does not shut down is removed: %s", out)
	}
	expect(t, out, "new is running after 2 seconds, and stays; if it may be switched off: virsh destroy new")
	expect(t, m.must("virsh -q domstate new"), "running")

	m.must("virsh -q destroy new")
	expect(t, m.must(apply+" --prune"), "vmm: new: its disk stays: /srv/new.img\n", "vmm: removed: domain new "+newUUID+"\n")
	if got := domains(); got != "old /srv/new.img /srv/old.img" {
		t.Errorf("after the removal: %s", got)
	}
}
