//go:build linux

package systemtest

import (
	"fmt"
	"strings"
	"time"
)

// killed starts a run and kills it a while after it has begun its step of a
// number. It prints 137 if there was a run to kill.
const killed = `out/apply.sh --yes %s >/run/killed.out 2>&1 & pid=$!
until [ "$(grep -c '^\[' /run/killed.out)" -ge %d ]; do kill -0 $pid 2>/dev/null || break; sleep 0.02; done
sleep %s
kill -9 $pid 2>/dev/null || true
status=0; wait $pid 2>/dev/null || status=$?; echo $status`

// killedAtEachStep brings the stack up by runs of which each is killed, one step
// further on each time.
func (f *faults) killedAtEachStep() {
	f.t.Helper()
	r := f.row("kill -9 of apply.sh at each step of a bring-up")
	f.killedOneByOne(r, onHost)
	f.owner.must(f.command("out/apply.sh --yes " + onHost))
	f.start("rtr01", "lb01", "web01", "db01")
	f.killedOneByOne(r, onGuests)
	f.heals(r, onGuests)
	if r.healed == 1 {
		r.healed = r.tried
	}
	f.whole(r.what)
}

// killedOneByOne waits from nothing to almost a tenth of a second into the step:
// what comes after it is for the next run.
func (f *faults) killedOneByOne(r *faultRow, options string) {
	f.t.Helper()
	for n := range len(f.listed(options)) {
		r.tried++
		out := f.owner.must(f.command(fmt.Sprintf(killed, options, n+1, fmt.Sprintf("0.0%d", n*3%10))))
		if strings.TrimSpace(out) == "137" {
			r.hit++
		}
	}
}

// killedInEachStep ends a step of each kind in its middle: the run, and its job
// on the machine, as when both lose power.
func (f *faults) killedInEachStep() {
	f.t.Helper()
	r, seen := f.row("kill -9 of apply.sh and its job, in the middle of each kind of step"), map[string]bool{}
	for n, step := range append(f.listed(onHost), f.listed(onGuests)...) {
		if seen[step.name] {
			continue
		}
		seen[step.name] = true
		r.tried++
		if f.killedInside(step, time.Duration(n*37%200)*time.Millisecond) {
			r.hit++
		}
		if step.machine == "vmm" {
			f.heals(r, onHost)
		} else {
			f.heals(r, "--host "+step.machine)
		}
	}
}

// killedInside kills a while after the step has begun on its machine, which is
// when the record of its success goes away.
func (f *faults) killedInside(s step, later time.Duration) (hit bool) {
	f.t.Helper()
	m, done := f.on(s.machine), "/var/lib/stackgen/"+f.topo.Name+"/steps/"+s.name+".done"
	f.owner.must(f.command("{ out/apply.sh --yes --force --only " + s.machine + "/" + s.name + " >/run/killed.out 2>&1 & echo $! >/run/killed.pid; wait; } >/dev/null 2>&1 & disown"))
	m.must("for i in {1..6000}; do [ -e " + done + " ] || break; sleep 0.01; done")
	time.Sleep(later)
	_, hit = f.owner.run("kill -9 $(cat /run/killed.pid)")
	m.must(`for p in /proc/[0-9]*; do
  if tr '\0' ' ' <$p/cmdline 2>/dev/null | grep -q '^bash /run/stackgen/[^ ]*/machine.sh'; then kill -9 ${p#/proc/} 2>/dev/null || true; fi
done`)
	return hit
}
