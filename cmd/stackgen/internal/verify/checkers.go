package verify

import (
	"regexp"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/release"
)

// checkers is the table of checks. A file may have several.
func checkers() []checker {
	return slices.Concat([]checker{
		{name: "bash -n", programs: []string{"bash"}, reads: endsIn(".sh"), check: one(func(w work, f artifact.File) (string, bool) {
			return w.ask("bash", "-n", w.put("script.sh", f.Content))
		})},
		{name: "shellcheck", programs: []string{"shellcheck"}, reads: endsIn(".sh"), check: one(func(w work, f artifact.File) (string, bool) {
			return w.ask("shellcheck", "--norc", "--severity=warning", w.put("script.sh", f.Content))
		})},
		{name: "ifup", programs: []string{"ifup", "ifquery"}, reads: endsIn("/etc/network/interfaces"), check: one(ifup)},
		{name: "ovs-vsctl", programs: []string{"ovs-vsctl", "ovsdb-server", "ovsdb-tool"}, reads: endsIn("/ovs/bridges.sh"), check: one(ovs)},
		{name: "virt-xml-validate", programs: []string{"virt-xml-validate"}, reads: endsIn(".xml"), check: one(func(w work, f artifact.File) (string, bool) {
			return w.ask("virt-xml-validate", w.put("domain.xml", f.Content), "domain")
		})},
		{name: "varnishd", programs: []string{"varnishd"}, reads: endsIn(".vcl"), check: one(varnish)},
		{name: "nginx", programs: []string{"nginx"}, reads: contains("/etc/nginx/sites-available/"), check: one(nginx)},
		{name: "php", programs: []string{"php"}, reads: endsIn(".php"), check: one(func(w work, f artifact.File) (string, bool) {
			return w.ask("php", "-n", "-l", w.put("page.php", f.Content))
		})},
	}, poolCheckers(), []checker{
		{name: "mariadbd", programs: []string{"mariadbd"}, reads: contains("/etc/mysql/"), check: one(mariadbConfig)},
		{name: "mariadb", programs: []string{"mariadbd", "mariadb-install-db", "mariadb", "mariadb-admin"}, reads: sqlOfMariaDB, together: true, check: mariadb},
		{name: "openvpn", programs: []string{"openvpn"}, reads: endsIn(".ovpn"), check: one(func(w work, f artifact.File) (string, bool) {
			return quiet("DEPRECATED|WARNING|Unrecognized")(w.ask("openvpn", "--config", w.put("client.ovpn", f.Content), "--show-ciphers"))
		})},
		{name: "keepalived", programs: []string{"keepalived"}, reads: endsIn("/etc/keepalived/keepalived.conf"), check: one(keepalived)},
		{name: "dnsmasq", programs: []string{"dnsmasq"}, reads: contains("/etc/dnsmasq.d/"), check: one(func(w work, f artifact.File) (string, bool) {
			return silent(w.ask("dnsmasq", "--test", "--conf-file="+w.put("dnsmasq.conf", f.Content)))
		})},
		{name: "chronyd", programs: []string{"chronyd"}, reads: endsIn("/etc/chrony/chrony.conf"), check: one(func(w work, f artifact.File) (string, bool) {
			return silent(w.ask("chronyd", "-p", "-f", w.put("chrony.conf", f.Content)))
		})},
		{name: "rsyslogd", programs: []string{"rsyslogd"}, reads: contains("/etc/rsyslog.d/"), check: one(func(w work, f artifact.File) (string, bool) {
			return quiet("error|warning")(silent(w.ask("rsyslogd", "-N1", "-f", w.put("rsyslog.conf", f.Content))))
		})},
		{name: "visudo", programs: []string{"visudo"}, reads: contains("/etc/sudoers.d/"), check: one(func(w work, f artifact.File) (string, bool) {
			return silent(w.ask("visudo", "--check", "--quiet", "--file="+w.put("sudoers", f.Content)))
		})},
		{name: "radvd", programs: []string{"radvd"}, reads: endsIn("/etc/radvd.conf"), check: one(func(w work, f artifact.File) (string, bool) {
			return silent(w.ask("radvd", "--configtest", "--config", w.put("radvd.conf", f.Content)))
		})},
		{name: "vtysh", programs: []string{"vtysh"}, reads: endsIn("/etc/frr/frr.conf"), check: one(func(w work, f artifact.File) (string, bool) {
			return w.ask("vtysh", "--dryrun", "--inputfile", w.put("frr.conf", f.Content))
		})},
		{name: "ssh", programs: []string{"ssh"}, reads: endsIn("ssh_config"), check: one(func(w work, f artifact.File) (string, bool) {
			out, ok := w.ask("ssh", "-G", "-F", w.put("ssh_config", f.Content), "nobody")
			if ok {
				out = ""
			}
			return out, ok
		})},
		{name: "cloud-init", programs: []string{"cloud-init"}, reads: endsIn("/user-data"), check: one(func(w work, f artifact.File) (string, bool) {
			return quiet("Error|Deprecat")(w.ask("cloud-init", "schema", "--config-file", w.put("user-data", f.Content)))
		})},
		{name: "vyos", reads: endsIn("/vyos/commands.txt")},
	})
}

// poolCheckers are one check, by the php-fpm of whichever release a pool is for.
func poolCheckers() (list []checker) {
	for _, r := range release.All() {
		program := "php-fpm" + r.PHP
		list = append(list, checker{name: "php-fpm", programs: []string{program},
			reads: contains("/etc/php/" + r.PHP + "/fpm/pool.d/"),
			check: one(func(w work, f artifact.File) (string, bool) { return phpFPM(w, program, f) })})
	}
	return list
}

func endsIn(suffix string) func(artifact.File) bool {
	return func(f artifact.File) bool { return strings.HasSuffix("/"+f.TreePath(), suffix) }
}

// sqlOfMariaDB leaves out what only MySQL can read: it keeps roles in a table that
// MariaDB has not.
func sqlOfMariaDB(f artifact.File) bool {
	return endsIn(".sql")(f) && !strings.Contains(f.Content, "mysql.role_edges")
}

func contains(part string) func(artifact.File) bool {
	return func(f artifact.File) bool { return strings.Contains("/"+f.TreePath(), part) }
}

// one is for checks of single files.
func one(check func(work, artifact.File) (string, bool)) func(work, []artifact.File) (string, bool) {
	return func(w work, files []artifact.File) (string, bool) { return check(w, files[0]) }
}

// quiet takes an answer for a refusal when it has words that a program does
// not fail with.
func quiet(text string) func(string, bool) (string, bool) {
	return func(output string, ok bool) (string, bool) {
		return output, ok && !regexp.MustCompile(text).MatchString(output)
	}
}

// ifup looks at the file alone: what else the machine has in interfaces.d is
// not of the stack.
func ifup(w work, f artifact.File) (string, bool) {
	var b strings.Builder
	for line := range strings.Lines(f.Content) {
		if !strings.HasPrefix(line, "source") {
			b.WriteString(line)
		} else {
			b.WriteString("\n")
		}
	}
	file := w.put("interfaces", b.String())
	if out, ok := w.ask("ifquery", "--list", "-a", "--state-dir", w.dir, "-i", file); !ok {
		return out, false
	}
	out, ok := w.ask("ifup", "--no-act", "--force", "--no-scripts", "--state-dir", w.dir, "-a", "-i", file)
	return quiet("missing|error|unknown|Ignoring")(out, ok)
}

// varnish prints the C that a VCL becomes: only a refusal is of interest.
func varnish(w work, f artifact.File) (string, bool) {
	out, ok := w.ask("varnishd", "-C", "-j", "none", "-n", w.path("run"), "-f", w.put("default.vcl", f.Content))
	if ok {
		return "", true
	}
	return out, false
}

// nginx gives a site the smallest server around it. Logs go to the work folder:
// nginx opens them when it tests.
func nginx(w work, f artifact.File) (string, bool) {
	w.put("fastcgi_params", "")
	w.put("site.conf", strings.ReplaceAll(f.Content, "/var/log/nginx/", w.dir+"/"))
	conf := "pid " + w.path("pid") + "; error_log stderr; events {} http { access_log off;"
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		conf += " " + kind + "_temp_path " + w.path(kind) + ";"
	}
	out, ok := w.ask("nginx", "-t", "-p", w.dir, "-c", w.put("nginx.conf", conf+" include site.conf; }\n"), "-e", "stderr")
	return quiet(`\[(warn|emerg|alert|crit|error)\]`)(withoutNotice(out), ok)
}

// withoutNotice drops what nginx says to everyone who is not root.
func withoutNotice(output string) string {
	var b strings.Builder
	for line := range strings.Lines(output) {
		if !strings.Contains(line, `the "user" directive makes sense only`) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// poolUser matches the account of a pool, which apply makes on its machine.
var poolUser = regexp.MustCompile(`(?m)^user = .*$`)

// phpFPM has the pool run as somebody whom this machine has as well.
func phpFPM(w work, program string, f artifact.File) (string, bool) {
	w.put("pool.conf", poolUser.ReplaceAllString(f.Content, "user = nobody"))
	conf := "[global]\nerror_log = " + w.path("log") + "\npid = " + w.path("pid") + "\ninclude = " +
		w.path("pool.conf") + "\n"
	out, ok := w.ask(program, "-n", "-t", "-y", w.put("fpm.conf", conf))
	return quiet("WARNING|ERROR|ALERT")(out, ok)
}

// silent is for programs that also speak when there is nothing to say.
func silent(output string, ok bool) (string, bool) {
	if ok {
		return "", true
	}
	return output, false
}

// keepalived is told that the interfaces, which are on another machine, may come
// later.
func keepalived(w work, f artifact.File) (string, bool) {
	return w.ask("keepalived", "--config-test",
		"--use-file="+w.put("keepalived.conf", "global_defs {\n dynamic_interfaces\n}\n"+f.Content))
}

func mariadbConfig(w work, f artifact.File) (string, bool) {
	out, ok := w.ask(append([]string{"mariadbd", "--defaults-file=" + w.put("my.cnf", f.Content)},
		asRoot("--help", "--verbose")...)...)
	if ok {
		return "", true
	}
	return linesWith(out, "ERROR"), false
}

// linesWith is for programs that explain themselves at length.
func linesWith(output, word string) string {
	var b strings.Builder
	for line := range strings.Lines(output) {
		if strings.Contains(line, word) {
			b.WriteString(line)
		}
	}
	return b.String()
}
