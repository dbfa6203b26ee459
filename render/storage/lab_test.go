package storage

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"stackgen/render/internal/rendertest"
)

const tree = "vmm/storage/disks.sh"

// lab is a host of its own: a pool and two images in a temporary directory, and
// the script and the verify lines for it.
type lab struct {
	dir    string
	script string
	verify []string
}

// newLab makes 8 MiB images with something in them. The patch sees the
// directory as the variable dir.
func newLab(t *testing.T, patch string) lab {
	t.Helper()
	rendertest.Need(t, "qemu-img", "qemu-io", "flock")
	dir := t.TempDir()
	topo := rendertest.Variant(t, "nullzero", `(local dir = '`+dir+`'; {
		hosts+: { vmm+: { pools: { default: { path: dir + '/pool' } } } },
		images+: {
			'debian-12': { path: dir + '/base.qcow2', format: 'qcow2' },
			raw: { path: dir + '/base.raw', format: 'raw' },
		},
		vms: {
			local vm = { host: 'vmm', memory: '1GiB', interfaces: {} },
			blank: vm { disks: { vda: { size: '16MiB' } } },
			copy: vm { os: 'debian-12', disks: { vda: { size: '16MiB', image: 'debian-12' }, vdb: { size: '8MiB', image: 'raw' } } },
			overlay: vm { disks: { vda: { size: '16MiB', image: 'debian-12', clone: 'overlay' } } },
		},
	} + `+patch+`)`)
	if diags := Check(topo); len(diags) > 0 {
		t.Fatalf("findings: %v", diags)
	}
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	l := lab{dir: dir, script: rendertest.Write(t, "disks.sh", rendertest.Content(t, set, tree)), verify: set.Steps[0].Verify}
	l.must(t, "qemu-img", "create", "-q", "-f", "raw", l.path("base.raw"), "8M")
	l.must(t, "qemu-io", "-f", "raw", "-c", "write -q -P 0x5a 1M 64k", l.path("base.raw"))
	l.must(t, "qemu-img", "convert", "-f", "raw", "-O", "qcow2", l.path("base.raw"), l.path("base.qcow2"))
	return l
}

func (l lab) path(name string) string { return filepath.Join(l.dir, name) }

func (l lab) disk(name string) string { return filepath.Join(l.dir, "pool", name+".qcow2") }

func (l lab) must(t *testing.T, argv ...string) string {
	t.Helper()
	out, ok := rendertest.Run(t, argv...)
	if !ok {
		t.Fatalf("%s: %s", argv, out)
	}
	return out
}

func (l lab) run(t *testing.T) string { t.Helper(); return l.must(t, "sh", l.script) }

// refused runs the script and wants it to fail with a message and to have made
// nothing.
func (l lab) refused(t *testing.T, want string) {
	t.Helper()
	before := l.state(t)
	out, ok := rendertest.Run(t, "sh", l.script)
	if ok || !strings.Contains(out, want) {
		t.Errorf("success %t, output %q; want a failure that says %q", ok, out, want)
	}
	if after := l.state(t); after != before {
		t.Errorf("a refused run has changed files:\n got %s\nwant %s", after, before)
	}
}

// state is all there is in the directory: names, identities, times, digests.
func (l lab) state(t *testing.T) string {
	t.Helper()
	var s strings.Builder
	err := filepath.WalkDir(l.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		fmt.Fprintf(&s, "%s %v inode %d at %v %x\n", path, info.Mode(), info.Sys().(*syscall.Stat_t).Ino, info.ModTime().UnixNano(), sha256.Sum256(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.String()
}

func (l lab) verified(t *testing.T) bool {
	t.Helper()
	_, ok := rendertest.Run(t, "bash", "-c", "set -euo pipefail\n"+strings.Join(l.verify, "\n"))
	return ok
}
