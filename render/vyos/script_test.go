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
[ "$*" = "show configuration commands" ] && cat "$RUNNING"
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
		"a b/commit.sh":                      commitScript(t),
		"a b/commands.txt":                   commands,
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
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

const someCommands = `# comment

set protocols static route 0.0.0.0/0 next-hop 46.4.71.65
set system host-name 'rtr01'
set system login banner pre-login '$(id) * ; # x'
`

func TestCommit(t *testing.T) {
	t.Parallel()
	out, ok := newRouter(t, someCommands).run(t, nil)
	want := `begin <>
set <protocols> <static> <route> <0.0.0.0/0> <next-hop> <46.4.71.65>
set <system> <host-name> <rtr01>
set <system> <login> <banner> <pre-login> <$(id) * ; # x>
commit_with_error <>
save </config/config.boot>
`
	if !ok || out != want {
		t.Errorf("ok is %t\n got %s\nwant %s", ok, out, want)
	}
}

// TestCommitStops: what follows a failure does not happen.
func TestCommitStops(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ refuse, says, not string }{
		{"set system host-name", "refused: set system host-name", "commit_with_error"},
		{"commit_with_error", "the commit failed", "save"},
		{"save", "not saved", "nothing"},
		{"begin", "", "set <"},
	} {
		out, ok := newRouter(t, someCommands).run(t, []string{"REFUSE=" + tt.refuse})
		if ok || !strings.Contains(out, tt.says) || strings.Contains(out, tt.not) {
			t.Errorf("%s fails: ok is %t, output\n%s", tt.refuse, ok, out)
		}
	}
	out, ok := newRouter(t, "set pki ca a certificate '@@secret:pem-body:a@@'\n").run(t, nil)
	if ok || strings.Contains(out, "commit_with_error") {
		t.Errorf("a place holder is committed:\n%s", out)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	r := newRouter(t, someCommands)
	running := rendertest.Write(t, "running", "set 'system' 'host-name' 'rtr01'\nset protocols static route 0.0.0.0/0 next-hop 46.4.71.65\nset system login banner pre-login '$(id) * ; # x'\nset service ssh\n")
	if out, ok := r.run(t, []string{"RUNNING=" + running}, "--verify"); !ok {
		t.Errorf("what runs is not recognised:\n%s", out)
	}
	other := rendertest.Write(t, "other", "set system host-name 'rtr02'\n")
	out, ok := r.run(t, []string{"RUNNING=" + other}, "--verify")
	if ok || !strings.Contains(out, "set system host-name rtr01") {
		t.Errorf("another configuration passes:\n%s", out)
	}
	secret := newRouter(t, "set pki certificate a private key 'AAAA'\n")
	if out, ok := secret.run(t, []string{"RUNNING=" + other}, "--verify"); ok || strings.Contains(out, "AAAA") {
		t.Errorf("the key is shown, or not missed:\n%s", out)
	}
}
