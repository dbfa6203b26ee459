//go:build linux

package systemtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// virtualised is how libvirtd runs on a hypervisor that is a container itself:
// without control groups, mount namespaces and accounts of its own, and without
// systemd-machined, which it would call if the bus could start it.
const virtualised = `cat >/etc/libvirt/qemu.conf <<'END'
user = "root"
group = "root"
dynamic_ownership = 0
security_driver = "none"
cgroup_controllers = [ ]
namespaces = [ ]
END
rm /usr/share/dbus-1/system-services/org.freedesktop.machine1.service
systemctl reload dbus
mkdir -p /var/lib/libvirt/images
ln -s /lab/images/* /var/lib/libvirt/images/
systemctl start libvirtd`

// TestLibvirt applies everything, from a hypervisor with a base image to the page,
// with emulated machines: disks, their first boot and domains are made by the
// steps themselves, and nothing is done in between. A second run changes nothing.
//
// It runs before the parallel tests, which would take the processors away.
func TestLibvirt(t *testing.T) {
	s := newVirtualised(t)
	s.bringUpVMs()
	running := s.vmm.must("virsh list; ls -i /var/lib/libvirt/images")
	for _, step := range s.steps("") {
		if step.outcome != "unchanged" && step.machine != "-" {
			t.Errorf("the second run does %v", step)
		}
	}
	s.steps("--force --only storage --only first-boot --only libvirt")
	if now := s.vmm.must("virsh list; ls -i /var/lib/libvirt/images"); now != running {
		t.Errorf("a forced run changes domains or disks from\n%s\nto\n%s", running, now)
	}
}

// newVirtualised is a stack whose hypervisor has libvirt and a base image.
func newVirtualised(t testing.TB) *stack {
	t.Helper()
	need(t, "libvirtd", "virsh", "qemu-system-x86_64", "qemu-storage-daemon")
	if free := memoryAvailable(t); free < 4<<20 {
		lacks(t, fmt.Sprintf("4 GiB of memory for virtual machines; there are %d KiB", free))
	}
	images := baseImage(t)
	s := newStack(t)
	s.provide(images)
	s.use(s.letIn())
	s.vmm.must(virtualised)
	t.Cleanup(func() {
		if t.Failed() {
			out, _ := s.vmm.run("virsh list --all; journalctl --no-pager -u libvirtd | tail -n 20; tail -n 20 /var/log/libvirt/qemu/*")
			t.Log(out)
		}
	})
	return s
}

// bringUpVMs goes from a hypervisor with a base image to the page.
func (s *stack) bringUpVMs() {
	s.t.Helper()
	s.say("A hypervisor as Debian's installer leaves it, and an image of Debian. Its owner, somewhere in the Internet, has the secrets.")
	s.show("out/apply.sh --yes")
	if got := s.show(page); got != "Hello World!" {
		s.t.Errorf("the page is %q", got)
	}
}

// letIn is a patch that lets the owner in on all guests from their first boot on:
// nobody else has put keys on the image.
func (s *stack) letIn() string {
	s.t.Helper()
	key, err := os.ReadFile(filepath.Join(s.share, "key.pub"))
	if err != nil {
		s.t.Fatal(err)
	}
	patch := ""
	for _, vm := range s.topo.VMs {
		patch += fmt.Sprintf("%s+: { authorizedKeys: ['%s'] }, ", vm.Name, strings.TrimSpace(string(key)))
	}
	return "{ vms+: { " + patch + "} }"
}

// memoryAvailable is what programs can still have, in KiB; see proc(5).
func memoryAvailable(t testing.TB) (kib int) {
	t.Helper()
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "MemAvailable:")
	if _, err := fmt.Sscan(after, &kib); err != nil {
		t.Fatal(err)
	}
	return kib
}
