package firstboot

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// disks is a pool with one disk, lb01's, as package storage makes it.
type disks struct {
	dir, tree string
}

// image builds a disk from a little tree of a Debian system; layout is how.
const image = `set -e
cd "$1"
mkdir -p root/etc/ssh root/etc/network root/root root/home/admin root/var/lib
echo 12 >root/etc/debian_version
echo feedfeedfeedfeedfeedfeedfeedfeed >root/etc/machine-id
printf 'root:x:0:0:root:/root:/bin/bash\nadmin:x:1000:1001::/home/admin:/bin/sh\n' >root/etc/passwd
ssh-keygen -q -A -f root
cp root/etc/ssh/ssh_host_ed25519_key.pub image.pub
eval "$3"
mke2fs -q -F -t ext4 -d root fs.raw 48M
case $2 in
  whole) mv fs.raw disk.raw ;;
  partitions)
    mke2fs -q -F -t ext4 boot.raw 4M
    truncate -s 64M disk.raw
    printf 'label: gpt\n2048,8192\n10240,98304\n' | sfdisk -q disk.raw
    dd status=none conv=notrunc bs=512 seek=2048 if=boot.raw of=disk.raw
    dd status=none conv=notrunc bs=512 seek=10240 if=fs.raw of=disk.raw
    ;;
esac
qemu-img convert -f raw -O qcow2 disk.raw base.qcow2
qemu-img create -q -f qcow2 -b "$PWD/base.qcow2" -F qcow2 lb01.qcow2
ln lb01.qcow2 lb01.qcow2.first-boot`

// newDisks makes the disk and writes the script's tree; more is a command that
// changes the system on the image.
func newDisks(t *testing.T, layout, more string) *disks {
	t.Helper()
	rendertest.Need(t, "bash", "unshare", "qemu-storage-daemon", "qemu-img", "mke2fs", "sfdisk", "partx", "debugfs", "ssh-keygen")
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: mounting needs root")
	}
	d := &disks{dir: t.TempDir(), tree: t.TempDir()}
	if out, ok := rendertest.Run(t, "bash", "-c", image, "-", d.dir, layout, more); !ok {
		t.Fatalf("making an image: %s", out)
	}
	topo := rendertest.Variant(t, "nullzero", fmt.Sprintf(
		"{ hosts+: { vmm+: { pools: { default: { path: '%s' } } } }, vms+: { db01+: { provision: 'none' }, web01+: { provision: 'none' }, lb01+: { authorizedKeys: ['%s'] } } }", d.dir, aKey))
	set, err := Render(topo, system("lb01"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range set.Files {
		path := filepath.Join(d.tree, f.Path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(f.Content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// run runs the script where it sees directories of its own in place of those
// that it writes to on a host. The public keys are left in keys.
func (d *disks) run(t *testing.T, env ...string) (output string, ok bool) {
	t.Helper()
	return rendertest.Run(t, append(append([]string{"env"}, env...), "unshare", "--mount", "--propagation", "private", "bash", "-euc", `
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/lib
status=0
bash "$1/first-boot/first-boot.sh" || status=$?
cp -r /var/lib/stackgen/nullzero/first-boot/. "$2/" 2>/dev/null || true
exit $status`, "-", d.tree, d.dir)...)
}

// read is a file of the guest's system, after the disk is closed.
func (d *disks) read(t *testing.T, path string) string {
	t.Helper()
	raw := filepath.Join(d.dir, "look.raw")
	offset := "0"
	if out, ok := rendertest.Run(t, "qemu-img", "convert", "-f", "qcow2", "-O", "raw", filepath.Join(d.dir, "lb01.qcow2"), raw); !ok {
		t.Fatal(out)
	}
	if out, _ := rendertest.Run(t, "partx", "--raw", "--noheadings", "--output", "START", raw); strings.Contains(out, "10240") {
		offset = fmt.Sprint(10240 * 512)
	}
	out, ok := rendertest.Run(t, "debugfs", "-R", "cat "+path, raw+"?offset="+offset)
	if !ok {
		t.Fatal(out)
	}
	_, text, _ := strings.Cut(out, "\n") // the first line is debugfs's version
	return text
}

func TestFirstBoot(t *testing.T) {
	for _, layout := range []string{"whole", "partitions"} {
		t.Run(layout, func(t *testing.T) {
			t.Parallel()
			d := newDisks(t, layout, "")
			if out, ok := d.run(t); !ok || out != "lb01: ready for its first start\n" {
				t.Fatalf("first run: %s", out)
			}
			if got := d.read(t, "/etc/hostname"); got != "lb01\n" {
				t.Errorf("hostname %q", got)
			}
			id := d.read(t, "/etc/machine-id")
			if len(id) != 33 || strings.HasPrefix(id, "feed") {
				t.Errorf("machine-id %q", id)
			}
			if got := d.read(t, "/root/.ssh/authorized_keys"); !strings.HasSuffix(got, aKey+"\n") {
				t.Errorf("authorized_keys %q", got)
			}
			d.hasNewKey(t)
			if out, ok := d.run(t); !ok || out != "" {
				t.Errorf("second run: %s", out)
			}
			if got := d.read(t, "/etc/machine-id"); got != id {
				t.Errorf("the second run changed the machine ID %q to %q", id, got)
			}
		})
	}
}

// hasNewKey holds the guest's key to the one that was kept for apply, and apart
// from the image's.
func (d *disks) hasNewKey(t *testing.T) {
	t.Helper()
	guest := d.read(t, "/etc/ssh/ssh_host_ed25519_key.pub")
	kept, err := os.ReadFile(filepath.Join(d.dir, "lb01.keys"))
	if err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile(filepath.Join(d.dir, "image.pub"))
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(guest)
	if len(words) < 2 || !strings.Contains(string(kept), words[0]+" "+words[1]+"\n") {
		t.Errorf("the guest's key %q is not among those kept: %q", guest, kept)
	}
	if guest == string(old) {
		t.Error("the guest has the host key of its image")
	}
}

// TestFirstBootOfUsedDisk leaves a disk alone that has no mark.
func TestFirstBootOfUsedDisk(t *testing.T) {
	t.Parallel()
	d := newDisks(t, "whole", "")
	if err := os.Remove(filepath.Join(d.dir, "lb01.qcow2.first-boot")); err != nil {
		t.Fatal(err)
	}
	if out, ok := d.run(t); !ok || out != "" {
		t.Errorf("run: %s", out)
	}
	if got := d.read(t, "/etc/machine-id"); !strings.HasPrefix(got, "feed") {
		t.Errorf("machine-id %q, want that of the image", got)
	}
}

// TestFirstBootStaysOnDisk has links on the image that lead to the host.
func TestFirstBootStaysOnDisk(t *testing.T) {
	t.Parallel()
	for _, link := range []string{"etc", "etc/ssh", "var/lib/dbus", "root/.ssh"} {
		t.Run(link, func(t *testing.T) {
			outside := t.TempDir()
			d := newDisks(t, "whole", fmt.Sprintf("rm -rf root/%[1]s; ln -s %[2]s root/%[1]s; [ %[1]s != etc ] || echo 12 >%[2]s/debian_version", link, outside))
			if out, ok := d.run(t); ok {
				t.Errorf("a link to the host is a success: %s", out)
			}
			files, err := filepath.Glob(outside + "/*")
			if err != nil || len(files) > 1 || len(files) == 1 && filepath.Base(files[0]) != "debian_version" {
				t.Errorf("written to the host: %q", files)
			}
		})
	}
}

// TestFirstBootKilled ends the script at once, while it is at work, and runs it
// again.
func TestFirstBootKilled(t *testing.T) {
	t.Parallel()
	d := newDisks(t, "whole", "")
	out, ok := rendertest.Run(t, "unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private", "bash", "-euc", `
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/lib
mkdir /run/bin
printf '#!/bin/sh\n[ -e /run/hung ] || { touch /run/hung; exec sleep 600; }\nexec /usr/bin/ssh-keygen "$@"\n' >/run/bin/ssh-keygen
chmod +x /run/bin/ssh-keygen
PATH=/run/bin:$PATH bash "$1/first-boot/first-boot.sh" & pid=$!
until [ -e /run/hung ]; do kill -0 $pid; sleep 0.05; done
kill -9 $pid
wait $pid || true
mountpoint -q /run/stackgen/nullzero/first-boot/root
bash "$1/first-boot/first-boot.sh"
[ ! -e /run/stackgen/nullzero/first-boot ]
cp /var/lib/stackgen/nullzero/first-boot/lb01.keys "$2/"`, "-", d.tree, d.dir)
	if !ok || !strings.Contains(out, "ready for its first start") {
		t.Fatalf("after a kill: %s", out)
	}
	d.hasNewKey(t)
}
