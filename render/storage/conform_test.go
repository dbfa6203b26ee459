package storage

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

func TestShellAccepts(t *testing.T) {
	rendertest.Need(t, "shellcheck")
	set, err := Render(rendertest.Topology(t, "nullzero"))
	if err != nil {
		t.Fatal(err)
	}
	script := rendertest.Content(t, set, tree)
	broken := strings.Replace(script, `"$1" /var`, `$1 "/var`, 1)
	for _, argv := range [][]string{{"sh", "-n"}, {"bash", "-n"}, {"shellcheck"}} {
		if out, ok := rendertest.Run(t, append(argv, rendertest.Write(t, "disks.sh", script))...); !ok || out != "" {
			t.Errorf("%s: %s", argv, out)
		}
		if _, ok := rendertest.Run(t, append(argv, rendertest.Write(t, "broken.sh", broken))...); ok {
			t.Errorf("%s accepts a broken script", argv)
		}
	}
}

func TestDisksAreMadeOnce(t *testing.T) {
	t.Parallel()
	l := newLab(t, "{}")
	if l.verified(t) {
		t.Error("verified before there is a disk")
	}
	if out := l.run(t); strings.Count(out, ": made\n") != 4 {
		t.Errorf("output of the first run: %q", out)
	}
	if !l.verified(t) {
		t.Error("the disks do not verify")
	}
	for _, name := range []string{"blank", "copy", "overlay"} {
		if info := l.must(t, "qemu-img", "info", l.disk(name)); !strings.Contains(info, "virtual size: 16 MiB") {
			t.Errorf("%s: %s", name, info)
		}
	}
	for _, name := range []string{"copy", "copy-vdb", "overlay"} {
		l.must(t, "qemu-io", "-r", "-f", "qcow2", "-c", "read -q -P 0x5a 1M 64k", l.disk(name))
	}
	if info := l.must(t, "qemu-img", "info", l.disk("overlay")); !strings.Contains(info, "backing file: "+l.path("base.qcow2")+"\nbacking file format: qcow2") {
		t.Errorf("overlay: %s", info)
	}
	if info := l.must(t, "qemu-img", "info", l.disk("copy")); strings.Contains(info, "backing file") {
		t.Errorf("a copy depends on its image: %s", info)
	}
	before := l.state(t)
	if out := l.run(t); out != "" {
		t.Errorf("the second run says %q", out)
	}
	if after := l.state(t); after != before {
		t.Errorf("the second run changes files:\n got %s\nwant %s", after, before)
	}
}

// TestFirstBootMark wants the mark on the disk that firstboot writes to, and on
// no other.
func TestFirstBootMark(t *testing.T) {
	t.Parallel()
	l := newLab(t, "{}")
	l.run(t)
	marks, err := filepath.Glob(l.path("pool/*.first-boot"))
	if err != nil || len(marks) != 1 || marks[0] != l.disk("copy")+".first-boot" {
		t.Fatalf("marks %q, want one beside the disk copy (%v)", marks, err)
	}
	l.must(t, "test", l.disk("copy"), "-ef", marks[0])
	if err := os.Remove(marks[0]); err != nil {
		t.Fatal(err)
	}
	l.run(t)
	if _, err := os.Stat(marks[0]); err == nil {
		t.Error("a second run marks a disk that was there")
	}
}

// TestForeignDiskIsLeftAlone: what is no disk that a domain could read stops the
// step before anything is made.
func TestForeignDiskIsLeftAlone(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"text": "not a disk at all\n", "empty": ""} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, "{}")
			if err := os.Mkdir(l.path("pool"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(l.disk("copy"), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
			l.refused(t, "copy.qcow2: is there and is not qcow2, but raw")
			if l.verified(t) {
				t.Error("a foreign file is verified as a disk")
			}
		})
	}
}

// TestLinkIsLeftAlone: a link that leads nowhere would send a new disk there.
func TestLinkIsLeftAlone(t *testing.T) {
	t.Parallel()
	l := newLab(t, "{}")
	if err := os.MkdirAll(l.path("pool"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(l.path("elsewhere"), l.disk("blank")); err != nil {
		t.Fatal(err)
	}
	l.refused(t, "blank.qcow2: is there and is not qcow2, but nothing that can be read")
	if _, err := os.Lstat(l.path("elsewhere")); err == nil {
		t.Error("a disk was made through a link")
	}
}

// TestDiskGrows: a disk that is smaller than in the topology becomes larger, with
// what is on it; one that is larger is left alone, and both is said.
func TestDiskGrows(t *testing.T) {
	t.Parallel()
	l := newLab(t, "{}")
	if err := os.Mkdir(l.path("pool"), 0o755); err != nil {
		t.Fatal(err)
	}
	l.must(t, "qemu-img", "create", "-q", "-f", "qcow2", l.disk("blank"), "1M")
	l.must(t, "qemu-io", "-f", "qcow2", "-c", "write -q -P 0x5a 0 64k", l.disk("blank"))
	l.must(t, "qemu-img", "create", "-q", "-f", "qcow2", l.disk("copy"), "32M")
	out := l.run(t)
	for _, want := range []string{
		l.disk("blank") + ": grown from 1048576 to 16777216 bytes;",
		"note: " + l.disk("copy") + ": left as it is, with 33554432 bytes instead of 16777216: a disk is never made smaller\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("output %q, want %q", out, want)
		}
	}
	if info := l.must(t, "qemu-img", "info", l.disk("blank")); !strings.Contains(info, "virtual size: 16 MiB") {
		t.Errorf("the disk did not grow: %s", info)
	}
	l.must(t, "qemu-io", "-r", "-f", "qcow2", "-c", "read -q -P 0x5a 0 64k", l.disk("blank"))
	before := l.state(t)
	if out := l.run(t); strings.Contains(out, "grown") || l.state(t) != before {
		t.Errorf("the second run grows again: %q", out)
	}
}

// TestBaseIsReported: an overlay of another image, and a disk of its own where an
// overlay is meant, stay what they are. The image that is not read is not missed.
func TestBaseIsReported(t *testing.T) {
	t.Parallel()
	l := newLab(t, "{}")
	if err := os.Mkdir(l.path("pool"), 0o755); err != nil {
		t.Fatal(err)
	}
	l.must(t, "cp", l.path("base.qcow2"), l.path("other image.qcow2"))
	l.must(t, "qemu-img", "create", "-q", "-f", "qcow2", "-b", l.path("other image.qcow2"), "-F", "qcow2", l.disk("overlay"), "16M")
	l.must(t, "qemu-img", "create", "-q", "-f", "qcow2", "-b", l.path("base.qcow2"), "-F", "qcow2", l.disk("copy"), "16M")
	out := l.run(t)
	for _, want := range []string{
		l.disk("overlay") + ": left as it is: it reads from " + l.path("other image.qcow2") + ", and a new one would read from " + l.path("base.qcow2") + "\n",
		l.disk("copy") + ": left as it is: it reads from " + l.path("base.qcow2") + ", and a new one would read from no other\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("output %q, want %q", out, want)
		}
	}
}

// TestDiskInUseGrowsByItsDomain: the disk of a domain that is on is grown by
// libvirt; that of another one that has it open is refused by its lock.
func TestDiskInUseGrowsByItsDomain(t *testing.T) {
	t.Parallel()
	l := newLab(t, "{}")
	if err := os.Mkdir(l.path("pool"), 0o755); err != nil {
		t.Fatal(err)
	}
	l.must(t, "qemu-img", "create", "-q", "-f", "qcow2", l.disk("blank"), "1M")
	bin := t.TempDir()
	virsh := `#!/bin/sh
case "$4 $5" in
  'domstate blank') echo running ;;
  'domblklist blank') printf ' vda      %s\n' "$DISK" ;;
  'blockresize blank') echo "$6 $7" >"$LOG"; qemu-img resize -q -f qcow2 "$6" 16M ;;
  *) exit 1 ;;
esac
`
	if err := os.WriteFile(filepath.Join(bin, "virsh"), []byte(virsh), 0o755); err != nil {
		t.Fatal(err)
	}
	env := []string{"env", "PATH=" + bin + ":" + os.Getenv("PATH"), "DISK=" + l.disk("blank"), "LOG=" + filepath.Join(bin, "log")}
	l.must(t, append(env, "sh", l.script)...)
	if got, err := os.ReadFile(filepath.Join(bin, "log")); err != nil || string(got) != l.disk("blank")+" 16777216B\n" {
		t.Errorf("blockresize of %q (%v)", got, err)
	}
}

func TestRefusedBeforeAnything(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, patch string
		spoil       func(t *testing.T, l lab)
		want        string
	}{
		{"missing image", "{}", func(t *testing.T, l lab) { l.must(t, "rm", l.path("base.raw")) },
			"copy-vdb.qcow2: there is no image "},
		{"image of another format", "{ images+: { raw+: { format: 'qcow2' } } }", func(*testing.T, lab) {},
			"base.raw is not qcow2, but raw"},
		{"image that only claims its format", "{}", func(t *testing.T, l lab) { l.must(t, "cp", l.path("base.raw"), l.path("base.qcow2")) },
			"base.qcow2 is not qcow2, but raw"},
		{"disk smaller than its image", "{ vms+: { copy+: { disks+: { vdb+: { size: '4MiB' } } } } }", func(*testing.T, lab) {},
			"base.raw has 8388608 bytes, more than the 4194304 of the disk"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t, tt.patch)
			tt.spoil(t, l)
			l.refused(t, tt.want)
		})
	}
}

// TestImageOfOverlayIsNeeded: a copy outlives its image, an overlay does not.
func TestImageOfOverlayIsNeeded(t *testing.T) {
	t.Parallel()
	l := newLab(t, "{}")
	l.run(t)
	l.must(t, "rm", l.path("base.raw"))
	l.run(t)
	l.must(t, "rm", l.path("base.qcow2"))
	l.refused(t, "overlay.qcow2: there is no image ")
}
