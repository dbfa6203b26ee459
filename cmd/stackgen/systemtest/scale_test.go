//go:build linux

package systemtest

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"stackgen/render"
	"stackgen/render/impact"
	"stackgen/schema/topology"
)

// web02 is a second web server beside web01, like it but for its address.
const web02 = `{ vms+: {
  web02: super.web01 { interfaces+: { eth0+: { address: '10.0.1.5' } }, serial: { log: '/var/log/libvirt/qemu/web02.console' } },
  lb01+: { varnish+: { backends+: { web02: { vm: 'web02', port: 80, probe: { url: '/' } } } } },
  db01+: { mariadb+: { users+: { user+: { hosts+: ['web02'] } } } },
} }`

// TestScaleOut adds a web server while visitors come: only what the diff names is
// done, no request fails, and both servers serve.
func TestScaleOut(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.bringUp()
	old := s.topo
	s.use(web02)
	named := s.named(old)

	s.owner.must(visitors)
	s.start("web02")
	done := map[string]bool{}
	for _, step := range append(s.steps(onHost), s.steps(onGuests)...) {
		if step.outcome == "ok" && step.machine != "-" {
			done[step.machine+"/"+step.name] = true
		}
	}
	if !maps.Equal(done, named) {
		t.Errorf("done are %v, and the diff names %v", slices.Sorted(maps.Keys(done)), slices.Sorted(maps.Keys(named)))
	}
	for _, name := range []string{"web01", "web02"} {
		before := s.served(name)
		until(t, "visitors at "+name, time.Minute, func() bool { return s.served(name) != before })
	}
	out := s.owner.must("touch /run/enough; until [ ! -e /run/visitors ] || ! pgrep -F /run/visitors; do sleep 0.1; done >/dev/null 2>&1; cat /run/visit.*")
	total, failed := strings.Count(out, "\n"), regexp.MustCompile(`(?m)^failed.*$`).FindAllString(out, -1)
	t.Logf("%d requests, %d failed", total, len(failed))
	if total < 10 || len(failed) > 0 {
		t.Errorf("of %d requests failed: %q", total, failed)
	}
}

// named are the steps that a diff with another topology names, by themselves or
// by a machine that is added, without those that the lab stands in for.
func (s *stack) named(old *topology.Topology) map[string]bool {
	s.t.Helper()
	ids := map[string]bool{}
	now := s.side(s.topo)
	for _, i := range impact.Of(s.side(old), now) {
		ids[i.Step] = true
		for _, step := range now.Steps {
			if i.Change == "added" && i.Path == "vms/"+step.Machine {
				ids[step.ID()] = true
			}
		}
	}
	for _, id := range []string{"", "vmm/storage", "vmm/first-boot", "vmm/libvirt"} {
		delete(ids, id)
	}
	return ids
}

func (s *stack) side(topo *topology.Topology) impact.Stack {
	s.t.Helper()
	files, err := render.Render(topo)
	if err != nil {
		s.t.Fatal(err)
	}
	steps, err := render.Steps(topo)
	if err != nil {
		s.t.Fatal(err)
	}
	return impact.Stack{Topology: topo, Files: files, Steps: steps}
}

// served is how many of the visitors' requests a server has had.
func (s *stack) served(name string) string {
	s.t.Helper()
	return s.guests[name].must("grep -c 'GET /?visitor=' /var/log/nginx/app.access.log || true")
}

// visitors are four that ask for one page after the other, none of them in the
// cache, until it is enough. Each answer is a line.
const visitors = `cat >/run/visit <<'END'
for visitor in 1 2 3 4; do
  for ((n = 1; ; n++)); do
    [ ! -e /run/enough ] || break
    status=0
    answer=$(curl -sS -m 120 --resolve app.nullzero.me:80:46.4.71.77 "http://app.nullzero.me/?visitor=$visitor.$n" 2>&1) || status=$?
    if [ "$answer" = 'Hello World!' ]; then echo ok; else echo "failed with $status:" $answer; fi
  done >/run/visit.$visitor &
done
wait
rm /run/visitors
END
setsid bash /run/visit </dev/null >/dev/null 2>&1 &
echo $! >/run/visitors`
