//go:build linux

package systemtest

import (
	"context"
	"fmt"
	"io"
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

// machine is a Debian machine with its own systemd: a container whose root is a
// copy-on-write view of this machine's.
type machine struct {
	t     testing.TB
	name  string
	dir   string // its layer over the root of this machine is in u
	outer int    // the process that holds its network, from the beginning
	power io.Writer
	pid   int // of its init, as seen from here, once it has booted
}

// setUp makes the root of a machine, with the files of a folder if there are
// some, and starts its systemd each time it is told to. The services that the packages
// of this machine enable are left out unless they are named.
const setUp = `
set -eu
exec 2>"$DIR.log"
# Init of a container takes the control groups that it finds for its own, and so
# would that of another: each has to have its own. A cpuset takes nobody in that has
# no processors yet.
while IFS=: read -r _ controllers path; do
  case $controllers in
    *cpuset*) continue ;;
    '') top=/sys/fs/cgroup/unified && [ -d "$top" ] || top=/sys/fs/cgroup ;;
    *) top=/sys/fs/cgroup/${controllers#name=} ;;
  esac
  group=$top${path%/}/stackgen-$(echo "$DIR" | tr / -)
  mkdir "$group"
  echo 0 >"$group/cgroup.procs"
  echo "$group"
done <<<"$(cat /proc/self/cgroup)" >"$DIR.groups"
mount --make-rprivate /
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs "$DIR"
mkdir "$DIR/u" "$DIR/w" "$DIR/r"
mount -t overlay overlay -o "lowerdir=/,upperdir=$DIR/u,workdir=$DIR/w" "$DIR/r"
cd "$DIR/r"
mount -t tmpfs -o mode=700 tmpfs root
rm -rf etc/ssh/ssh_host_* etc/resolv.conf etc/systemd/system/*.wants run/* var/lib/stackgen
mkdir -p root/.ssh etc/systemd/system/multi-user.target.wants
cp "$SHARE/key.pub" root/.ssh/authorized_keys
ssh-keygen -q -t ed25519 -N '' -f etc/ssh/ssh_host_ed25519_key
: >etc/resolv.conf
mkdir -p etc/cloud
: >etc/cloud/cloud-init.disabled
: >etc/machine-id
echo "$NAME" >etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$NAME" >etc/hosts
printf 'auto lo\niface lo inet loopback\n' >etc/network/interfaces
for unit in networking ssh $UNITS; do
  ln -s "/lib/systemd/system/$unit.service" etc/systemd/system/multi-user.target.wants/
done
# Each machine watches files, and the kernel limits for how many all together can
# (inotify(7), max_user_instances): no manager for each login, no watch for passwords.
sed -i /pam_systemd/d etc/pam.d/common-session
for unit in console-getty.service systemd-machined.service postgresql.service systemd-ask-password-wall.path systemd-ask-password-console.path; do
  ln -sf /dev/null "etc/systemd/system/$unit"
done
[ -z "$FILES" ] || cp -r "$FILES/." .
devices=
for device in /dev/net/tun /dev/fuse /dev/loop-control /dev/loop[0-9]*; do
  [ ! -e "$device" ] || devices="$devices --bind=$device"
done
# Forwarding is a setting of the network, which is the machine's own.
export SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
while read -r _; do
  systemd-nspawn -q --register=no --keep-unit --network-namespace-path=/proc/$$/ns/net --capability=all --resolv-conf=off \
    --bind="$SHARE:/lab" $devices -M "$NAME" -D "$PWD" --boot </dev/null >>"$DIR.log" 2>&1 || true
done
`

// machine starts one, and does not wait for it; see up.
func (l *lab) machine(name string, units ...string) *machine {
	l.t.Helper()
	m := l.build(name, "", units...)
	m.boot()
	return m
}

// build makes a machine that is still off, with files of its own if there is a
// folder of them. It can be wired already.
func (l *lab) build(name, files string, units ...string) *machine {
	l.t.Helper()
	dir := filepath.Join(l.t.TempDir(), name)
	if err := os.Mkdir(dir, 0o755); err != nil {
		l.t.Fatal(err)
	}
	cmd := exec.Command("bash", "-c", setUp)
	cmd.Env = append(environment(), "DIR="+dir, "NAME="+name, "SHARE="+l.share, "FILES="+files, "UNITS="+strings.Join(units, " "))
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC | syscall.CLONE_NEWNET,
		Pdeathsig:  syscall.SIGKILL,
	}
	power, err := cmd.StdinPipe()
	if err != nil {
		l.t.Fatal(err)
	}
	runtime.LockOSThread() // Pdeathsig is about the thread
	err = cmd.Start()
	runtime.UnlockOSThread()
	if err != nil {
		l.t.Fatal(err)
	}
	m := &machine{t: l.t, name: name, dir: dir, outer: cmd.Process.Pid, power: power}
	l.t.Cleanup(func() {
		if l.t.Failed() {
			m.tell()
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		m.removeGroups()
	})
	return m
}

// removeGroups removes the control groups of a machine that is gone, the inner ones
// first.
func (m *machine) removeGroups() {
	text, _ := os.ReadFile(m.dir + ".groups")
	for _, group := range strings.Fields(string(text)) {
		_ = exec.Command("find", group, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";").Run()
	}
}

// tell logs what a machine has to say about a test that failed.
func (m *machine) tell() {
	console, _ := os.ReadFile(m.dir + ".log")
	if m.pid == 0 || child(m.outer, "systemd-nspawn") == 0 {
		m.t.Logf("%s is off; its console:\n%s", m.name, console[max(0, len(console)-2000):])
		return
	}
	out, _ := m.run("systemctl list-jobs --no-legend; systemctl --failed --no-legend; journalctl --no-pager --boot --lines 20 --priority warning")
	m.t.Logf("%s:\n%s", m.name, out)
}

// boot switches a machine on, and waits only until it has an init.
func (m *machine) boot() {
	m.t.Helper()
	if _, err := io.WriteString(m.power, "on\n"); err != nil {
		m.t.Fatalf("%s does not start: %v", m.name, err)
	}
	until(m.t, "the init of "+m.name, 5*time.Minute, func() bool {
		m.pid = child(child(m.outer, "systemd-nspawn"), "systemd")
		return m.pid != 0
	})
}

// powerOff shuts a machine down.
func (m *machine) powerOff() {
	m.t.Helper()
	m.must("systemctl poweroff --no-block")
	m.isOff()
}

// cutPower ends a machine in the middle of whatever it does.
func (m *machine) cutPower() {
	m.t.Helper()
	if err := syscall.Kill(m.pid, syscall.SIGKILL); err != nil {
		m.t.Fatal(err)
	}
	m.isOff()
}

// isOff waits for the end of a machine. Its network loses what a kernel would have lost.
func (m *machine) isOff() {
	m.t.Helper()
	until(m.t, "the end of "+m.name, 5*time.Minute, func() bool { return child(m.outer, "systemd-nspawn") == 0 })
	m.pid = 0
	m.wired("sh", "-ec", `nft flush ruleset
sysctl --quiet net.ipv4.ip_forward=0
ip -o link show | cut -d: -f2 | cut -d@ -f1 | while read -r device; do
  ip address flush dev "$device" scope global
  [ "$device" = lo ] || ip link set "$device" down
done`)
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
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Minute)
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

// wired runs a program of this machine in the network of another, which can be
// off.
func (m *machine) wired(argv ...string) {
	m.t.Helper()
	here(m.t, append([]string{"nsenter", "-t", strconv.Itoa(m.outer), "--net", "--"}, argv...)...)
}
