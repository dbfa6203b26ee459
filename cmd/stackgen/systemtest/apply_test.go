//go:build linux

package systemtest

import (
	"strings"
	"testing"

	"stackgen/render/artifact"
)

// greeting is a step with a daemon of one line: it checks its file, takes it
// over, and can be asked for it.
func greeting(text string) artifact.Set {
	return artifact.Set{
		Files: []artifact.File{{
			Machine: "vmm", Path: "etc/greeting.conf", Content: text + "\n", Step: "greeting",
			Install: &artifact.Install{Path: "/etc/greeting.conf", Owner: "root", Group: "daemon", Mode: 0o640},
		}},
		Steps: []artifact.Step{{
			Machine: "vmm", Name: "greeting", Phase: artifact.Web, Summary: "a greeting",
			Check:  []string{"! grep -q WRONG /etc/greeting.conf"},
			Apply:  []string{"cp /etc/greeting.conf /run/greeting; echo taken >>/run/taken"},
			Verify: []string{"cmp /run/greeting etc/greeting.conf"},
		}},
	}
}

const apply = "/lab/out/apply.sh --local --yes"

// oneMachine is a lab of one machine, up.
func oneMachine(t *testing.T) (*lab, *machine) {
	t.Helper()
	t.Parallel()
	l := newLab(t)
	m := l.machine("vmm")
	l.up(m)
	return l, m
}

// expect holds an output to the texts that must be in it, in order.
func expect(t testing.TB, output string, want ...string) {
	t.Helper()
	rest := output
	for _, w := range want {
		_, after, found := strings.Cut(rest, w)
		if !found {
			t.Fatalf("%q is not in its place in:\n%s", w, output)
		}
		rest = after
	}
}

// TestApplyLooksFirst: what people have to bring is looked for before the first step,
// and all that is missing is said at once.
func TestApplyLooksFirst(t *testing.T) {
	l, m := oneMachine(t)
	set := greeting("hello")
	for _, name := range []string{"disks", "media"} {
		set.Steps = append(set.Steps, artifact.Step{
			Machine: "vmm", Name: name, Phase: artifact.EndToEnd, Summary: name,
			Needs: []string{"[ -e /srv/" + name + " ] || { echo 'there are no " + name + "' >&2; false; }"},
			Apply: []string{"echo " + name + " >>/run/taken"},
		})
	}
	l.writeSteps(set)
	out, ok := m.run(apply)
	if ok {
		t.Errorf("it applies without what it needs:\n%s", out)
	}
	expect(t, out, "somebody has to bring it", "vmm: there are no disks\n", "vmm: there are no media\n")
	if out, ok := m.run("cat /run/taken /etc/greeting.conf"); ok {
		t.Errorf("the first step was done: %s", out)
	}
	m.must("touch /srv/disks /srv/media")
	expect(t, m.must(apply), "greeting: a greeting … ok\n", "disks … ok\n", "media … ok\n")

	m.must("rm /srv/disks /srv/media") // what is done needs nothing
	expect(t, m.must(apply), "disks … unchanged\n", "media … unchanged\n")
}

func TestApplyInstalls(t *testing.T) {
	l, m := oneMachine(t)
	l.writeSteps(greeting("hello"))
	expect(t, m.must(apply), "[1/1] vmm greeting: a greeting … ok\n")
	expect(t, m.must("stat -c '%U %G %a' /etc/greeting.conf; cat /etc/greeting.conf"), "root daemon 640\nhello\n")

	before := m.must("stat -c '%i %z' /etc/greeting.conf; cat /run/taken")
	expect(t, m.must(apply), "greeting: a greeting … unchanged\n")
	if after := m.must("stat -c '%i %z' /etc/greeting.conf; cat /run/taken"); after != before {
		t.Errorf("the second run changed the file:\n%s\n%s", before, after)
	}

	expect(t, m.must(apply+" --force"), "… ok\n")
	if after := m.must("stat -c '%i %z' /etc/greeting.conf"); !strings.HasPrefix(before, after) {
		t.Errorf("a forced run replaced an equal file:\n%s\n%s", before, after)
	}

	m.must("echo edited >/etc/greeting.conf")
	expect(t, m.must(apply), "… ok\n")
	expect(t, m.must("cat /etc/greeting.conf"), "hello\n")
}

func TestApplyRefuses(t *testing.T) {
	l, m := oneMachine(t)
	l.writeSteps(greeting("WRONG"))
	out, ok := m.run(apply)
	if ok {
		t.Errorf("a refused file is a success: %s", out)
	}
	expect(t, out, "FAILED", "failed: grep", "the ones before are back", "Resume: /lab/out/apply.sh --from vmm/greeting --local --yes\n")
	m.must("[ ! -e /etc/greeting.conf ]")

	l.writeSteps(greeting("hello"))
	m.must(apply)
	l.writeSteps(greeting("WRONG"))
	if out, ok := m.run(apply); ok {
		t.Errorf("a refused file is a success: %s", out)
	}
	expect(t, m.must("stat -c '%G %a' /etc/greeting.conf; cat /etc/greeting.conf"), "daemon 640\nhello\n")
	m.must("[ -z \"$(find / -xdev -name '.stackgen*')\" ]; [ ! -e /run/stackgen/plain/old/greeting ]")

	l.writeSteps(greeting("hello"))
	expect(t, m.must(apply), "… ok\n")
}

// TestApplyFullDisk has no room for the new file: the old one stays.
func TestApplyFullDisk(t *testing.T) {
	l, m := oneMachine(t)
	m.must("mkdir /full && mount -t tmpfs -o size=64k,mode=755 tmpfs /full")
	set := greeting("hello")
	set.Files[0].Install.Path = "/full/greeting.conf"
	set.Steps[0].Check, set.Steps[0].Apply, set.Steps[0].Verify = nil, nil, nil
	l.writeSteps(set)
	m.must(apply)
	m.must("head -c 60k /dev/zero >/full/rest || true")
	set.Files[0].Content = strings.Repeat("x", 100_000) + "\n"
	l.writeSteps(set)
	out, ok := m.run(apply)
	if ok {
		t.Errorf("a full disk is a success: %s", out)
	}
	expect(t, out, "No space left on device", "the ones before are back")
	expect(t, m.must("cat /full/greeting.conf; ls -A /full"), "hello\n", "greeting.conf\nrest\n")
	m.must("rm /full/rest; mount -o remount,size=1m /full")
	expect(t, m.must(apply), "… ok\n")
}

// TestApplyLock has two runs at the same time: the second is refused.
func TestApplyLock(t *testing.T) {
	l, m := oneMachine(t)
	set := greeting("hello")
	set.Steps[0].Apply = []string{"touch /run/started", "until [ -e /run/go-on ]; do sleep 0.1; done", "cp /etc/greeting.conf /run/greeting"}
	l.writeSteps(set)
	m.must("(" + apply + " >/run/first 2>&1; echo $? >/run/first.status) >/dev/null 2>&1 & until [ -e /run/started ]; do sleep 0.1; done")
	out, ok := m.run(apply)
	if ok {
		t.Errorf("a second run at the same time is a success: %s", out)
	}
	expect(t, out, "another run of apply.sh for plain is under way")
	m.must("touch /run/go-on; until [ -e /run/first.status ]; do sleep 0.1; done; cat /run/first; grep -x 0 /run/first.status")
}

// TestApplyKilled ends a run at once, in the middle of each part of its step,
// and then runs it again.
func TestApplyKilled(t *testing.T) {
	l, m := oneMachine(t)
	hang := "if [ ! -e /run/hung ]; then touch /run/hung; sleep 1; fi"
	for _, part := range []string{"check", "apply", "verify"} {
		set := greeting("killed in " + part)
		s := &set.Steps[0]
		lines := map[string]*[]string{"check": &s.Check, "apply": &s.Apply, "verify": &s.Verify}[part]
		*lines = append([]string{hang}, *lines...)
		l.writeSteps(set)
		m.must("rm -f /run/hung; " + apply + " >/dev/null 2>&1 & pid=$!; until [ -e /run/hung ]; do sleep 0.05; done; kill -9 $pid")
		expect(t, m.must(apply), "vmm greeting: a greeting … ", "\n")
		expect(t, m.must("cat /etc/greeting.conf /run/greeting; find / -xdev -name '.stackgen*'"), "killed in "+part+"\nkilled in "+part+"\n")
		expect(t, m.must(apply), "unchanged\n")
	}
}

// TestApplyPrune reports what has left the stack and removes it only when told
// to.
func TestApplyPrune(t *testing.T) {
	l, m := oneMachine(t)
	two := greeting("hello")
	extra := two.Files[0]
	extra.Path, extra.Install = "etc/extra.conf", artifact.At("etc/extra.conf")
	two.Files = append(two.Files, extra)
	two.Files = append(two.Files, artifact.File{Machine: "vmm", Path: "etc/other.conf", Content: "x\n", Step: "other", Install: artifact.At("etc/other.conf")})
	two.Steps = append(two.Steps, artifact.Step{Machine: "vmm", Name: "other", Phase: artifact.Cache, Summary: "another step"})
	l.writeSteps(two)
	m.must("echo 'was here' >/etc/extra.conf; " + apply)
	l.writeSteps(greeting("hello"))
	for range 2 {
		expect(t, m.must(apply), "vmm: no longer in the stack: /etc/extra.conf\n", "vmm: no longer in the stack: /etc/other.conf\n")
	}
	m.must("cat /etc/extra.conf /etc/other.conf")
	expect(t, m.must(apply+" --prune"), "greeting … ok\n", "vmm: removed: /etc/other.conf")
	m.must("grep -x 'was here' /etc/extra.conf && [ ! -e /etc/other.conf ] && [ -e /etc/greeting.conf ]")
	if out := m.must(apply); strings.Contains(out, "no longer") {
		t.Errorf("after a prune: %s", out)
	}
}

// TestApplySecrets looks for the value everywhere it must not be, while the step
// runs and afterwards.
func TestApplySecrets(t *testing.T) {
	l, m := oneMachine(t)
	secret := artifact.Secret{Name: "db01/user", Encoding: artifact.SQL}
	set := greeting("password '" + secret.PlaceHolder() + "'")
	set.Files[0].Secrets = []artifact.Secret{secret}
	set.Steps[0].Apply = []string{
		"cp /etc/greeting.conf /run/greeting",
		"for f in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <\"$f\" || true; echo; done >/run/ps 2>/dev/null",
		"find /run/stackgen -perm /077 -type f >/run/readable",
	}
	set.Steps[0].Verify = []string{"cat /etc/greeting.conf; false"}
	l.writeSteps(set)
	out, ok := m.run("STACKGEN_SECRET_DB01_USER=\"hunt'er2\" " + apply)
	if ok {
		t.Fatal("the step should have failed, to show its output")
	}
	expect(t, out, "FAILED", "password '***'")
	expect(t, m.must("cat /etc/greeting.conf"), `password 'hunt\'er2'`)
	m.must("[ ! -s /run/readable ]; grep -q bash /run/ps")
	for _, place := range []string{"/run/ps", "~root/.local/state/stackgen", "/var/lib/stackgen", "/run/stackgen"} {
		if found, ok := m.run("grep -r 'hunt' " + place); ok {
			t.Errorf("the secret is in %s: %s", place, found)
		}
	}
	if strings.Contains(out, "hunt") {
		t.Errorf("the secret is shown: %s", out)
	}
}
