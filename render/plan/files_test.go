package plan

import (
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/templates"
)

// onMachine runs lines of bash after the functions that run on machines, as root, with
// a file system of its own in /mnt, all of whose folders are root's.
func onMachine(t *testing.T, lines string) (output string, ok bool) {
	t.Helper()
	library := rendertest.Write(t, "machine.sh", templates.AsItIs("plan/both")+templates.AsItIs("plan/machine"))
	return rendertest.Alone(t, `mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir -p /mnt/state/steps /mnt/run /mnt/etc
exec bash -c '. "$1"; STATE=/mnt/state RUN=/mnt/run OLD=/mnt/run/old SELF=m PRUNE=""; cd /mnt; set -euo pipefail
`+strings.ReplaceAll(lines, "'", `'\''`)+`' - '`+library+`'`)
}

// TestEnter: whoever can exchange a folder on the way is who acts in it, or the folder is
// refused.
func TestEnter(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		lines string
		ok    bool
		want  string
	}{
		"root's own":               {"mkdir a; enter /mnt/a", true, "/mnt/a as \n"},
		"made on the way":          {"enter /mnt/a//b/c/", true, "/mnt/a/b/c as \n"},
		"somebody's":               {"mkdir a; chown nobody a; enter /mnt/a/b; stat -c %U .", true, "nobody\n/mnt/a/b as 65534\n"},
		"root's below somebody's":  {"mkdir -p a/b; chown nobody a; enter /mnt/a/b", true, "/mnt/a/b as 65534\n"},
		"of two":                   {"mkdir -p a/b; chown nobody a; chown daemon a/b; enter /mnt/a/b", false, "users 65534 and 1 can write to /mnt/a/b"},
		"everybody's":              {"mkdir -m 1777 a; enter /mnt/a/b", false, "everybody can write to /mnt/a"},
		"a group's":                {"mkdir a; chgrp games a; chmod 775 a; enter /mnt/a", false, "group 60 can write to /mnt/a"},
		"a group of nobody":        {"mkdir a; chgrp staff a; chmod 2775 a; enter /mnt/a", true, "/mnt/a as \n"},
		"a link of root's":         {"mkdir -p a b/c; ln -s ../b a/l; enter /mnt/a/l/c", true, "/mnt/b/c as \n"},
		"a link into somebody's":   {"mkdir -p a/b; chown nobody a; ln -s /mnt/a/b l; enter /mnt/l", true, "/mnt/a/b as 65534\n"},
		"a link of somebody's":     {"mkdir a etc/x; chown nobody a; ln -s /mnt/etc a/l; enter /mnt/a/l; as_owner touch y", false, "Permission denied"},
		"a link to itself":         {"ln -s l l; enter /mnt/l", false, "too many links"},
		"a file":                   {"touch a; enter /mnt/a/b", false, "Not a directory"},
		"of whom nobody has heard": {"mkdir a; chown 4321 a; enter /mnt/a; as_owner true", false, "belongs to user 4321, whom this machine does not know"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, ok := onMachine(t, tt.lines+`; echo "$PWD as $AS"`)
			if ok != tt.ok || !strings.Contains(out, tt.want) {
				t.Errorf("%s: %t, want %t with %q:\n%s", tt.lines, ok, tt.ok, tt.want, out)
			}
		})
	}
}

// raced has chown(1) and cp(1), as root calls them, find a link in the place of what
// they are about to work on: the owner of the folder was quicker.
const raced = `
mkdir bin a
chown nobody a
echo secret >victim
chmod 600 victim
for program in chown chmod cp mv; do
  printf '#!/bin/bash\nfor f in /mnt/a/.stackgen.*; do setpriv --reuid=65534 --clear-groups ln -sfT /mnt/victim "$f" 2>/dev/null; done\nexec /bin/%s "$@"\n' $program >bin/$program
  chmod 755 bin/$program
done
PATH=/mnt/bin:$PATH
echo new >new
`

// TestRace: whoever owns a folder cannot have root give him, or overwrite, what is not his.
func TestRace(t *testing.T) {
	t.Parallel()
	for name, lines := range map[string]string{
		"put":      "put new nobody:nogroup 644 /mnt/a/f || true",
		"put back": "echo old >a/f; chown nobody a/f; keep_old s /mnt/a/f; echo new >a/f; put_back s || true",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, ok := onMachine(t, raced+lines+"; stat -c '%U %a' victim; cat victim")
			if !ok || !strings.HasSuffix(out, "root 600\nsecret\n") {
				t.Errorf("%s: %t\n%s", lines, ok, out)
			}
		})
	}
}

func TestPut(t *testing.T) {
	t.Parallel()
	const show = `; stat -c '%U:%G %a' /mnt/a/f; cat /mnt/a/f; ls -A /mnt/a`
	for name, tt := range map[string]struct {
		lines string
		ok    bool
		want  string
	}{
		"root's":                  {"put new root:daemon 640 /mnt/a/f" + show, true, "root:daemon 640\nnew\nf\n"},
		"in the place of another": {"mkdir a; echo old >a/f; put new root:root 4755 /mnt/a/f" + show, true, "root:root 4755\nnew\nf\n"},
		"in the place of a link":  {"mkdir a; ln -s /mnt/new a/f; put new root:root 600 /mnt/a/f" + show, true, "root:root 600\nnew\nf\n"},
		"somebody's":              {"mkdir a; chown nobody a; put new nobody:nogroup 600 /mnt/a/f" + show, true, "nobody:nogroup 600\nnew\nf\n"},
		"root's in somebody's":    {"mkdir a; chown nobody a; put new root:root 600 /mnt/a/f", false, "/mnt/a/f: /mnt/a belongs to nobody, who could exchange a file of root there"},
		"what a killed run left":  {"mkdir a; touch a/.stackgen.abcdef; put new root:root 600 /mnt/a/f" + show, true, "root:root 600\nnew\nf\n"},
		"a folder has the name":   {"mkdir -p a/f; put new root:root 600 /mnt/a/f", false, "cannot overwrite directory"},
		"no such owner":           {"put new root:nowhere 600 /mnt/a/f", false, "invalid group"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, ok := onMachine(t, "echo new >new; "+tt.lines)
			if ok != tt.ok || !strings.Contains(out, tt.want) {
				t.Errorf("%s: %t, want %t with %q:\n%s", tt.lines, ok, tt.ok, tt.want, out)
			}
		})
	}
}

// TestPutBack: what was there comes back to a disk that is full, and what does not is
// told and kept.
func TestPutBack(t *testing.T) {
	t.Parallel()
	const full = "mkdir disk; mount -t tmpfs -o size=64k,mode=755 tmpfs disk; head -c 20k /dev/zero >disk/f; chmod 640 disk/f; setfattr -n user.mark -v x disk/f 2>/dev/null || true; echo new >new\n"
	for name, tt := range map[string]struct {
		lines string
		ok    bool
		want  string
	}{
		"a full disk": {full + "keep_old s /mnt/disk/f; put new root:root 600 /mnt/disk/f; cat /dev/zero >disk/rest 2>/dev/null || true; put_back s; stat -c '%a %s' disk/f; ls -A disk; [[ ! -e run/old/s ]]",
			true, "640 20480\nf\nrest\n"},
		"somebody's, on a full disk": {full + "chown nobody:nogroup disk disk/f; keep_old s /mnt/disk/f; put new nobody:nogroup 600 /mnt/disk/f; cat /dev/zero >disk/rest 2>/dev/null || true; " +
			"put_back s && exit 1; stat -c '%a %s' run/old/s/0; rm disk/rest; put_back s; stat -c '%U %a %s' disk/f; [[ ! -e run/old/s ]]",
			true, "/mnt/disk/f is not back as it was\nwhat was there before is in /mnt/run/old/s; the next run tries again\n640 20480\nnobody 640 20480\n"},
		"what was not there": {"echo new >new; keep_old s /mnt/etc/f; put new root:root 600 /mnt/etc/f; put_back s; ls -A etc; echo done", true, "done\n"},
		"its folder is gone": {"keep_old s /mnt/x/f; put_back s; ls -A; echo done", true, "etc\nrun\nstate\ndone\n"},
		"a link":             {"ln -s /nowhere etc/f; echo new >new; keep_old s /mnt/etc/f; put new root:root 600 /mnt/etc/f; put_back s; readlink etc/f; ls -A etc", true, "/nowhere\nf\n"},
		"for good":           {"echo old >etc/f; echo new >new; keep_old s /mnt/etc/f; put new root:root 600 /mnt/etc/f; forget_old s; cat etc/f; ls -A etc run/old", true, "new\nf\n\nrun/old"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, ok := onMachine(t, tt.lines)
			if name == "for good" {
				tt.want = "new\netc:\nf\n\nrun/old:\n"
			}
			if ok != tt.ok || !strings.Contains(out, tt.want) {
				t.Errorf("%s: %t, want %t with %q:\n%s", tt.lines, ok, tt.ok, tt.want, out)
			}
		})
	}
}

// TestPrune: what was there before us comes back, however often it was replaced since.
func TestPrune(t *testing.T) {
	t.Parallel()
	const step = `
PRUNE=yes
echo was >etc/before; chmod 640 etc/before
step_m_s() { if [[ $1 == files ]]; then for f in $FILES; do installs new root:root 644 /mnt/etc/$f; done; fi; }
run_step() { echo "$1" >new; FILES=$2; install_files s; prune s; forget_old s; record s; }
`
	for name, tt := range map[string]struct{ lines, want string }{
		"one of two stays": {"run_step 1 'before after stays'; run_step 2 'before after stays'; run_step 3 stays; stat -c %a etc/before; cat etc/before; ls etc",
			"removed: /mnt/etc/after\nas it was before: /mnt/etc/before\n640\nwas\nbefore\nstays\n"},
		"comes again":    {"run_step 1 before; run_step 2 ''; echo edited >etc/before; run_step 3 before; run_step 4 ''; cat etc/before", "as it was before: /mnt/etc/before\nas it was before: /mnt/etc/before\nedited\n"},
		"nobody knows":   {"echo /mnt/etc/old >state/steps/s.installed; echo x >etc/old; run_step 1 old; run_step 2 ''; cat etc/old", "stays, since nobody knows whether it was there before: /mnt/etc/old\n1\n"},
		"the step left":  {"run_step 1 'before after'; unset -f step_m_s; left; prune_steps plain; left; cat etc/before; ls etc state/steps", "/mnt/etc/after\n/mnt/etc/before\nremoved: /mnt/etc/after\nas it was before: /mnt/etc/before\nwas\netc:\nbefore\n\nstate/steps:\n"},
		"it was guarded": {"run_step 1 before; touch state/steps/s.guarded; unset -f step_m_s; prune_steps plain; left; cat etc/before", "network /mnt/etc/before\n1\n"},
		"and is undone": {"run_step 1 before; touch state/steps/s.guarded; unset -f step_m_s; REMOVAL=@removal; prune_steps guarded; cat etc/before; put_back @removal; cat etc/before; left",
			"as it was before: /mnt/etc/before\nwas\n1\nnetwork /mnt/etc/before\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if out, ok := onMachine(t, step+tt.lines); !ok || out != tt.want {
				t.Errorf("%s: %t\n got %s\nwant %s", tt.lines, ok, out, tt.want)
			}
		})
	}
}
