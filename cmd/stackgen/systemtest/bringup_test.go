//go:build linux

package systemtest

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"stackgen/schema/release/releasetest"
)

// The steps of an apply around those that are libvirt's, for which the lab stands
// in: disks, their first boot, domains.
const (
	onHost   = "--host vmm --only packages --only ovs --only network"
	onGuests = "--from rtr01/packages"
)

const page = "curl -s --resolve app.nullzero.me:80:46.4.71.77 http://app.nullzero.me/"

// TestBringUp brings the reference stack up with its apply.sh, and then tries it.
// What is printed on the way is in the README.
func TestBringUp(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.bringUp()
	if !releasetest.Elsewhere() {
		isShown(t, "README.md", "make demo", s.shown.text.String())
	}
	s.secondRun()
	s.blocked()
	s.office()
	s.powerCut()
}

// bringUp goes from a fresh hypervisor to the page.
func (s *stack) bringUp() {
	s.t.Helper()
	s.say("A hypervisor as Debian's installer leaves it. Its owner, somewhere in the Internet, has the secrets.")
	s.show("out/apply.sh --yes " + onHost)
	s.say("The lab starts rtr01, lb01, web01, db01, in place of steps 4 to 6: containers, not libvirt.")
	s.start("rtr01", "lb01", "web01", "db01")
	s.show("out/apply.sh --yes " + onGuests)
	if got := s.show(page); got != "Hello World!" {
		s.t.Errorf("the page is %q", got)
	}
}

// secondRun applies everything again, by digest and by force: no file is
// written, no daemon starts again, no address, route, rule or row differs.
func (s *stack) secondRun() {
	s.t.Helper()
	before := s.imprint()
	for _, step := range append(s.steps(onHost), s.steps(onGuests)...) {
		if step.outcome != "unchanged" && step.machine != "-" {
			s.t.Errorf("the second run does %v", step)
		}
	}
	s.same(before, "the second run")
	s.steps("--force " + onHost)
	s.steps("--force " + onGuests)
	// The unit that would undo a change at the next boot comes and goes.
	s.same(before, "a forced run", "openvpn-server@vtun0.service ", "etc/systemd/system ", "etc/systemd/system/sysinit.target.wants ")
}

// blocked tries what must not be possible, each beside what must be.
func (s *stack) blocked() {
	s.t.Helper()
	s.owner.must("ip route replace 10.0.1.0/24 via 46.4.71.77") // the filter has to do it, not the lack of a route
	s.open(s.owner, abroad, "46.4.71.77:80", "46.4.71.77:22")
	s.open(s.guests["web01"], "10.0.1.3", "10.0.1.4:3306")
	s.closed(s.owner, abroad, "10.0.1.4:3306", "10.0.1.4:22", "10.0.1.3:80", "46.4.71.77:81", "46.4.71.77:3306", "46.4.71.77:6082")
	out, ok := s.guests["lb01"].run("mariadb --connect-timeout=20 -h 10.0.1.4 -u user -p'a \"quoted\" $word' test -e 'select 1' 2>&1")
	if ok || !strings.Contains(out, "is not allowed to connect") {
		s.t.Errorf("the database lets in a machine that has no account: %s", out)
	}
}

// office lets only its owner's address at the router: one step, and nothing that
// is open breaks.
func (s *stack) office() {
	s.t.Helper()
	s.use("{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-local'+: { rules+: { '10'+: { source: { address: '" + office + "' } } } } } } } } } }")
	for _, step := range s.steps(onGuests) {
		if is, want := step.outcome == "ok", step.name == "router" || step.machine == "-"; is != want {
			s.t.Errorf("a new source of a rule of the router does %v", step)
		}
	}
	s.open(s.owner, office, "46.4.71.77:22")
	s.closed(s.owner, abroad, "46.4.71.77:22")
	s.open(s.owner, abroad, "46.4.71.77:80")
}

// powerCut lets all machines start again: they come back to what they were by
// themselves.
func (s *stack) powerCut() {
	s.t.Helper()
	machines := append(slices.Collect(maps.Values(s.guests)), s.vmm)
	for _, m := range machines {
		m.powerOff()
	}
	s.closed(s.owner, office, "46.4.71.66:22", "46.4.71.77:80")
	s.vmm.boot()
	s.up(s.vmm)
	for _, g := range s.guests {
		s.switchOn(g)
	}
	s.up(slices.Collect(maps.Values(s.guests))...)
	s.open(s.owner, office, "46.4.71.66:22", "46.4.71.77:22", "46.4.71.77:80")
	s.closed(s.owner, abroad, "46.4.71.77:22", "10.0.1.4:3306")
	if got := s.owner.must(page); got != "Hello World!" {
		s.t.Errorf("after all machines were off the page is %q", got)
	}
	for _, step := range append(s.steps(onHost), s.steps(onGuests)...) {
		if step.outcome != "unchanged" && step.machine != "-" {
			s.t.Errorf("after all machines were off there is to do: %v", step)
		}
	}
}
