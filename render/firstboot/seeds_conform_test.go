package firstboot

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// newSeeds is a pool with the new disk of lb01 and the tree of its host.
func newSeeds(t *testing.T) *disks {
	t.Helper()
	rendertest.Need(t, "bash", "unshare", "xorriso", "blkid", "ssh-keygen", "cloud-init")
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: mounting needs root")
	}
	d := &disks{dir: t.TempDir(), tree: t.TempDir()}
	d.renew(t)
	set, err := Render(seeded(t, d.dir, "{}"), withHosts())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range set.Files {
		path := filepath.Join(d.tree, f.Path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(f.Content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// renew makes the disk, and marks it as new, as package storage does.
func (d *disks) renew(t *testing.T) {
	t.Helper()
	disk := filepath.Join(d.dir, "lb01.qcow2")
	if err := os.WriteFile(disk, []byte("a disk\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(disk, disk+".first-boot"); err != nil {
		t.Fatal(err)
	}
}

// seeds runs the script where it sees directories of its own in place of those
// that it writes to on a host, after a change to it.
func (d *disks) seeds(t *testing.T, before string) (output string, ok bool) {
	t.Helper()
	return rendertest.Run(t, "unshare", "--mount", "--propagation", "private", "bash", "-euc", `
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/lib
eval "$3"
status=0
bash "$1/first-boot/seeds.sh" || status=$?
cp -r /var/lib/stackgen/nullzero/first-boot/. "$2/" 2>/dev/null || true
[ ! -e /run/stackgen/nullzero/seed ] || echo 'left in memory'
exit $status`, "-", d.tree, d.dir, before)
}

// burnt are the files on a seed, as xorriso reads them back.
func (d *disks) burnt(t *testing.T) map[string]string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "seed")
	if out, ok := rendertest.Run(t, "xorriso", "-osirrox", "on", "-indev", filepath.Join(d.dir, "lb01-seed.iso"), "-extract", "/", dir); !ok {
		t.Fatalf("xorriso: %s", out)
	}
	files := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(text)
	}
	return files
}

func TestSeed(t *testing.T) {
	t.Parallel()
	d := newSeeds(t)
	if out, ok := d.seeds(t, ""); !ok || out != "lb01: ready for its first start\n" {
		t.Fatalf("first run: %s", out)
	}
	info, err := os.Stat(filepath.Join(d.dir, "lb01-seed.iso"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != 0o600 {
		t.Errorf("the seed, which has keys on it, has mode %o", info.Mode())
	}
	files := d.burnt(t)
	for _, name := range []string{"meta-data", "network-config", "user-data"} {
		want, err := os.ReadFile(filepath.Join(d.tree, "first-boot/lb01", name))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(files[name], string(want)) || len(files) != 3 {
			t.Errorf("%s on the seed (of %d files) is %q", name, len(files), files[name])
		}
	}
	if out, ok := rendertest.Run(t, "cloud-init", "schema", "--config-file", rendertest.Write(t, "user-data", files["user-data"])); !ok {
		t.Errorf("cloud-init refuses what is on the seed: %s", out)
	}
	d.keysMatch(t, files["user-data"])
	d.unchanged(t)
}

// keysMatch holds the private key on the seed to the public one kept for apply.
func (d *disks) keysMatch(t *testing.T, userData string) {
	t.Helper()
	_, rest, _ := strings.Cut(userData, "  ed25519_private: |\n")
	block, _, _ := strings.Cut(rest, "  ed25519_public:")
	key := rendertest.Write(t, "key", strings.ReplaceAll(block, "    ", ""))
	public, ok := rendertest.Run(t, "ssh-keygen", "-y", "-f", key)
	kept, err := os.ReadFile(filepath.Join(d.dir, "lb01.keys"))
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(public)
	if !ok || len(words) < 2 || !strings.Contains(string(kept), words[0]+" "+words[1]+"\n") {
		t.Errorf("the key %q is not among those kept: %q", public, kept)
	}
}

// unchanged runs the script again: the seed of a disk that is not new stays.
func (d *disks) unchanged(t *testing.T) {
	t.Helper()
	seed := filepath.Join(d.dir, "lb01-seed.iso")
	before, _ := os.ReadFile(seed)
	if err := os.WriteFile(filepath.Join(d.tree, "first-boot/lb01/user-data"), []byte("#cloud-config\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, ok := d.seeds(t, ""); !ok || out != "" {
		t.Errorf("second run: %s", out)
	}
	if after, _ := os.ReadFile(seed); string(after) != string(before) {
		t.Error("the second run changed the seed")
	}
}

// TestSeedIsWhole ends the script in the middle, and gives the medium another
// label: no seed is there before it is whole, and the next run makes it.
func TestSeedIsWhole(t *testing.T) {
	t.Parallel()
	d := newSeeds(t)
	wrap := func(line string) string {
		return "mkdir /run/bin; printf '#!/bin/sh\\n" + line + "\\n' >/run/bin/xorriso; chmod +x /run/bin/xorriso; export PATH=/run/bin:$PATH"
	}
	for name, line := range map[string]string{
		"killed":        `kill -9 $PPID`,
		"another label": `exec /usr/bin/xorriso "$@" -volid OTHER`,
		"no space":      `exit 5`,
	} {
		if out, ok := d.seeds(t, wrap(line)); ok {
			t.Errorf("%s: a success: %s", name, out)
		}
		if _, err := os.Stat(filepath.Join(d.dir, "lb01-seed.iso")); err == nil {
			t.Errorf("%s: there is a seed", name)
		}
	}
	if out, ok := d.seeds(t, ""); !ok || !strings.Contains(out, "ready for its first start") {
		t.Errorf("afterwards: %s", out)
	}
	if _, err := os.Stat(filepath.Join(d.dir, "lb01.qcow2.first-boot")); err == nil {
		t.Error("the disk is still marked as new")
	}
}
