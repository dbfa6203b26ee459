//go:build linux

package systemtest

import (
	"strings"
	"testing"
)

// pair is a stack of two hypervisors and a VM on one of them, whose disk is blank: it
// never answers a request to shut down.
const pair = `{
  apiVersion: 'stackgen/v1', name: 'pair',
  networks: { lan: { bridge: 'br0', subnet: '10.0.1.0/24' } },
  hosts: {
    hv01: { os: 'debian-12', ssh: { address: '192.0.2.1' }, bridges: { br0: { datapath: 'netdev' } } },
    hv02: { os: 'debian-12', ssh: { address: '192.0.2.2' }, bridges: { br0: { datapath: 'netdev' } } },
  },
  policies: { 'provision/nothing-to-boot': { severity: 'warning', reason: 'it is to run, and never to answer' } },
  vms: { web01: {
    host: 'hv01', type: 'qemu', vcpus: 1, memory: '64MiB', disks: { vda: { size: '1MiB' } },
    interfaces: { eth0: { network: 'lan', address: '10.0.1.3' } },
  } },
}`

// newPair has both hypervisors up. Apply runs on the first one and reaches the other
// by ssh.
func newPair(t *testing.T) (l *lab, hv01, hv02 *machine) {
	t.Helper()
	l = newLab(t)
	need(t, "libvirtd", "virsh", "qemu-system-x86_64", "ovs-vsctl")
	hv01, hv02 = l.machine("hv01", "openvswitch-switch"), l.machine("hv02", "openvswitch-switch")
	l.up(hv01, hv02)
	l.wire(hv01, "eth0", hv02, "eth0", "")
	hv01.must("ip address add 192.0.2.1/24 dev eth0; ip link set eth0 up; printf 'Host *\n  IdentityFile /lab/key\n' >~root/.ssh/config")
	hv02.must("ip address add 192.0.2.2/24 dev eth0; ip link set eth0 up")
	hv01.knows(hv02, "192.0.2.2")
	for _, m := range []*machine{hv01, hv02} {
		m.must(virtualised)
	}
	return l, hv01, hv02
}

// applyDomains makes bridges, disks and domains on both hosts.
const applyDomains = "STACKGEN_WAIT=600 STACKGEN_SHUTDOWN=2 /lab/out/apply.sh --local --yes --only ovs --only storage --only libvirt"

// TestVMMoves moves a VM to another host in one change: at no time is it on both.
func TestVMMoves(t *testing.T) {
	l, hv01, hv02 := newPair(t)
	const oneEnd, bare, outside = "layer2/one-end", "provision/nothing-to-boot", "apply/other-address"
	domains := func(m *machine) string {
		return strings.Join(strings.Fields(m.must("virsh -q list --all --name; ls /var/lib/libvirt/images | grep web01 || true")), " ")
	}
	l.render(pair, oneEnd, bare, outside)
	hv01.must(applyDomains)
	if got := domains(hv01); got != "web01 web01.qcow2" {
		t.Fatalf("hv01 has %s", got)
	}

	l.render(strings.Replace(pair, "host: 'hv01'", "host: 'hv02'", 1), oneEnd, bare, outside)
	out, ok := hv01.run(applyDomains)
	if got := domains(hv02); got != "" || ok {
		t.Errorf("while web01 is on hv01, hv02 gets %s: %t\n%s", got, ok, out)
	}
	expect(t, out, "hv02 ovs: ", "FAILED\nweb01 is still on hv01: running\n", "use --prune")

	out, ok = hv01.run(applyDomains + " --prune")
	if got := domains(hv02); !strings.HasPrefix(got, "web01.qcow2") || ok {
		t.Errorf("while web01 does not shut down, hv02 gets %s: %t\n%s", got, ok, out)
	}
	expect(t, out, "hv02 libvirt: ", "web01 is running after 2 seconds, and stays", "FAILED\n", "Resume: /lab/out/apply.sh --from hv02/libvirt --local")

	hv01.must("virsh -q destroy web01")
	expect(t, hv01.must(applyDomains+" --prune"), "hv02 libvirt: ", "hv01: web01: its disk stays: /var/lib/libvirt/images/web01.qcow2\n", "hv01: removed: domain web01", "hv02 libvirt: virtual machines … ok\n")
	if got := domains(hv01) + ", " + domains(hv02); got != "web01.qcow2, web01 web01.qcow2" {
		t.Errorf("after the move: %s", got)
	}
	if out := hv01.must(applyDomains); strings.Contains(out, "no longer") || strings.Contains(out, "web01") {
		t.Errorf("a run after the move: %s", out)
	}

	// Back, by a run that the other host has no part in. Who has a part has to answer.
	l.render(pair, oneEnd, bare, outside)
	hv02.must("systemctl stop libvirtd.service libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket")
	out, ok = hv01.run(applyDomains)
	if got := domains(hv01); got != "web01.qcow2" || ok {
		t.Errorf("while hv02 does not answer, hv01 gets %s: %t\n%s", got, ok, out)
	}
	expect(t, out, "hv01 ovs: ", "FAILED\nhv02 does not say which virtual machines it has; these must not be there: web01\n")
	hv02.must("systemctl stop ssh")
	expect(t, hv01.must(applyDomains+" --host hv01"), "hv02: does not say which virtual machines it has; these must not be there: web01\n", "hv01 libvirt: virtual machines … ok\n")
}
