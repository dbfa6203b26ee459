//go:build linux

package systemtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stackgen/render"
)

// seededGuest is a guest that its image's cloud-init tells who it is; KEY is the
// public key of who applies.
const seededGuest = `{
  apiVersion: 'stackgen/v1', name: 'one', domain: 'one.example.net',
  networks: { lan: { bridge: 'br0', subnet: '10.0.1.0/24', gateway: '10.0.1.1', nameServers: ['9.9.9.9'] } },
  hosts: { vmm: { os: 'debian-12', pools: { default: { path: '/srv/images' } },
    bridges: { br0: { network: 'lan', address: '10.0.1.1', datapath: 'netdev' } } } },
  images: { 'debian-12': { path: '/srv/images/debian-12.qcow2', format: 'qcow2' } },
  vms: { web01: {
    host: 'vmm', os: 'debian-12', memory: '1GiB', provision: 'cloud-init', authorizedKeys: ['KEY'],
    disks: { vda: { size: '1GiB', image: 'debian-12' } },
    interfaces: { eth0: { network: 'lan', address: '10.0.1.3' } },
  } },
}`

// newDisk stands for what storage/disks.sh makes: the seed's script asks of a
// disk only whether it is new.
const newDisk = `mkdir -p /srv/images; echo disk >/srv/images/web01.qcow2; ln /srv/images/web01.qcow2 /srv/images/web01.qcow2.first-boot`

// nextBoot is what a boot does to the network, without the boot: containers of a
// lab have but one. The kernel has forgotten all, and so has /run.
const nextBoot = `systemctl stop networking; ip address flush dev eth0; ip link set eth0 down; rm -rf /run/cloud-init /run/network/ifstate*
cloud-init init --local; systemctl start networking; cloud-init init`

// TestCloudInit boots a guest whose image has cloud-init, ifupdown and nothing
// about this guest. It comes up as the seed says, apply reaches it without
// trusting anyone, and what cloud-init began is the same after the next boot.
func TestCloudInit(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	need(t, "cloud-init", "xorriso", "ifup")
	vmm := l.machine("vmm")
	l.up(vmm)
	l.render(strings.Replace(seededGuest, "KEY", l.publicKey(), 1))
	vmm.must(newDisk + "; cd /lab/out/vmm; bash first-boot/seeds.sh; [ ! -e /srv/images/web01.qcow2.first-boot ]")
	vmm.must("xorriso -osirrox on -indev /srv/images/web01-seed.iso -extract / /lab/seed >/dev/null 2>&1")

	web := l.build("web01", l.cloudImage(), "cloud-init-local", "cloud-init")
	mac := load(t, strings.Replace(seededGuest, "KEY", l.publicKey(), 1)).VM("web01").Interfaces[0].MAC
	l.wire(vmm, "vnet0", web, "ens3", mac)
	vmm.must("ip address add 10.0.1.1/24 dev vnet0; printf 'Host *\n  IdentityFile /lab/key\n' >~root/.ssh/config")
	web.boot()
	l.up(web)
	l.isAsOffline(web)

	expect(t, vmm.must("/lab/out/apply.sh --local --yes --only web01/system"), "web01 system: ", "… ok\n")
	web.must(nextBoot)
	l.isAsOffline(web)
	expect(t, web.must("ifquery --state"), "eth0=eth0")
	expect(t, vmm.must("/lab/out/apply.sh --local --yes --only web01/system"), "unchanged\n")
}

// publicKey is the key of whom the lab's machines let in.
func (l *lab) publicKey() string {
	l.t.Helper()
	key, err := os.ReadFile(filepath.Join(l.share, "key.pub"))
	if err != nil {
		l.t.Fatal(err)
	}
	return strings.TrimSpace(string(key))
}

// cloudImage is what a machine has that is made from an image for clouds, and
// finds the seed in a folder: this kernel cannot mount one.
func (l *lab) cloudImage() string {
	l.t.Helper()
	dir := l.t.TempDir()
	for path, text := range map[string]string{
		"etc/cloud/cloud.cfg.d/90_dpkg.cfg": "datasource_list: [ NoCloud, None ]\n",
		"etc/network/interfaces":            "source /etc/network/interfaces.d/*\n",
		"etc/hostname":                      "localhost\n",
		"root/.ssh/authorized_keys":         "",
	} {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			l.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			l.t.Fatal(err)
		}
	}
	seed := filepath.Join(dir, "var/lib/cloud/seed")
	if err := os.MkdirAll(seed, 0o755); err != nil {
		l.t.Fatal(err)
	}
	here(l.t, "cp", "-r", filepath.Join(l.share, "seed"), filepath.Join(seed, "nocloud"))
	return dir
}

// isAsOffline holds a guest to what it would have been had its disk been written
// to instead.
func (l *lab) isAsOffline(m *machine) {
	l.t.Helper()
	offline := strings.Replace(strings.Replace(seededGuest, "cloud-init", "offline", 1), "KEY", l.publicKey(), 1)
	files, err := render.Render(load(l.t, offline))
	if err != nil {
		l.t.Fatal(err)
	}
	compared := 0
	for _, f := range files {
		path, ok := strings.CutPrefix(f.TreePath(), "vmm/first-boot/web01/etc/")
		if !ok || path == "hostname" {
			continue
		}
		compared++
		if got := m.must("cat /etc/" + path); got != f.Content {
			l.t.Errorf("/etc/%s\n got %s\nwant %s", path, got, f.Content)
		}
	}
	if compared < 3 {
		l.t.Errorf("only %d files are compared", compared)
	}
	expect(l.t, m.must("hostname; hostname -f; head -n1 /etc/hostname; ip -o -4 address show dev eth0; ip route; cat ~root/.ssh/authorized_keys"),
		"web01\nweb01.one.example.net\nweb01\n", "10.0.1.3/24", "default via 10.0.1.1 dev eth0", l.publicKey())
}
