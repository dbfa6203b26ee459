//go:build linux

package systemtest

import (
	"regexp"
	"strings"
)

// mistakes are texts that the daemons refuse, and the files that are in place
// instead.
var mistakes = []struct{ machine, step, file, old, new string }{
	{"rtr01", "system", "etc/network/interfaces", "inet static", "inet statc"},
	{"rtr01", "router", "etc/nftables.conf", "policy accept", "policy accpt"},
	{"web01", "files", "srv/www/index.php", "try {", "try ("},
	{"db01", "mariadb", "etc/mysql/mariadb.conf.d/60-stackgen.cnf", "bind-address", "bind-addres-s"},
	{"web01", "php", "etc/php/8.2/fpm/pool.d/app.conf", "pm.max_children", "pm.max_childs"},
	{"web01", "nginx", "etc/nginx/sites-available/app.conf", "fastcgi_pass", "fastcgi_path"},
	{"lb01", "varnish", "etc/varnish/default.vcl", ".interval = 5s", ".interval = 5 seconds"},
}

// refused makes mistakes of which the daemons know better: the old file is back,
// the run stops there, and all is served as before. So is what SQL refuses, which
// nothing can try first.
func (f *faults) refused() {
	f.t.Helper()
	r := f.row("a mistake in interfaces, nftables, PHP, MariaDB, nginx or Varnish")
	for _, m := range mistakes {
		r.tried++
		target := "cat /" + m.file
		before := f.on(m.machine).must(target)
		f.breaks(m.machine+"/"+m.file, m.old, m.new)
		if f.stops(m.machine, m.step, "are back") && f.serves("a mistake in "+m.file) {
			r.hit++
		}
		if after := f.on(m.machine).must(target); after != before {
			f.t.Errorf("%s of %s is not what it was:\n%s", m.file, m.machine, after)
		}
		f.use("{}")
		f.heals(r, "--host "+m.machine)
	}
	r = f.row("a mistake in SQL")
	r.tried++
	f.breaks("db01/sql/10-schema.sql", "CREATE TABLE", "CREATE TABEL")
	if f.stops("db01", "mariadb", "TABEL") && f.serves("a mistake in SQL") {
		r.hit++
	}
	f.use("{}")
	f.heals(r, "--host db01")
}

// stops applies from a step on, and holds the run to failing there, with a reason,
// before all that come later.
func (f *faults) stops(machine, step, why string) bool {
	f.t.Helper()
	at := machine + " " + step + ": "
	out, ok := f.owner.run(f.command("out/apply.sh --yes --from " + machine + "/" + step))
	if ok {
		f.t.Errorf("%s: a success:\n%s", at, out)
		return false
	}
	_, rest, _ := strings.Cut(out, at)
	expect(f.t, rest, "FAILED\n", why, "Resume: out/apply.sh --from "+machine+"/"+step+" --yes\n")
	if goesOn.MatchString(rest) {
		f.t.Errorf("%s: the run goes on:\n%s", at, out)
		return false
	}
	return true
}

// goesOn matches the beginning of another step.
var goesOn = regexp.MustCompile(`\n\[\d+/\d+\] `)
