//go:build linux

package systemtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// lab is a set of machines and the wires between them.
type lab struct {
	t     testing.TB
	share string // a directory that every machine sees as /lab
}

// newLab skips the test where containers cannot be made.
func newLab(t testing.TB) *lab {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: -short leaves out the tests on running machines")
	}
	need(t, "systemd-nspawn", "nsenter", "ip", "ethtool", "ssh", "sshd")
	l := &lab{t: t, share: t.TempDir()}
	if err := os.Chmod(l.share, 0o755); err != nil {
		t.Fatal(err)
	}
	here(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(l.share, "key"))
	return l
}

// need skips the test when a program or root is missing, or fails it when
// STACKGEN_REQUIRE_TOOLS is 1.
func need(t testing.TB, programs ...string) {
	t.Helper()
	missing := ""
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			missing += " " + p
		}
	}
	if os.Geteuid() != 0 {
		missing += " root"
	}
	if missing != "" {
		lacks(t, missing[1:]+"; `make tools` installs programs")
	}
}

// lacks ends a test that this machine cannot do.
func lacks(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("STACKGEN_REQUIRE_TOOLS") == "1" {
		t.Fatalf("missing: %s (and STACKGEN_REQUIRE_TOOLS=1)", what)
	}
	t.Skipf("SKIPPED: missing: %s", what)
}

// here runs a program outside of the lab.
func here(t testing.TB, argv ...string) string {
	t.Helper()
	out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%q: %v\n%s", argv, err, out)
	}
	return string(out)
}

// up waits until machines have booted.
func (l *lab) up(machines ...*machine) {
	l.t.Helper()
	for _, m := range machines {
		until(l.t, "the boot of "+m.name, 5*time.Minute, func() bool {
			state, _ := m.run("systemctl is-system-running || true")
			return state == "running\n" || state == "degraded\n"
		})
	}
}

// until polls, so that no test depends on how fast this machine is.
func until(t testing.TB, what string, limit time.Duration, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v for %s", limit, what)
		}
	}
}

// wire connects two machines. Without checksums in hardware: Open vSwitch in
// user space passes on frames as they are, unfinished ones too.
func (l *lab) wire(a *machine, nameA string, b *machine, nameB, macB string) {
	l.t.Helper()
	argv := []string{"ip", "link", "add", nameA, "type", "veth", "peer", "name", nameB}
	if macB != "" {
		argv = append(argv, "address", macB)
	}
	a.wired(append(argv, "netns", strconv.Itoa(b.outer))...)
	a.wired("ethtool", "-K", nameA, "tx", "off")
	a.wired("ip", "link", "set", nameA, "up")
	b.wired("ethtool", "-K", nameB, "tx", "off")
}
