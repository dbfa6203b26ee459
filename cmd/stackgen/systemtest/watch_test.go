//go:build linux

package systemtest

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// The owner's address, and one of somebody else's.
const (
	office = "198.51.100.10"
	abroad = "198.51.100.99"
)

// open waits until connections from an address of a machine are possible.
func (s *stack) open(m *machine, from string, targets ...string) {
	s.t.Helper()
	for _, target := range targets {
		until(s.t, from+" to reach "+target, time.Minute, func() bool { return m.connects(from, target) })
	}
}

// closed tries connections that must not be possible.
func (s *stack) closed(m *machine, from string, targets ...string) {
	s.t.Helper()
	for _, target := range targets {
		if m.connects(from, target) {
			s.t.Errorf("%s reaches %s", from, target)
		}
	}
}

func (m *machine) connects(from, target string) bool {
	m.t.Helper()
	host, port, _ := strings.Cut(target, ":")
	_, ok := m.run(fmt.Sprintf("python3 -c 'import socket; socket.create_connection((%q, %s), 3, (%q, 0))'", host, port, from))
	return ok
}

// imprint is what an apply could change on a machine besides its files: the main
// processes; addresses, routes and rules; what is in the database.
const imprint = `for unit in $(systemctl list-units --plain --no-legend --type=service --state=running | cut -d' ' -f1 | grep -v -e ^user -e ^run-); do
  echo "$unit $(systemctl show --value --property MainPID "$unit")"
done
ip -o address show scope global | grep -v vtun0 || true
ip route show | grep -v vtun0 || true
nft --stateless list ruleset
ovs-vsctl --timeout=5 show 2>/dev/null || true
if systemctl --quiet is-active mariadb; then mariadb-dump --skip-dump-date test; mariadb -e 'SHOW GRANTS FOR user@10.0.1.3'; fi`

// imprint is taken of all machines that apply goes to.
func (s *stack) imprint() map[string]string {
	s.t.Helper()
	prints := map[string]string{"vmm": s.vmm.written() + s.vmm.must(imprint)}
	for name, g := range s.guests {
		prints[name] = g.written() + g.must(imprint)
	}
	return prints
}

// written lists what a machine has written, with the time of each last change,
// which tells of the same bytes written again, too. Daemons and their logs are at
// home in /var; what was removed is a device here.
func (m *machine) written() string {
	m.t.Helper()
	upper := fmt.Sprintf("/proc/%d/root%s/u", m.outer, m.dir)
	return here(m.t, "find", upper, "-path", upper+"/var", "-prune", "-o", "!", "-type", "c", "-printf", "%P %i %m %u %C@\\n")
}

// same fails the test when a line of an imprint has come or gone, except those
// with a beginning that may differ.
func (s *stack) same(before map[string]string, after string, may ...string) {
	s.t.Helper()
	for name, now := range s.imprint() {
		for _, line := range append(missing(before[name], now), missing(now, before[name])...) {
			if !hasPrefix(line, may) {
				s.t.Errorf("%s changed on %s: %s", after, name, line)
			}
		}
	}
}

func hasPrefix(line string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(line, p) {
			return true
		}
	}
	return false
}

// missing are the lines of a text that another does not have.
func missing(text, other string) (lines []string) {
	has := map[string]bool{}
	for line := range strings.Lines(other) {
		has[line] = true
	}
	for line := range strings.Lines(text) {
		if !has[line] {
			lines = append(lines, strings.TrimSuffix(line, "\n"))
		}
	}
	return lines
}

// step is a line of progress.
type step struct{ machine, name, outcome string }

var progress = regexp.MustCompile(`(?m)^\[\d+/\d+\] (\S+) (\S+): .* … (\S+)$`)

// steps applies and tells what came of each step.
func (s *stack) steps(options string) (list []step) {
	s.t.Helper()
	out := s.owner.must(s.command("out/apply.sh --yes " + options))
	for _, m := range progress.FindAllStringSubmatch(out, -1) {
		list = append(list, step{m[1], m[2], m[3]})
	}
	if len(list) == 0 {
		s.t.Fatalf("no steps in:\n%s", out)
	}
	return list
}
