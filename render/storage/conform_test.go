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

func TestForeignDiskIsLeftAlone(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"text": "not a disk at all\n", "empty": ""} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, "{}")
			if err := os.Mkdir(l.path("pool"), 0o755); err != nil {
				t.Fatal(err)
			}
			for _, disk := range []string{"blank", "copy", "overlay"} {
				if err := os.WriteFile(l.disk(disk), []byte(content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			l.run(t)
			for _, disk := range []string{"blank", "copy", "overlay"} {
				if got, err := os.ReadFile(l.disk(disk)); err != nil || string(got) != content {
					t.Errorf("%s has become %q (%v)", disk, got, err)
				}
			}
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
	l.run(t)
	if _, err := os.Lstat(l.path("elsewhere")); err == nil {
		t.Error("a disk was made through a link")
	}
}

// TestSizeIsReported: a disk of another size is not resized.
func TestSizeIsReported(t *testing.T) {
	t.Parallel()
	l := newLab(t, "{}")
	if err := os.Mkdir(l.path("pool"), 0o755); err != nil {
		t.Fatal(err)
	}
	l.must(t, "qemu-img", "create", "-q", "-f", "qcow2", l.disk("blank"), "1M")
	if out := l.run(t); !strings.Contains(out, l.disk("blank")+": left as it is, with 1048576 bytes instead of 16777216\n") {
		t.Errorf("output %q", out)
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
