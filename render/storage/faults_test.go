package storage

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// disturbed runs the script with something that happens just before an image is
// converted.
func (l lab) disturbed(t *testing.T, event string) (output string, ok bool) {
	t.Helper()
	real, err := exec.LookPath("qemu-img")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	fake := "#!/bin/sh\nif [ \"$1\" = convert ]; then " + event + "; fi\nexec " + real + " \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "qemu-img"), []byte(fake), 0o755); err != nil {
		t.Fatal(err)
	}
	return rendertest.Run(t, "env", "PATH="+bin+":"+os.Getenv("PATH"), "sh", l.script)
}

// TestKilledRunIsFinished kills the script with a half-made disk and runs it
// again. What a killed run leaves can also be a second name of a whole disk.
func TestKilledRunIsFinished(t *testing.T) {
	t.Parallel()
	l := newLab(t, "{}")
	if out, ok := l.disturbed(t, `for last; do :; done; echo half >"$last"; kill -9 $PPID; sleep 0.2`); ok {
		t.Fatalf("the run was not killed: %s", out)
	}
	if _, err := os.Stat(l.disk("copy")); err == nil {
		t.Error("a half-made disk has its name already")
	}
	l.run(t)
	if !l.verified(t) {
		t.Error("the disks do not verify")
	}
	if err := os.Link(l.disk("blank"), l.disk("blank")+".stackgen-part"); err != nil {
		t.Fatal(err)
	}
	before := l.must(t, "sha256sum", l.disk("blank"))
	l.run(t)
	if after := l.must(t, "sha256sum", l.disk("blank")); after != before {
		t.Errorf("the disk has changed: %s, was %s", after, before)
	}
	if left, _ := filepath.Glob(l.path("pool/*part")); len(left) > 0 {
		t.Errorf("left over: %q", left)
	}
}

// TestRunsAtTheSameTime: each disk is made once and is whole.
func TestRunsAtTheSameTime(t *testing.T) {
	t.Parallel()
	l := newLab(t, "{}")
	both := "sh " + l.script + " & a=$!; sh " + l.script + " & b=$!; wait $a && wait $b"
	if out := l.must(t, "sh", "-c", both); strings.Count(out, ": made\n") != 4 {
		t.Errorf("output %q, want four disks made", out)
	}
	l.must(t, "qemu-io", "-r", "-f", "qcow2", "-c", "read -q -P 0x5a 1M 64k", l.disk("copy"))
}

// TestRaceDoesNotOverwrite: a file that appears while a disk is being made
// stays.
func TestRaceDoesNotOverwrite(t *testing.T) {
	t.Parallel()
	l := newLab(t, "{}")
	if out, ok := l.disturbed(t, "echo foreign >"+l.disk("copy")); ok {
		t.Errorf("the run believes that it made the disk: %s", out)
	}
	if got, err := os.ReadFile(l.disk("copy")); err != nil || string(got) != "foreign\n" {
		t.Errorf("the foreign file has become %q (%v)", got, err)
	}
}
