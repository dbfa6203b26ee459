package plan

import (
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

func TestHomes(t *testing.T) {
	if got := homes(rendertest.Topology(t, "nullzero")); got != "" {
		t.Errorf("of one host: %s", got)
	}
	topo := rendertest.Variant(t, "nullzero", "{ hosts+: { spare: { os: 'debian-12' } } }")
	var want strings.Builder
	want.WriteString("spare\nvmm\n")
	for _, v := range topo.VMs {
		want.WriteString("vmm " + v.Name + " " + v.UUID + "\n")
	}
	if got := homes(topo); got != want.String() {
		t.Errorf("homes\n got %s\nwant %s", got, want.String())
	}
}

// others replaces what reaches the machines: hosts a, b and c have the domains that
// are in variables of their names, and c is empty in the topology. A host whose
// variable is not set does not answer.
const others = `
homes() { printf '%s\n' a b c 'a web A-1' 'b db B-1' 'b mail B-2'; }
on() { case $4 in *'list --all'*) [[ -v $1 ]] && printf '%s\n' ${!1} ;; *) echo running ;; esac; }
await() { :; }
unlocked() { "$@"; }
log() { :; }
on_machine() { echo "on $*"; }
told() { printf '%s: %s\n' "$@"; }
progress() { echo "progress $1"; }
open_machine() { echo "open $1"; }
WORK=$(mktemp -d); trap 'rm -r "$WORK"' EXIT
STEPS=(a/ovs b/ovs a/libvirt b/libvirt) CURRENT=b/ovs
for id in "${STEPS[@]}"; do NUMBER[$id]=1 SUMMARY[$id]=x KIND[$id]=plain PENDING[$id]=yes; done
`

func TestLookElsewhere(t *testing.T) {
	t.Parallel()
	const look = `look_elsewhere b; echo "leaving: ${LEAVING[b/libvirt]-}"`
	tests := []struct {
		name, lines string
		ok          bool
		want        []string
		never       string
	}{
		{"a new stack", "a= b= c=; " + look, true, []string{"leaving: \n"}, "does not say"},
		{"all are there already", "b='B-1 B-2'; " + look, true, []string{"leaving: \n"}, "does not say"},
		{"one comes from another", "a='A-1 B-1' b=B-2 c=; " + look, false, []string{"db is still on a: running\n", "use --prune"}, "leaving"},
		{"one comes from a host that has none any more", "a=A-1 b=B-2 c=B-1; " + look, false, []string{"db is still on c: running\n"}, "leaving"},
		{"two come", "a='B-2 A-1' b= c=B-1; PRUNE=yes; " + look, true, []string{"open a\nopen c\n", "leaving: a mail B-2\nc db B-1\n"}, "still"},
		{"a UUID that begins alike", "a='A-1 B-10' b=B-2 c=B; " + look, true, []string{"leaving: \n"}, "still"},
		{"nothing is made there", "STEPS=(a/libvirt b/ovs); a=B-1 b= c=; " + look, true, []string{"leaving: \n"}, "still"},
		{"all is made there", "unset 'PENDING[b/libvirt]'; a=B-1 b= c=; " + look, true, []string{"leaving: \n"}, "still"},
		{"it has to be made anew", "unset 'PENDING[b/libvirt]'; FORCE=yes; a=B-1 b=B-2 c=; " + look, false, []string{"db is still on a"}, "leaving"},
		{"one host", "homes() { :; }; " + look, true, []string{"leaving: \n"}, "does not say"},
		{"a host of the run does not answer", "b=B-1 c=; " + look, false, []string{"a does not say which virtual machines it has; these must not be there: mail\n"}, "leaving"},
		{"another host does not answer", "a=A-1 b=; " + look, true, []string{"c: does not say which virtual machines it has; these must not be there: db mail\n", "progress b/ovs\n", "leaving: \n"}, "open"},
		{"its own host does not answer", "a=B-1 c=; " + look, false, []string{"db is still on a"}, "leaving"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out, ok := call(t, nil, others+tt.lines)
			rest := out
			for _, want := range tt.want {
				_, after, found := strings.Cut(rest, want)
				if !found {
					t.Errorf("%q is not in its place in\n%s", want, out)
				}
				rest = after
			}
			if ok != tt.ok || strings.Contains(out, tt.never) {
				t.Errorf("%s: %t, want %t, and never %q\n%s", tt.lines, ok, tt.ok, tt.never, out)
			}
		})
	}
}

// TestGiveUp: what moves leaves its host before the step that makes it, and stops that
// step if it does not.
func TestGiveUp(t *testing.T) {
	const leaving = others + "on_machine() { echo \"on $*\"; [[ $* != 'b step libvirt' ]] || echo made; }; outcome() { echo \"outcome $*\"; }; keep() { echo \"$2\"; }\n" +
		"LEAVING[b/libvirt]=$'a mail B-2\\nc db B-1'; "
	out, ok := call(t, nil, leaving+"run_step b/libvirt")
	want := "progress b/libvirt\nopen b\n\na: on a let-go mail B-2\nc: on c let-go db B-1\nprogress b/libvirt\non b step libvirt\nmade\noutcome b/libvirt ok\n"
	if !ok || out != want {
		t.Errorf("give_up: %t\n got %s\nwant %s", ok, out, want)
	}
	out, ok = call(t, nil, leaving+"on_machine() { echo \"on $*\"; [[ $* != 'a let-go'* ]]; }; RESUME=(--prune); run_step b/libvirt")
	if ok || strings.Contains(out, "b step libvirt") || strings.Contains(out, "on c") || !strings.Contains(out, "not all that has left the stack could be removed from a") {
		t.Errorf("a host that does not give up: %t\n%s", ok, out)
	}
}

// TestLetGo: only a domain that apply had made is taken away.
func TestLetGo(t *testing.T) {
	const state = `STATE=$HOME; SELF=a; remove_domain() { echo "undefined $*"; echo >"$HOME/gone"; }; is_there() { if [[ -e $HOME/gone ]]; then echo no; else echo yes; fi; }; `
	out, ok := call(t, nil, state+`printf 'domain web A-1\ndomain mail B-2\n' >"$STATE/things"; step_a_libvirt() { echo 'domain web A-1'; }; let_go mail B-2; cat "$STATE/things"`)
	if want := "undefined mail B-2\nremoved: domain mail B-2\ndomain web A-1\n"; !ok || out != want {
		t.Errorf("let_go: %t\n got %s\nwant %s", ok, out, want)
	}
	out, ok = call(t, nil, state+`echo 'domain mail B-2' >"$STATE/things"; set -e; let_go mail B-20; echo gone`)
	if ok || !strings.HasPrefix(out, "mail is not ours, and so stays") || strings.Contains(out, "undefined mail") || strings.Contains(out, "gone") {
		t.Errorf("let_go of what is not ours: %t\n%s", ok, out)
	}
}

// TestHostKeys: those of a guest that moved are on the host that it was on before. Its
// own host comes first, and one that this run has nothing to do with is not asked.
func TestHostKeys(t *testing.T) {
	const keys = others + `guests() { echo 'mail b mail.stack'; }
on() { echo "asked $1" >>"$HOME/asked"; [[ -v $1 ]] && echo "${!1}"; }
STATE=$HOME; mkdir "$STATE/known_hosts.d"; OPENED[a]=yes
learn_host_key mail; cat "$HOME/asked" "$WORK/known_hosts"`
	for lines, want := range map[string]string{
		"a=old b=$'one\ntwo'; ": "asked b\nmail.stack one\nmail.stack two\n",
		"a=old; ":               "asked b\nasked a\nmail.stack old\n",
		"c=old; ":               "asked b\nasked a\n",
	} {
		if out, ok := call(t, nil, lines+keys); !ok || out != want {
			t.Errorf("%s\n got %s\nwant %s", lines, out, want)
		}
	}
}

// finds has a machine on which a look finds a line of each kind.
const finds = others + `
found() { printf '%s\n' 'would make /etc/x' 'foreign interface a' 'foreign       address: 1' 'lack an image' 'stop a domain'; }
PENDING=() OPENED=()
`

// TestWhatStops: what somebody has to bring is said of all machines at once, by stop_for_lacks,
// and --replace-network is no answer to a domain.
func TestWhatStops(t *testing.T) {
	for name, tt := range map[string]struct{ lines, want string }{
		"a run": {finds + `CURRENT='' LOOKING=yes; stop_if_foreign a`, "apply.sh: a is not as the topology has it, and nothing has been changed there:\n" +
			"interface a\n      address: 1\na domain\nSay so in the topology, or --replace-network to replace it all the same; apply.sh --plan shows more.\n"},
		"a domain":        {finds + `CURRENT=''; found() { echo 'stop a domain'; return 1; }; stop_if_foreign a`, "apply.sh: a is not as the topology has it, and nothing has been changed there:\na domain\n"},
		"what is missing": {finds + `found() { echo 'lack an image'; }; LOOKING=yes; stop_if_foreign a`, ""},
		"a plan": {finds + `found | in_words`, "would make /etc/x\nstops the run, unless --replace-network: interface a\n      address: 1\n" +
			"missing: an image\nstops the run: a domain\n"},
	} {
		if out, _ := call(t, nil, tt.lines); out != tt.want {
			t.Errorf("%s\n got %q\nwant %q", name, out, tt.want)
		}
	}
}

// TestFailedBeforeItBegan: a step whose machine could not be opened is named all the same.
func TestFailedBeforeItBegan(t *testing.T) {
	const lines = `TOTAL=1 STEPS=(a/ovs) NUMBER[a/ovs]=1 SUMMARY[a/ovs]=bridges; log() { :; }; LOG=/dev/null`
	const want = "[1/1] a ovs: bridges … FAILED\nno\napply.sh: a/ovs failed."
	for _, begun := range []string{"CURRENT=a/ovs", "progress a/ovs"} {
		if out, _ := call(t, nil, lines+"; "+begun+"; die no"); !strings.HasPrefix(out, want) {
			t.Errorf("%s\n got %q\nwant %q", begun, out, want)
		}
	}
}
