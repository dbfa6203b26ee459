package verify

import (
	"regexp"
	"strings"

	"stackgen/render/artifact"
)

// ifup looks at the file alone: what else the machine has in interfaces.d is
// not of the stack. Mappings are programs.
func ifup(w work, f artifact.File) (string, bool) {
	var b strings.Builder
	for line := range strings.Lines(f.Content) {
		if !strings.HasPrefix(strings.TrimLeft(line, " \t"), "source") {
			b.WriteString(line)
		} else {
			b.WriteString("\n")
		}
	}
	if word := refusedLine(f.Content, `(?i)^\s*(mapping|script)\b`); word != "" {
		return runsSomething(word), false
	}
	file := w.put("interfaces", b.String())
	if out, ok := w.ask("ifquery", "--list", "-a", "--state-dir", w.path("."), "-i", file); !ok {
		return out, false
	}
	out, ok := w.ask("ifup", "--no-act", "--force", "--no-scripts", "--no-mappings",
		"--state-dir", w.path("."), "-a", "-i", file)
	return quiet("missing|error|unknown|Ignoring")(out, ok)
}

// refusedLine is the first line of a text that matches: one that has a program run
// something, or load it, although it is only to read.
func refusedLine(text, pattern string) string {
	return strings.TrimSpace(regexp.MustCompile("(?m)" + pattern + ".*$").FindString(text))
}

func runsSomething(line string) string {
	return "not asked: it would run or load what the file names: " + line
}

// systemd sees a unit of the name with what the drop-in does not say.
func systemd(w work, f artifact.File) (string, bool) {
	dir := f.Path[:strings.LastIndex(f.Path, "/")]
	unit := strings.TrimSuffix(dir[strings.LastIndex(dir, "/")+1:], ".d")
	if !regexp.MustCompile(`^[a-z0-9@_-]+\.service$`).MatchString(unit) {
		return "it is not in the folder of a service", false
	}
	w.mkdir(unit + ".d")
	w.put(unit+".d/drop-in.conf", f.Content)
	w.put(unit, "[Service]\nExecStart=/bin/true\n")
	return analyze(w, unit)
}

// systemdFull gives a timer a service to start.
func systemdFull(w work, f artifact.File) (string, bool) {
	name := f.Path[strings.LastIndex(f.Path, "/")+1:]
	if !regexp.MustCompile(`^[a-z0-9-]+\.(service|timer)$`).MatchString(name) {
		return "it is not the name of a service or a timer", false
	}
	if m := regexp.MustCompile(`(?m)^Unit=([A-Za-z0-9:_.@-]+\.service)$`).FindStringSubmatch(f.Content); m != nil {
		w.put(m[1], "[Service]\nExecStart=/bin/true\n")
	}
	w.put(name, f.Content)
	return analyze(w, name)
}

// quadletGenerator makes units of the files of containers.
const quadletGenerator = "/usr/lib/systemd/system-generators/podman-system-generator"

func quadlet(w work, f artifact.File) (string, bool) {
	w.mkdir("quadlets")
	w.put("quadlets/"+f.Path[strings.LastIndex(f.Path, "/")+1:], f.Content)
	return silent(w.ask("env", "QUADLET_UNIT_DIRS="+w.path("quadlets"), quadletGenerator, "--dryrun"))
}

func analyze(w work, unit string) (string, bool) {
	out, ok := w.ask("env", "SYSTEMD_UNIT_PATH="+w.path(""), "systemd-analyze", "verify", "--man=no",
		"--recursive-errors=no", "--generators=no", w.path(unit))
	// Which programs there are is asked on the machine.
	missing := regexp.MustCompile(`(?m)^.*(is not executable: No such file|Failed to create|Failed to prepare|Command .* not found).*\n?`)
	if out = missing.ReplaceAllString(out, ""); out == "" {
		return "", true
	}
	return out, ok && out == ""
}

func domain(w work, f artifact.File) (string, bool) {
	if line := refusedLine(f.Content, `<!(DOCTYPE|ENTITY)`); line != "" {
		return "not asked: it declares entities: " + line, false
	}
	return w.ask("virt-xml-validate", w.put("domain.xml", f.Content), "domain")
}

func cloudConfig(w work, f artifact.File) (string, bool) {
	if line := refusedLine(f.Content, `\A##\s*template`); line != "" {
		return runsSomething(line), false
	}
	return quiet("Error|Deprecat")(w.ask("cloud-init", "schema", "--config-file", w.put("user-data", f.Content)))
}

// varnish prints the C that a VCL becomes: only a refusal is of interest. Other files
// and C within a VCL are refused by the compiler.
func varnish(w work, f artifact.File) (string, bool) {
	return silent(w.ask("varnishd", "-C", "-j", "none", "-p", "vcc_unsafe_path=off", "-p", "vcc_allow_inline_c=off",
		"-n", w.path("run"), "-f", w.put("default.vcl", f.Content)))
}

// nginx gives a site the smallest server around it. Logs go to the work folder:
// nginx opens them when it tests.
func nginx(w work, f artifact.File) (string, bool) {
	w.put("fastcgi_params", "")
	text, err := w.withCertificates(strings.ReplaceAll(f.Content, "/var/log/nginx/", w.path("")))
	if err != nil {
		return err.Error(), false
	}
	if strings.Contains(text, "http2 on;") && !w.knowsHTTP2() {
		text = strings.ReplaceAll(text, "    http2 on;\n", "") // the machine's nginx is a newer one
	}
	w.put("site.conf", text)
	conf := "pid " + w.path("pid") + "; error_log stderr; events {} http { access_log off;"
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		conf += " " + kind + "_temp_path " + w.path(kind) + ";"
	}
	out, ok := w.ask("nginx", "-t", "-p", w.path("."), "-e", "stderr",
		"-c", w.put("nginx.conf", conf+" include site.conf; }\n"))
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

func php(w work, f artifact.File) (string, bool) {
	return w.ask("php", "-n", "-l", w.put("page.php", f.Content))
}

// poolUser matches the account of a pool, which apply makes on its machine.
var poolUser = regexp.MustCompile(`(?m)^user = .*$`)

// phpFPM has the pool run as somebody whom this machine has as well.
func phpFPM(w work, program string, f artifact.File) (string, bool) {
	w.put("pool.conf", poolUser.ReplaceAllString(f.Content, "user = nobody"))
	conf := "[global]\nerror_log = " + w.path("log") + "\npid = " + w.path("pid") +
		"\ninclude = " + w.path("pool.conf") + "\n"
	out, ok := w.ask(program, "-n", "-t", "-y", w.put("fpm.conf", conf))
	return quiet("WARNING|ERROR|ALERT")(out, ok)
}

// ssh runs what a Match names to see whether it matches. Our files have none.
func ssh(w work, f artifact.File) (string, bool) {
	if line := refusedLine(f.Content, `(?i)^[\s"]*(match|include)\b`); line != "" {
		return runsSomething(line), false
	}
	return silent(w.ask("ssh", "-G", "-F", w.put("ssh_config", f.Content), "nobody"))
}

// sshd wants a host key before it looks at anything.
func sshd(w work, f artifact.File) (string, bool) {
	if line := refusedLine(f.Content, `(?i)^[\s"]*(match|include|authorizedkeyscommand|authorizedprincipalscommand)\b`); line != "" {
		return runsSomething(line), false
	}
	if out, ok := w.ask("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", w.path("key")); !ok {
		return out, false
	}
	return quiet("Deprecated|Unsupported")(w.ask("sshd", "-t", "-h", w.path("key"), "-f", w.put("sshd_config", f.Content)))
}

func visudo(w work, f artifact.File) (string, bool) {
	return silent(w.ask("visudo", "--check", "--quiet", "--file="+w.put("sudoers", f.Content)))
}

func nft(w work, f artifact.File) (string, bool) {
	if line := refusedLine(f.Content, `^\s*include\b`); line != "" {
		return "not asked: it reads another file: " + line, false
	}
	return w.ask("nft", "--check", "--file", w.put("nftables.conf", f.Content))
}

// dnsmasq runs scripts of a configuration when it reads it.
func dnsmasq(w work, f artifact.File) (string, bool) {
	if line := refusedLine(f.Content, `^\s*(conf-script|dhcp-script|dhcp-luascript|conf-file|conf-dir|servers-file)\b`); line != "" {
		return runsSomething(line), false
	}
	return silent(w.ask("dnsmasq", "--test", "--conf-file="+w.put("dnsmasq.conf", f.Content)))
}

func chronyd(w work, f artifact.File) (string, bool) {
	return silent(w.ask("chronyd", "-p", "-f", w.put("chrony.conf", f.Content)))
}

// rsyslogd loads modules when it checks a configuration. Ours has none.
func rsyslogd(w work, f artifact.File) (string, bool) {
	if line := refusedLine(f.Content, `(?i)(^\s*\$(modload|moddir|includeconfig)|\b(module|include|load)\s*\(|binary\s*=|program\s*=|^\S+\s+\^)`); line != "" {
		return runsSomething(line), false
	}
	return quiet("error|warning")(silent(w.ask("rsyslogd", "-N1", "-f", w.put("rsyslog.conf", f.Content))))
}

// keepalived is told that the interfaces, which are on another machine, may come
// later.
func keepalived(w work, f artifact.File) (string, bool) {
	if line := refusedLine(f.Content, `(?i)^\s*include`); line != "" {
		return "not asked: it reads another file: " + line, false
	}
	text := "global_defs {\n dynamic_interfaces\n}\n" + f.Content
	return w.ask("keepalived", "--config-test", "--use-file="+w.put("keepalived.conf", text))
}

func vtysh(w work, f artifact.File) (string, bool) {
	return w.ask("vtysh", "--dryrun", "--inputfile", w.put("frr.conf", f.Content))
}

func radvd(w work, f artifact.File) (string, bool) {
	return silent(w.ask("radvd", "--configtest", "--config", w.put("radvd.conf", f.Content)))
}

// openvpn reads the whole configuration before it shows its ciphers, and opens nothing
// that it names.
func openvpn(w work, f artifact.File) (string, bool) {
	if line := refusedLine(f.Content, `^\s*(--)?(plugin|config|up|down|route-up|learn-address|client-connect|tls-verify|auth-user-pass-verify|ipchange)\b`); line != "" {
		return runsSomething(line), false
	}
	file := w.put("openvpn.conf", f.Content)
	return quiet("DEPRECATED|WARNING|Unrecognized")(
		w.ask("openvpn", "--config", file, "--script-security", "0", "--show-ciphers"))
}

// mariadbConfig has no plugins to load, wherever the file looks for them.
func mariadbConfig(w work, f artifact.File) (string, bool) {
	if line := refusedLine(f.Content, `^\s*!include`); line != "" {
		return "not asked: it reads another file: " + line, false
	}
	argv := append([]string{"mariadbd", "--defaults-file=" + w.put("my.cnf", f.Content)},
		w.asRoot("--help", "--verbose", "--plugin-dir="+w.mkdir("plugins"), "--datadir="+w.mkdir("data"))...)
	if out, ok := w.ask(argv...); !ok {
		return linesWith(out, "ERROR"), false
	}
	return "", true
}
