package libvirt

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// fakeVirsh keeps domains in the directory $STATE: NAME.xml is the definition,
// NAME.state what the domain does, NAME.autostart is there if it starts with
// the host. It writes each command that changes something to $STATE/log. Like
// libvirt it lists devices in another order once a domain has been started, as
// long as it is not defined again.
const fakeVirsh = `#!/bin/sh
[ "$1" = -q ] || exit 9
[ "$LC_ALL $LIBVIRT_DEFAULT_URI" = "C qemu:///system" ] || exit 9
shift
log() { echo "$*" >>"$STATE/log"; }
known() { [ -e "$STATE/$1.xml" ] || { echo "error: failed to get domain '$1'" >&2; exit 1; }; }
case "$1 $2" in
"define --validate")
  name=$(basename "$3" .xml)
  cmp -s "$3" "$STATE/$name.xml" || log define "$name"
  cp "$3" "$STATE/$name.xml"; : >"$STATE/$name.fresh" ;;
"dumpxml --inactive")
  known "$3"
  if [ -e "$STATE/$3.fresh" ]; then cat "$STATE/$3.xml"; exit; fi
  sed -e '/<memballoon/d' -e 's#^  <devices>#&\n    <memballoon model="virtio"/>#' "$STATE/$3.xml" ;;
"domstate "*) known "$2"; cat "$STATE/$2.state" 2>/dev/null || echo "shut off" ;;
"dominfo "*)
  known "$2"; on=disable
  [ ! -e "$STATE/$2.autostart" ] || on=enable
  printf 'Id:             -\nName:           %s\nAutostart:      %s\n' "$2" "$on" ;;
"autostart --disable") known "$3"; log autostart --disable "$3"; rm "$STATE/$3.autostart" ;;
"autostart "*) known "$2"; log autostart "$2"; : >"$STATE/$2.autostart" ;;
"domname "*) grep -l "<uuid>$2</uuid>" "$STATE"/*.xml 2>/dev/null | sed 's#.*/##; s#\.xml$##' ;;
"domrename "*)
  known "$2"; log domrename "$2" "$3"
  for f in "$STATE/$2".*; do mv "$f" "$STATE/$3.${f##*.}"; done ;;
"start "*)
  known "$2"
  [ ! -e "$STATE/$2.state" ] || [ "$(cat "$STATE/$2.state")" = crashed ] || { echo "error: Domain is already active" >&2; exit 1; }
  rm "$STATE/$2.fresh"
  log start "$2"; echo running >"$STATE/$2.state" ;;
*) echo "error: unknown command: '$1'" >&2; exit 9 ;;
esac
`

// host has a fake libvirt, and the folder of a rendered tree.
type host struct{ state, tree, bin string }

func newHost(t *testing.T) host {
	t.Helper()
	h := host{state: t.TempDir(), tree: t.TempDir(), bin: t.TempDir()}
	if err := os.WriteFile(filepath.Join(h.bin, "virsh"), []byte(fakeVirsh), 0o755); err != nil {
		t.Fatal(err)
	}
	return h
}

// run renders a variant of the reference stack, runs its script, and gives what
// it printed and the commands that changed something.
func (h host) run(t *testing.T, patch string) (output string, changes []string, ok bool) {
	t.Helper()
	place(t, h.tree, render(t, rendertest.Variant(t, "nullzero", patch)))
	output, ok = rendertest.Run(t, "env", "PATH="+h.bin+":"+os.Getenv("PATH"), "STATE="+h.state, "sh", filepath.Join(h.tree, "vmm/libvirt/domains.sh"))
	log, err := os.ReadFile(filepath.Join(h.state, "log"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	os.Remove(filepath.Join(h.state, "log"))
	return output, strings.FieldsFunc(string(log), func(r rune) bool { return r == '\n' }), ok
}

func (h host) set(t *testing.T, vm, state string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(h.state, vm+".state"), []byte(state+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// macs is a patch of the last bytes of the router's addresses.
func macs(eth0, eth1 string) string {
	return "{ vms+: { rtr01+: { interfaces+: { eth0+: { mac: '52:54:00:00:00:" + eth0 + "' }, eth1+: { mac: '52:54:00:00:00:" + eth1 + "' } } } } }"
}

func TestDomainsScript(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	steps := []struct {
		name, patch string
		before      func()
		changes     []string
		says        []string
	}{
		{name: "the first run", patch: `{}`,
			changes: []string{
				"define db01", "autostart db01", "start db01", "define lb01", "autostart lb01", "start lb01",
				"define rtr01", "autostart rtr01", "start rtr01", "define web01", "autostart web01", "start web01"},
			says: []string{"db01: defined", "web01: autostart enabled", "web01: started"}},
		{name: "the second run", patch: `{}`},
		{name: "a change of a running domain", patch: `{ vms+: { web01+: { memory: '8GiB' } } }`,
			changes: []string{"define web01"}, says: []string{"web01: definition changed", "web01: restart needed"}},
		{name: "a change of a domain that is off", patch: `{ vms+: { web01+: { memory: '6GiB' } } }`,
			before:  func() { os.Remove(filepath.Join(h.state, "web01.state")) },
			changes: []string{"define web01", "start web01"}, says: []string{"web01: definition changed", "web01: started"}},
		{name: "no autostart", patch: `{ vms+: { web01+: { memory: '6GiB', autostart: false } } }`,
			changes: []string{"autostart --disable web01"}, says: []string{"web01: autostart disabled"}},
		{name: "nothing new", patch: `{ vms+: { web01+: { memory: '6GiB', autostart: false } } }`},
		{name: "a crashed domain", patch: `{ vms+: { web01+: { memory: '6GiB', autostart: false } } }`,
			before: func() { h.set(t, "web01", "crashed") }, changes: []string{"start web01"}, says: []string{"web01: started"}},
		{name: "a paused domain", patch: `{ vms+: { web01+: { memory: '6GiB', autostart: false } } }`,
			before: func() { h.set(t, "web01", "paused") }, says: []string{"web01: left as it is: paused"}},
		{name: "two interfaces", patch: macs("02", "03"), changes: []string{"define rtr01", "define web01", "autostart web01"}, says: []string{"rtr01: restart needed"}},
		{name: "the same, swapped", patch: macs("03", "02"), changes: []string{"define rtr01"}, says: []string{"rtr01: restart needed"}},
	}
	for _, s := range steps {
		if s.before != nil {
			s.before()
		}
		out, changes, ok := h.run(t, s.patch)
		if !ok || !slices.Equal(changes, s.changes) {
			t.Errorf("%s: success %t, changes\n got %q\nwant %q\n%s", s.name, ok, changes, s.changes, out)
		}
		for _, line := range s.says {
			if !strings.Contains(out, line) {
				t.Errorf("%s: %q is not in the output\n%s", s.name, line, out)
			}
		}
		if len(s.says) == 0 && out != "" {
			t.Errorf("%s: says %q", s.name, out)
		}
	}
}

// TestDomainsScriptStops wants a domain that libvirt refuses to end the run.
func TestDomainsScriptStops(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	fake := strings.Replace(fakeVirsh, "  cmp -s", "  [ $name != lb01 ] || exit 1\n  cmp -s", 1)
	if err := os.WriteFile(filepath.Join(h.bin, "virsh"), []byte(fake), 0o755); err != nil {
		t.Fatal(err)
	}
	if out, changes, ok := h.run(t, `{}`); ok || slices.Contains(changes, "define rtr01") {
		t.Errorf("success %t, changes %q: %s", ok, changes, out)
	}
}

func TestStep(t *testing.T) {
	topo := rendertest.Topology(t, "nullzero")
	s := render(t, topo).Steps[0]
	eth1 := topo.VM("rtr01").Interface("eth1").UUID
	for _, want := range []string{
		`[ "$(LC_ALL=C virsh -q -c qemu:///system domstate rtr01)" = running ]`,
		`[ -n "$(ovs-vsctl --bare --columns=name find Interface external_ids:iface-id=` + eth1 + ` 'ofport>0')" ]`,
	} {
		if !slices.Contains(s.Verify, want) {
			t.Errorf("%q is not in the verify lines %q", want, s.Verify)
		}
	}
	if want := 4 + 5; len(s.Verify) != want {
		t.Errorf("%d verify lines for 4 VMs with 5 interfaces", len(s.Verify))
	}
}

// TestRenamed: a domain that has a new name is renamed and not made anew: while it is
// off. Its UUID, its disk, its MAC address and what is noted of it stay.
func TestRenamed(t *testing.T) {
	h := newHost(t)
	if out, _, ok := h.run(t, "{}"); !ok {
		t.Fatal(out)
	}
	const patch = `{ vms+: { web01:: {}, www: super.web01 { renamedFrom: 'web01' }, lb01+: { varnish+: { backends: { web01: { vm: 'www', port: 80, probe: { url: '/' } } } } },
		db01+: { mariadb+: { users+: { user+: { hosts: ['www'] } } } } } }`
	out, changes, ok := h.run(t, patch)
	if ok || !strings.Contains(out, "web01 is to be www, and it is on") || slices.ContainsFunc(changes, func(c string) bool { return strings.Contains(c, "www") }) {
		t.Errorf("while it is on: success %t, output %q, changes %q", ok, out, changes)
	}
	if err := os.Remove(filepath.Join(h.state, "web01.state")); err != nil { // somebody shuts it down
		t.Fatal(err)
	}
	out, changes, ok = h.run(t, patch)
	if !ok || !slices.Contains(changes, "domrename web01 www") || !strings.Contains(out, "www: renamed from web01\n") {
		t.Errorf("success %t, output %q, changes %q", ok, out, changes)
	}
	if _, changes, ok := h.run(t, patch); !ok || slices.Contains(changes, "domrename web01 www") {
		t.Errorf("a second run: success %t, changes %q", ok, changes)
	}
	old, new := rendertest.Topology(t, "nullzero"), rendertest.Variant(t, "nullzero", patch)
	was, is := old.VM("web01"), new.VM("www")
	if is.UUID != was.UUID || is.Interfaces[0].MAC != was.Interfaces[0].MAC || new.DiskPath(is, &is.Disks[0]) != old.DiskPath(was, &was.Disks[0]) {
		t.Errorf("the renamed machine is %s %s %s", is.UUID, is.Interfaces[0].MAC, new.DiskPath(is, &is.Disks[0]))
	}
	for _, s := range render(t, new).Steps {
		for _, thing := range s.Makes {
			if thing.Words[1] == was.UUID && thing.Words[0] != "web01" {
				t.Errorf("noted as %q, and so web01 has left", thing.Words)
			}
		}
	}
}
