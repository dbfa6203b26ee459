package vyos

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// The parts of VyOS that the script talks to. The wrapper notes what it is
// told; REFUSE is the start of a command that it fails on.
const (
	fakeWrapper = `#!/bin/bash
[ "$CMD_WRAPPER_SESSION_ID" = "$PPID" ] || { echo "another session" >&2; exit 1; }
printf '%s' "$1"; printf ' <%s>' "${@:2}"; echo
case "$*" in "${REFUSE:-nothing}"*) echo "Set failed" >&2; exit 1 ;; esac
`
	fakeOperational = `#!/bin/bash
[ "$*" = "show configuration commands" ] && cat "${RUNNING:-/dev/null}"
`
	fakeShutdown = `#!/bin/bash
echo "shutdown $*" >>"$LOG"
`
	fakeID = `#!/bin/bash
echo "${GROUP-users}"
`
	fakeSG = `#!/bin/bash
GROUP=$1 exec sh -c "$3"
`
)

// router is a private mount namespace in which the fakes stand where VyOS has
// its programs.
type router struct{ dir string }

func newRouter(t *testing.T, commands string) router {
	t.Helper()
	rendertest.Need(t, "unshare", "mount")
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: a private mount namespace needs root")
	}
	r := router{t.TempDir()}
	for name, text := range map[string]string{
		"vyatta/sbin/vyatta-cfg-cmd-wrapper": fakeWrapper,
		"vyatta/bin/vyatta-op-cmd-wrapper":   fakeOperational,
		"path/id":                            fakeID,
		"path/sg":                            fakeSG,
		"path/shutdown":                      fakeShutdown,
		"a b/commit.sh":                      commitScript(t),
		"a b/commands.txt":                   commands + end + "\n",
	} {
		path := filepath.Join(r.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func (r router) run(t *testing.T, env []string, args ...string) (string, bool) {
	t.Helper()
	const inside = `set -e
mount -t tmpfs none /opt
mkdir /opt/vyatta
mount --bind "$1/vyatta" /opt/vyatta
export PATH="$1/path:$PATH"
exec bash "$1/a b/commit.sh" "${@:2}"`
	argv := append([]string{"--mount", "--propagation", "private", "bash", "-c", inside, "bash", r.dir}, args...)
	cmd := exec.Command("unshare", argv...)
	cmd.Env = append(append(os.Environ(), "LOG="+filepath.Join(r.dir, "log")), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

const someCommands = `# comment

set protocols static route 0.0.0.0/0 next-hop 46.4.71.65
set system host-name 'rtr01'
set system login banner pre-login '$(id) * ; # x'
`

// allSet is what the wrapper is told when nothing runs yet.
const allSet = `begin <>
set <protocols> <static> <route> <0.0.0.0/0> <next-hop> <46.4.71.65>
set <system> <host-name> <rtr01>
set <system> <login> <banner> <pre-login> <$(id) * ; # x>
commit_with_error <>
`

// log is what was told to shutdown.
func (r router) log(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.dir, "log"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}

func TestCommit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ args, want, log string }{
		{"", allSet + "save </config/config.boot>\n", ""},
		{"--try", allSet, "shutdown -r +10\n"},
		{"--try 3", allSet, "shutdown -r +3\n"},
		{"--confirm", "save </config/config.boot>\n", "shutdown -c\n"},
		{"--undo", "begin <>\nload </config/config.boot>\ncommit_with_error <>\n", "shutdown -c\n"},
	} {
		r := newRouter(t, someCommands)
		out, ok := r.run(t, nil, strings.Fields(tt.args)...)
		if !ok || out != tt.want || r.log(t) != tt.log {
			t.Errorf("%s: ok is %t, shutdown %q\n got %s\nwant %s", tt.args, ok, r.log(t), out, tt.want)
		}
	}
}

// TestCommitAgain: what runs already is not touched, nor is a restart armed.
func TestCommitAgain(t *testing.T) {
	t.Parallel()
	r := newRouter(t, someCommands)
	running := rendertest.Write(t, "running", "set 'system' 'host-name' 'rtr01'\nset protocols static route 0.0.0.0/0 next-hop 46.4.71.65\nset system login banner pre-login '$(id) * ; # x'\nset service ssh\n")
	for _, args := range [][]string{nil, {"--try"}} {
		if out, ok := r.run(t, []string{"RUNNING=" + running}, args...); !ok || out != "nothing differs\n" || r.log(t) != "" {
			t.Errorf("%q: ok is %t, shutdown %q\n%s", args, ok, r.log(t), out)
		}
	}
	if out, ok := r.run(t, []string{"RUNNING=" + running}, "--verify"); !ok {
		t.Errorf("what runs is not recognised:\n%s", out)
	}
}

// TestCommitStops: what follows a failure does not happen.
func TestCommitStops(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ args, refuse, says, not, log string }{
		{"", "set system host-name", "refused: set system host-name", "commit_with_error", ""},
		{"", "commit_with_error", "the commit failed", "save", ""},
		{"", "save", "not saved", "nothing", ""},
		{"", "begin", "no configuration session", "set <", ""},
		{"--try", "set system host-name", "refused: set system host-name", "commit_with_error", ""},
		{"--try", "commit_with_error", "the commit failed", "save", "shutdown -r +10\nshutdown -c\n"},
		{"--undo", "load", "cannot be loaded", "commit_with_error", ""},
	} {
		r := newRouter(t, someCommands)
		out, ok := r.run(t, []string{"REFUSE=" + tt.refuse}, strings.Fields(tt.args)...)
		if ok || !strings.Contains(out, tt.says) || strings.Contains(out, tt.not) || r.log(t) != tt.log {
			t.Errorf("%s, %s fails: ok is %t, shutdown %q, output\n%s", tt.args, tt.refuse, ok, r.log(t), out)
		}
	}
}

// TestIncomplete: a place holder is not committed, and a list that lost its end
// deletes nothing.
func TestIncomplete(t *testing.T) {
	t.Parallel()
	r := newRouter(t, "set pki ca a certificate '@@secret:pem-body:a@@'\n")
	if out, ok := r.run(t, nil); ok || !strings.Contains(out, "secrets are not filled in") || strings.Contains(out, "begin") {
		t.Errorf("a place holder is committed:\n%s", out)
	}
	if err := os.WriteFile(filepath.Join(r.dir, "a b/commands.txt"), []byte("set system host-name 'a'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{nil, {"--plan"}, {"--verify"}} {
		if out, ok := r.run(t, nil, args...); ok || !strings.Contains(out, "not complete") || strings.Contains(out, "begin") {
			t.Errorf("%q: a list without its end is used:\n%s", args, out)
		}
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	r := newRouter(t, someCommands)
	other := rendertest.Write(t, "other", "set system host-name 'rtr02'\nset nat source rule 10 description 'x'\n")
	out, ok := r.run(t, []string{"RUNNING=" + other}, "--verify")
	if ok || !strings.Contains(out, "set system host-name 'rtr01'") || !strings.Contains(out, "delete nat\n") {
		t.Errorf("another configuration passes:\n%s", out)
	}
	secret := newRouter(t, "set pki certificate a private key 'AAAA'\n")
	for _, args := range []string{"--verify", "--plan"} {
		if out, _ := secret.run(t, nil, args); strings.Contains(out, "AAAA") || !strings.Contains(out, "private key …") {
			t.Errorf("%s: the key is shown, or not missed:\n%s", args, out)
		}
	}
}
