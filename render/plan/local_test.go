package plan

import (
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
)

// applied runs lines of bash on a machine, vmm, that has nothing but a file system in
// /mnt and the tree of a stack with one step in $TREE. apply OPTION... does that step
// there.
func applied(t *testing.T, step artifact.Step, lines string) (output string, ok bool) {
	t.Helper()
	rendertest.Need(t, "flock")
	topo := rendertest.Topology(t, "nullzero")
	step.Machine, step.Name, step.Phase, step.Summary = "vmm", "greeting", artifact.Web, "a greeting"
	dir := treeOf(t, filesOf(t, topo, artifact.Set{
		Files: []artifact.File{{Machine: "vmm", Path: "etc/greeting.conf", Content: "hello\n", Step: "greeting",
			Install: &artifact.Install{Path: "/mnt/greeting.conf", Owner: "root", Group: "daemon", Mode: 0o640}}},
		Steps: []artifact.Step{step},
	}))
	return rendertest.Alone(t, `mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir -p /var/lib/stackgen /mnt/home
mount -t tmpfs -o mode=755 tmpfs /var/lib/stackgen
export HOME=/mnt/home TREE=`+dir+` STACKGEN_WAIT=5
unset XDG_STATE_HOME XDG_RUNTIME_DIR
trap - ERR; set +eE
apply() { "$TREE/apply.sh" --yes --local --host vmm --only greeting "$@" 2>&1; }
`+lines)
}

// inOrder fails unless all texts are in an output, in this order.
func inOrder(t *testing.T, output string, want ...string) {
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

// TestTwoOperators: who comes second does not take the files from under the hands of the
// first, and is told who that is.
func TestTwoOperators(t *testing.T) {
	t.Parallel()
	step := artifact.Step{Apply: []string{"touch /mnt/started", "until [ -e /mnt/go-on ]; do sleep 0.1; done"}}
	out, _ := applied(t, step, `
apply >/mnt/first & first=$!
until [ -e /mnt/started ]; do sleep 0.1; done
export XDG_STATE_HOME=/mnt/second
apply; echo "second: $?"
touch /mnt/go-on; wait "$first"; echo "first: $?"; cat /mnt/first
apply; ls /run/stackgen/nullzero
unset XDG_STATE_HOME
rm /mnt/started /mnt/go-on
"$TREE/apply.sh" --yes --local --host vmm --only greeting --force >/mnt/first 2>&1 & first=$!
until [ -e /mnt/started ]; do sleep 0.1; done
kill -9 "$first"; touch /mnt/go-on
export XDG_STATE_HOME=/mnt/second
apply; echo "second: $?"
apply --take-over; echo "second: $?"
unset XDG_STATE_HOME; apply`)
	const refused = " is at work there; if that run is over, use --take-over"
	inOrder(t, out, "root@", refused, "second: 1", "first: 0", "greeting: a greeting … ok\n", "unchanged\nlock\n",
		refused, "second: 1\n", "greeting: a greeting … ", "second: 0\n", "unchanged\n")
}

// TestAnotherStack of the same name on one machine is told, and nothing of it is done.
func TestAnotherStack(t *testing.T) {
	t.Parallel()
	out, _ := applied(t, artifact.Step{}, `
apply
echo 'other.example mail vmm' >/var/lib/stackgen/nullzero/stack
apply --force; echo "$?"
apply --same-stack; apply; cat /var/lib/stackgen/nullzero/stack`)
	inOrder(t, out, "… ok\n", "vmm belongs to another stack nullzero: domain other.example, machines mail vmm.", "\n1\n", "unchanged\n", "unchanged\nnullzero.me vmm\n")
}

// TestFilesArrive: what came to a machine otherwise than it was rendered is not run.
func TestFilesArrive(t *testing.T) {
	t.Parallel()
	out, _ := applied(t, artifact.Step{}, `
mkdir /mnt/bin
printf '#!/bin/bash\n/bin/tar "$@" || exit; case $1 in -xf) echo reboot >>stage/vmm/etc/greeting.conf ;; esac\n' >/mnt/bin/tar
chmod +x /mnt/bin/tar
PATH=/mnt/bin:$PATH apply; ls /mnt/greeting.conf`)
	inOrder(t, out, "vmm/etc/greeting.conf: FAILED", "vmm: the files could not be brought there", "cannot access '/mnt/greeting.conf'")
}
