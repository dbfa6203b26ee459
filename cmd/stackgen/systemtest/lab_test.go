//go:build linux

package systemtest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// lab is a set of machines and the wires between them.
type lab struct {
	t     testing.TB
	share string // a directory that every machine sees as /lab
}

// machine is a Debian machine with its own systemd: a container whose root is a
// copy-on-write view of this machine's.
type machine struct {
	t    testing.TB
	name string
	pid  int // of its init, as seen from here
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
	switch {
	case missing == "":
	case os.Getenv("STACKGEN_REQUIRE_TOOLS") == "1":
		t.Fatalf("missing:%s, and STACKGEN_REQUIRE_TOOLS=1", missing)
	default:
		t.Skipf("SKIPPED: missing:%s; `make tools` installs programs", missing)
	}
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

// setUp makes the root of a machine and starts its systemd. The services that
// the packages of this machine enable are left out unless they are named.
const setUp = `
set -eu
mount --make-rprivate /
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs "$DIR"
mkdir "$DIR/u" "$DIR/w" "$DIR/r"
mount -t overlay overlay -o "lowerdir=/,upperdir=$DIR/u,workdir=$DIR/w" "$DIR/r"
cd "$DIR/r"
rm -rf root/.ssh etc/ssh/ssh_host_* etc/resolv.conf etc/systemd/system/*.wants run/* var/lib/stackgen
mkdir -p root/.ssh etc/systemd/system/multi-user.target.wants
cp "$SHARE/key.pub" root/.ssh/authorized_keys
ssh-keygen -q -t ed25519 -N '' -f etc/ssh/ssh_host_ed25519_key
: >etc/resolv.conf
: >etc/machine-id
echo "$NAME" >etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$NAME" >etc/hosts
printf 'auto lo\niface lo inet loopback\n' >etc/network/interfaces
for unit in networking ssh $UNITS; do
  ln -s "/lib/systemd/system/$unit.service" etc/systemd/system/multi-user.target.wants/
done
for unit in console-getty.service systemd-machined.service postgresql.service; do
  ln -sf /dev/null "etc/systemd/system/$unit"
done
devices=
for device in /dev/net/tun /dev/fuse /dev/loop-control /dev/loop[0-9]*; do
  [ ! -e "$device" ] || devices="$devices --bind=$device"
done
systemd-nspawn -q --register=no --keep-unit --private-network --capability=all --resolv-conf=off \
  --bind="$SHARE:/lab" $devices -M "$NAME" -D "$PWD" --boot </dev/null >"$DIR.log" 2>&1 &
wait $!
`

// machine starts one, and does not wait for it; see up.
func (l *lab) machine(name string, units ...string) *machine {
	l.t.Helper()
	dir := filepath.Join(l.t.TempDir(), name)
	if err := os.Mkdir(dir, 0o755); err != nil {
		l.t.Fatal(err)
	}
	cmd := exec.Command("bash", "-c", setUp)
	cmd.Env = append(environment(), "DIR="+dir, "NAME="+name, "SHARE="+l.share, "UNITS="+strings.Join(units, " "))
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC | syscall.CLONE_NEWNET,
		Pdeathsig:  syscall.SIGKILL,
	}
	runtime.LockOSThread() // Pdeathsig is about the thread
	err := cmd.Start()
	runtime.UnlockOSThread()
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	m := &machine{t: l.t, name: name}
	l.until("the init of "+name, 20*time.Second, func() bool {
		m.pid = child(child(cmd.Process.Pid, "systemd-nspawn"), "systemd")
		return m.pid != 0
	})
	return m
}

// child is the child of a process, if there is one of that name by now, or 0.
func child(pid int, name string) int {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	first, _, _ := strings.Cut(string(text), " ")
	comm, _ := os.ReadFile("/proc/" + first + "/comm")
	if string(comm) != name+"\n" {
		return 0
	}
	n, _ := strconv.Atoi(first)
	return n
}

func environment() []string {
	return []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8"}
}

// up waits until machines have booted.
func (l *lab) up(machines ...*machine) {
	l.t.Helper()
	for _, m := range machines {
		l.until("the boot of "+m.name, time.Minute, func() bool {
			state, _ := m.run("systemctl is-system-running || true")
			return state == "running\n" || state == "degraded\n"
		})
	}
}

// until polls, so that no test depends on how fast this machine is.
func (l *lab) until(what string, limit time.Duration, holds func() bool) {
	l.t.Helper()
	for deadline := time.Now().Add(limit); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			l.t.Fatalf("waited %v for %s", limit, what)
		}
	}
}

// command is a program to be run in a machine.
func (m *machine) command(ctx context.Context, argv ...string) *exec.Cmd {
	pid := strconv.Itoa(m.pid)
	enter := []string{"-t", pid, "--net", "--mount", "--pid", "--uts", "--ipc", "--root", "--wd=/proc/" + pid + "/root", "--"}
	cmd := exec.CommandContext(ctx, "nsenter", append(enter, argv...)...)
	cmd.Env = environment()
	cmd.WaitDelay = 10 * time.Second // for what it leaves behind with its output open
	return cmd
}

// run gives what lines of bash print on both streams and whether they succeed.
func (m *machine) run(script string) (output string, ok bool) {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	out, err := m.command(ctx, "bash", "-euo", "pipefail", "-c", script).CombinedOutput()
	return string(out), err == nil
}

// must gives what lines of bash print, and fails the test if they fail.
func (m *machine) must(script string) string {
	m.t.Helper()
	out, ok := m.run(script)
	if !ok {
		m.t.Fatalf("on %s: %s\n%s", m.name, script, out)
	}
	return out
}

// wire connects two machines. Without checksums in hardware: Open vSwitch in
// user space passes on frames as they are, unfinished ones too.
func (l *lab) wire(a *machine, nameA string, b *machine, nameB, macB string) {
	l.t.Helper()
	argv := []string{"nsenter", "-t", strconv.Itoa(a.pid), "--net", "--", "ip", "link", "add", nameA, "type", "veth", "peer", "name", nameB}
	if macB != "" {
		argv = append(argv, "address", macB)
	}
	here(l.t, append(argv, "netns", strconv.Itoa(b.pid))...)
	a.must("ethtool -K " + nameA + " tx off >/dev/null; ip link set " + nameA + " up")
	b.must("ethtool -K " + nameB + " tx off >/dev/null")
}
