package plan

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// TestTreeIsChecked: no step is begun with a tree that somebody has changed.
func TestTreeIsChecked(t *testing.T) {
	t.Parallel()
	rendertest.Need(t, "bash", "ssh", "flock")
	const begun = "lb01 does not answer"
	for name, tt := range map[string]struct{ spoil, want string }{
		"as rendered":       {"true", begun},
		"a line more":       {"echo reboot >>lb01/etc/varnish/default.vcl", "this tree is not what was rendered; see git diff, or render it again\nlb01/etc/varnish/default.vcl: FAILED"},
		"of any machine":    {"echo reboot >>db01/sql/users.sql", "db01/sql/users.sql: FAILED"},
		"in the plan":       {"sed -i 's/^readonly STACK/# &/' apply.sh; sed -i 's/^set +x/STACK=nullzero; &/' apply.sh", "apply.sh: FAILED"},
		"a file is missing": {"rm lb01/etc/varnish/default.vcl", "lb01/etc/varnish/default.vcl: FAILED open or read"},
		"no manifest":       {"rm manifest.json", "manifest.json is missing or has no files in it"},
		"a file of mine":    {"echo >lb01/notes", begun},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := tree(t, rendertest.Topology(t, "nullzero"))
			out, ok := rendertest.Run(t, "env", "HOME="+t.TempDir(), "STACKGEN_WAIT=0", "bash", "-c", `cd "$1" && { `+tt.spoil+`; } && exec bash ./apply.sh --yes --only varnish`, "-", dir)
			if ok || !strings.Contains(out, tt.want) {
				t.Errorf("%s: %t, want %q:\n%s", tt.spoil, ok, tt.want, out)
			}
		})
	}
}

// TestDigestsAreThoseOfTheManifest: whatever its encoder does to paths, they are read back.
func TestDigestsAreThoseOfTheManifest(t *testing.T) {
	rendertest.Need(t, "bash")
	dir := tree(t, rendertest.Topology(t, "nullzero"))
	manifest := `{
  "files": [
    {
      "path": "a/x \u0026 \u003cy\u003e ß",
      "sha256": "12",
      "mode": "0644"
    },
    {
      "path": "b",
      "sha256": "34",
      "mode": "0644"
    }
  ]
}
`
	if err := os.WriteFile(filepath.Join(dir, ManifestName), []byte(manifest), 0o644); err != nil {
		t.Fatal(err)
	}
	script := `eval "$(sed -n '/^digests()/,/^}/p' "$1/apply.d/here.sh")"; HERE=$1; digests`
	if out, ok := rendertest.Run(t, "bash", "-c", script, "-", dir); !ok || out != "12  a/x & <y> ß\n34  b\n" {
		t.Errorf("%t, %q", ok, out)
	}
}

// TestSignature has a tree signed with ssh-keygen(1) itself.
func TestSignature(t *testing.T) {
	t.Parallel()
	rendertest.Need(t, "bash", "ssh-keygen", "flock")
	const begun = "lb01 does not answer"
	dir := tree(t, rendertest.Topology(t, "nullzero"))
	home := t.TempDir()
	run := func(lines string) string {
		out, _ := rendertest.Run(t, "env", "HOME="+home, "STACKGEN_WAIT=0", "bash", "-c", `cd "$1"; `+lines+`
bash ./apply.sh --yes --only varnish --require-signature ~/signers`, "-", dir)
		return out
	}
	for _, tt := range []struct{ lines, want string }{
		{"true", "--require-signature: there is no file"},
		{`ssh-keygen -q -t ed25519 -N "" -f ~/ann; ssh-keygen -q -t ed25519 -N "" -f ~/bob; echo "ann@example.net $(cat ~/ann.pub)" >~/signers`, "is not signed: ssh-keygen -Y sign"},
		{"ssh-keygen -q -Y sign -f ~/bob -n stackgen manifest.json 2>/dev/null", "was not signed by anybody in"},
		{"rm manifest.json.sig; ssh-keygen -q -Y sign -f ~/ann -n other manifest.json 2>/dev/null", "was not signed by anybody in"},
		{"rm manifest.json.sig; ssh-keygen -q -Y sign -f ~/ann -n stackgen manifest.json 2>/dev/null", begun},
		{"echo >>manifest.json", "or was changed since"},
	} {
		if out := run(tt.lines); !strings.Contains(out, tt.want) {
			t.Errorf("%s: want %q:\n%s", tt.lines, tt.want, out)
		}
	}
}

// TestSameStack: two stacks of one name do not take each other's things for their own.
func TestSameStack(t *testing.T) {
	t.Parallel()
	const known = `SELF=vmm STACK=lab SAME_STACK=; DOMAIN=a.example MACHINES="db01 vmm web01"; same_stack; `
	for name, tt := range map[string]struct {
		lines string
		ok    bool
	}{
		"again":             {known + "same_stack", true},
		"one comes":         {known + `MACHINES="db01 vmm web01 web02"; same_stack`, true},
		"one after another": {known + `MACHINES="vmm web01 web02"; same_stack; MACHINES="vmm web02"; same_stack`, true},
		"others":            {known + `MACHINES="mail vmm"; same_stack`, false},
		"another domain":    {known + `DOMAIN=b.example; same_stack`, false},
		"and said so":       {known + `MACHINES="mail vmm" SAME_STACK=yes; same_stack; SAME_STACK=; same_stack`, true},
		"alone at first":    {`SELF=vmm STACK=lab SAME_STACK=; DOMAIN=- MACHINES=vmm; same_stack; MACHINES="vmm web01"; same_stack; MACHINES=vmm; same_stack`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, ok := onMachine(t, tt.lines)
			if ok != tt.ok || !ok && !strings.Contains(out, "vmm belongs to another stack lab: domain a.example, machines db01 vmm web01.") {
				t.Errorf("%s: %t\n%s", tt.lines, ok, out)
			}
		})
	}
}

// TestVisit: the wait is bounded and its reason is told.
func TestVisit(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		"echo 200":                     "http://a.example:80 at 192.0.2.1: 200\n<0>",
		"echo 503":                     "http://a.example:80 at 192.0.2.1: 503, for 1 seconds\n<1>",
		"sleep 20":                     "http://a.example:80 at 192.0.2.1: no answer within 5 seconds, for 1 seconds\n<1>",
		"true":                         "the connection was closed without an answer, for 1 seconds\n<1>",
		"exec 3<>/dev/tcp/127.0.0.1/1": "Connection refused, for 1 seconds\n<1>",
	} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			out, _ := call(t, nil, `eval "$(declare -f visit | sed 's/PATIENCE/1/g; s/\$1 seconds/1 seconds/')"; ask_site() { `+answer+`; }; visit a.example 192.0.2.1 80 2>/dev/null && echo '<0>' || echo '<1>'`)
			if !strings.Contains(out, want) {
				t.Errorf("%s\n got %q\nwant %q", answer, out, want)
			}
		})
	}
}
