//go:build linux

package systemtest

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestFaults does to the reference stack what will happen to it. After each fault
// a plain run, and nothing else, makes it whole.
func TestFaults(t *testing.T) {
	s := newStack(t)
	f := faults{stack: s}
	f.killedAtEachStep()
	f.killedInEachStep()
	f.refused()
	f.fullDisks()
	f.silent()
	f.secretsMissing()
	f.twoRuns()
	f.whole("all of it")
	t.Logf("faults of an apply and what is left of them:\n%s", f.table())
}

// faults counts them.
type faults struct {
	*stack
	rows []*faultRow
}

// faultRow is one kind of fault: how often it was tried, how often it struck
// while there was something to strike, how often the stack was whole afterwards.
type faultRow struct {
	what               string
	tried, hit, healed int
}

func (f *faults) row(what string) *faultRow {
	f.t.Log(what)
	r := &faultRow{what: what}
	f.rows = append(f.rows, r)
	return r
}

func (f *faults) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-72s %5s %5s %6s\n", "fault", "tried", "hit", "healed")
	for _, r := range f.rows {
		fmt.Fprintf(&b, "%-72s %5d %5d %6d\n", r.what, r.tried, r.hit, r.healed)
		if r.hit == 0 || r.healed != r.tried {
			f.t.Errorf("%s: tried %d times, hit %d, healed %d", r.what, r.tried, r.hit, r.healed)
		}
	}
	return b.String()
}

// on is a machine of the stack.
func (s *stack) on(name string) *machine {
	if name == s.vmm.name {
		return s.vmm
	}
	return s.guests[name]
}

// listed are the steps that options choose, without those that are done here.
func (s *stack) listed(options string) (list []step) {
	s.t.Helper()
	for line := range strings.Lines(s.owner.must(s.command("out/apply.sh --list " + options))) {
		if machine, name, ok := strings.Cut(strings.Fields(line)[0], "/"); ok && machine != "-" {
			list = append(list, step{machine: machine, name: name})
		}
	}
	return list
}

// serves asks for the page past the cache: router, cache, web server and database
// have to be there. It asks again for a while, since a machine that is busy lets
// the cache think that a server is gone.
func (s *stack) serves(after string) bool {
	s.t.Helper()
	got := ""
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(time.Second) {
		fresh := strings.Replace(page, "nullzero.me/", fmt.Sprintf("nullzero.me/?%d", time.Now().UnixNano()), 1)
		if got, _ = s.owner.run(fresh); got == "Hello World!" {
			return true
		}
	}
	s.t.Errorf("after %s, the page is %q", after, got)
	return false
}

// heals runs apply without further ado, and holds it to the page.
func (f *faults) heals(r *faultRow, options string) {
	f.t.Helper()
	out, ok := f.owner.run(f.command("out/apply.sh --yes " + options))
	if !ok {
		f.t.Errorf("%s: the next run fails:\n%s", r.what, out)
		return
	}
	if f.serves(r.what) {
		r.healed++
	}
}

// whole looks for what runs that ended badly could have left behind, and for
// anything that is still to do.
func (s *stack) whole(after string) {
	s.t.Helper()
	for name := range s.guests {
		s.tidy(name, after)
	}
	s.tidy("vmm", after)
	for _, step := range append(s.steps(onHost), s.steps(onGuests)...) {
		if step.outcome != "unchanged" && step.machine != "-" {
			s.t.Errorf("after %s, there is still to do: %v", after, step)
		}
	}
	s.serves(after)
}

// tidy holds a machine to having no half of a file, no copy of an old one, no
// undo that waits, and no secret in memory.
func (s *stack) tidy(name, after string) {
	s.t.Helper()
	left := s.on(name).must(`find / -xdev -name '.stackgen.??????' 2>/dev/null || true
ls -d /run/stackgen/*/stage /run/stackgen/*/guarded/` + name + ` /run/stackgen/*/old/* /var/lib/stackgen/*/network/armed 2>/dev/null || true`)
	if left != "" {
		s.t.Errorf("after %s, there is on %s:\n%s", after, name, left)
	}
}

// breaks edits a file of the tree, as a mistake of ours would.
func (s *stack) breaks(file, old, new string) {
	s.t.Helper()
	path := filepath.Join(s.share, "out", file)
	text, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		s.t.Fatalf("%s has no %q", file, old)
	}
	broken := []byte(strings.Replace(string(text), old, new, 1))
	if err := os.WriteFile(path, broken, 0o644); err != nil {
		s.t.Fatal(err)
	}
	s.vouches(file, fmt.Sprintf("%x", sha256.Sum256(text)), fmt.Sprintf("%x", sha256.Sum256(broken)))
}

// vouches has the manifest name another digest of a file: apply.sh takes no tree that was
// edited. Others may have had the same content.
func (s *stack) vouches(file, before, after string) {
	s.t.Helper()
	path := filepath.Join(s.share, "out", "manifest.json")
	text, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	head, tail, found := bytes.Cut(text, []byte(`"path": "`+file+`"`))
	if !found {
		s.t.Fatalf("the manifest does not have %s", file)
	}
	text = slices.Concat(head, []byte(`"path": "`+file+`"`), bytes.Replace(tail, []byte(before), []byte(after), 1))
	if err := os.WriteFile(path, text, 0o644); err != nil {
		s.t.Fatal(err)
	}
}
