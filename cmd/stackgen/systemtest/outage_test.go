//go:build linux

package systemtest

import "strings"

// longer is the stack with another page: a file that is new and one step that
// reads it.
const longer = `{ vms+: { web01+: { files+: { '/srv/www/longer.html': { content: std.join('', ['a longer text '] + ['.' for i in std.range(1, 40000)]) } } } } }`

// fullDisks leaves no room: for a file of the stack, and for what apply keeps.
func (f *faults) fullDisks() {
	f.t.Helper()
	f.fullDisk("a full disk where a file goes", "/srv/www", "are back")
	f.fullDisk("a full disk where apply keeps its records", "/var/lib/stackgen", "No space left on device")
}

// fullDisk puts a small disk in the place of a folder of web01, and fills it.
func (f *faults) fullDisk(what, folder, why string) {
	f.t.Helper()
	r, web := f.row(what), f.guests["web01"]
	r.tried++
	web.must(`cp -a ` + folder + ` /run/saved; mount -t tmpfs -o size=64k,mode=755 tmpfs ` + folder + `; cp -a /run/saved/. ` + folder + `
head -c 1m /dev/zero >` + folder + `/rest 2>/dev/null || true`)
	f.use(longer)
	if f.stops("web01", "files", why) && f.serves(what) {
		r.hit++
	}
	web.must("rm " + folder + "/rest; cp -a " + folder + "/. /run/saved; umount " + folder + "; cp -a /run/saved/. " + folder + "; rm -r /run/saved")
	f.heals(r, "--host web01")
	f.use("{}")
	f.owner.must(f.command("out/apply.sh --yes --prune --host web01"))
}

// silent has guests that do not answer, as one whose SSH server is off and as one
// that is off altogether.
func (f *faults) silent() {
	f.t.Helper()
	r := f.row("a guest that does not answer")
	for off, on := range map[string]string{
		"systemctl stop ssh":        "systemctl start ssh",
		"ip link set dev eth0 down": "ip link set dev eth0 up; ip route replace default via 10.0.1.1 dev eth0 onlink",
	} {
		r.tried++
		lb := f.guests["lb01"]
		lb.must(off)
		out, ok := f.owner.run(f.command("STACKGEN_WAIT=3 out/apply.sh --yes --from lb01/packages"))
		if !ok && strings.Contains(out, "lb01 does not answer") {
			r.hit++
		}
		expect(f.t, out, "FAILED\n", "lb01 does not answer", "Resume: out/apply.sh --from lb01/")
		lb.must(on)
		f.heals(r, "--host lb01")
	}
}

// secretsMissing says all that is missing before anything else is done.
func (f *faults) secretsMissing() {
	f.t.Helper()
	r := f.row("secrets missing")
	r.tried++
	before := f.imprint()
	f.owner.must("mv ~root/secrets/db01 ~root/secrets/vpn/rtr01.key ~root/")
	out, ok := f.owner.run(f.command("out/apply.sh --yes --force " + onGuests))
	expect(f.t, out, "secrets are missing or cannot be used:\n", "db01/user: set STACKGEN_SECRET_DB01_USER", "vpn/rtr01.key: set ")
	if !ok && !strings.Contains(out, "[1/") && !strings.Contains(out, "… ") {
		r.hit++
	}
	f.same(before, "a run without secrets")
	f.owner.must("mv ~root/rtr01.key ~root/secrets/vpn/; mv ~root/db01 ~root/secrets/")
	f.heals(r, onGuests)
}

// twoRuns starts one while another is at work.
func (f *faults) twoRuns() {
	f.t.Helper()
	r := f.row("a second apply at the same time")
	r.tried++
	out := f.owner.must(f.command(`out/apply.sh --yes --force --host web01 >/run/first.out 2>&1 & pid=$!
until grep -q '^\[' /run/first.out; do sleep 0.02; done
if out/apply.sh --yes; then echo 'both run'; fi 2>&1
wait $pid; cat /run/first.out`))
	if strings.Contains(out, "another run of apply.sh for "+f.topo.Name+" is under way") && !strings.Contains(out, "both run") {
		r.hit++
	}
	f.heals(r, "--host web01")
}
