package sandbox

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	Enter()
	os.Exit(m.Run())
}

// inBox runs a script and gives what it says.
func inBox(t *testing.T, c Command, script string) (string, error) {
	t.Helper()
	if err := Available(t.Context()); err != nil {
		if os.Getenv("STACKGEN_REQUIRE_TOOLS") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	dir, err := Scratch(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	c.Program, c.Args, c.Scratch, c.Output = "/bin/bash", []string{"-c", script}, dir, &said
	err = Run(t.Context(), c)
	return strings.TrimSpace(said.String()), err
}

// TestNothingIsSeen: each line is a look at the machine that would succeed outside.
func TestNothingIsSeen(t *testing.T) {
	t.Setenv("STACKGEN_TEST_TOKEN", "hunter2")
	for _, script := range []string{
		"cat /etc/shadow", "cat /etc/machine-id", "cat /etc/ssh/sshd_config", "ls /home", "ls /root", "ls /sys/class", "ls /opt",
		"ls -A /run | grep -v -e sshd -e php", "ls -A /var/log | grep -v nginx",
		"printenv STACKGEN_TEST_TOKEN", "kill -0 2", "cat /proc/2/environ", "ls /proc | grep -vw -e self -e 1 | grep '^[0-9]*$' | head -n -5 | grep .",
		"exec 3<>/dev/tcp/127.0.0.1/22", "exec 3<>/dev/kmsg", "ls /dev/mem", "ls /dev/kvm", "ls /dev/pts/0", "cat /proc/kcore",
		"grep -v -e lo: -e Inter -e face /proc/net/dev", "grep . /proc/net/unix | grep -v Num",
	} {
		if said, err := inBox(t, Command{}, script); err == nil {
			t.Errorf("%s: %s", script, said)
		}
	}
}

// TestNothingIsWritten: nor is anything of the machine changed, or a privilege won.
func TestNothingIsWritten(t *testing.T) {
	for _, script := range []string{
		": > /usr/bin/x", ": > /etc/x", ": > /x", ": >> /etc/passwd", "mkdir /home", ": > /proc/sys/kernel/panic", ": > /proc/sys/kernel/core_pattern",
		": > /dev/x", "mknod /tmp/null c 1 3", "mount -t tmpfs none /tmp", "chroot / true", "unshare --user true", "unshare --net true", "hostname x",
		"umount /usr", "mount -o remount,rw /usr", "setpriv --reuid 0 true", "ip link add x type dummy", "ip link set lo up", "grep -q 'NoNewPrivs:.0' /proc/self/status",
		"grep -E 'Cap(Inh|Prm|Eff|Bnd|Amb):' /proc/self/status | grep -v 0000000000000000", "[ $(id -u) = 0 ]", "[ \"$(id -G)\" != 65534 ]",
		"dd if=/dev/zero of=/tmp/big bs=1M count=300", "dd if=/dev/zero of=/var/big bs=1M count=100", "ulimit -c unlimited", "ulimit -v unlimited",
	} {
		if said, err := inBox(t, Command{}, script); err == nil {
			t.Errorf("%s: %s", script, said)
		}
	}
	if said, err := inBox(t, Command{}, ": > /tmp/x && : > /run/x && : > /var/x && : > /dev/null && [ -s /etc/passwd ]"); err != nil {
		t.Errorf("what is its own it cannot write: %v: %s", err, said)
	}
}

// TestNetAdmin: who may change its network has its own, and nothing else of root.
func TestNetAdmin(t *testing.T) {
	if said, err := inBox(t, Command{NetAdmin: true}, "ip link set lo up"); err != nil {
		t.Errorf("%v: %s", err, said)
	}
	for _, script := range []string{"mount -t tmpfs none /tmp", ": > /etc/x", "ip route get 192.0.2.1", "unshare --user true"} {
		if said, err := inBox(t, Command{NetAdmin: true}, script); err == nil {
			t.Errorf("%s: %s", script, said)
		}
	}
}

// TestAllEnds: what a program leaves behind ends with it, and what takes too long
// ends by its context, whatever it catches.
func TestAllEnds(t *testing.T) {
	const mark = "314159.26"
	begin := time.Now()
	if said, err := inBox(t, Command{}, "setsid sleep "+mark+" & disown; exit 0"); err != nil {
		t.Errorf("%v: %s", err, said)
	}
	dir, err := Scratch(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	late := errors.New("too late")
	ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second/2, late)
	defer cancel()
	err = Run(ctx, Command{Program: "/bin/bash", Args: []string{"-c", "trap '' TERM INT HUP; setsid sleep " + mark + " & while :; do sleep " + mark + "; done"}, Scratch: dir})
	if !errors.Is(err, late) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
	time.Sleep(time.Second / 5)
	if out, err := exec.Command("pgrep", "-f", "sleep "+mark).Output(); err == nil {
		t.Errorf("still there: %s", out)
	}
}

// TestNoBox: what cannot be run there is said, and not taken for an answer.
func TestNoBox(t *testing.T) {
	inBox(t, Command{}, "true")
	dir, err := Scratch(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var no *SetupError
	if err := Run(t.Context(), Command{Program: "/home/me/bin/nginx", Scratch: dir}); !errors.As(err, &no) {
		t.Errorf("got %v", err)
	}
}
