package verify

import (
	"regexp"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/release"
)

// judge is a program and the formats that it reads.
type judge struct {
	name     string
	programs []string
	formats  []artifact.Format
	together bool // files of a machine only make sense in their order
	netAdmin bool // it asks the kernel about a network
	ask      func(w work, files []artifact.File) (output string, ok bool)
}

// judges is the table of all. A format may have several.
func judges() []judge {
	of := func(f ...artifact.Format) []artifact.Format { return f }
	return slices.Concat([]judge{
		{name: "bash -n", programs: only("bash"), formats: of(artifact.Shell, artifact.BridgeScript), ask: one(bash)},
		{name: "shellcheck", programs: only("shellcheck"), formats: of(artifact.Shell, artifact.BridgeScript), ask: one(shellcheck)},
		{name: "ovs-vsctl", programs: []string{"ovs-vsctl", "ovsdb-server", "ovsdb-tool"}, formats: of(artifact.BridgeScript), ask: one(ovs)},
		{name: "ifup", programs: []string{"ifup", "ifquery"}, formats: of(artifact.Interfaces), ask: one(ifup)},
		{name: "systemd", programs: only("systemd-analyze"), formats: of(artifact.SystemdUnit), ask: one(systemd)},
		{name: "systemd", programs: only("systemd-analyze"), formats: of(artifact.SystemdFull), ask: one(systemdFull)},
		{name: "podman", programs: only(quadletGenerator), formats: of(artifact.Quadlet), ask: one(quadlet)},
		{name: "virt-xml-validate", programs: only("virt-xml-validate"), formats: of(artifact.Domain), ask: one(domain)},
		{name: "cloud-init", programs: only("cloud-init"), formats: of(artifact.CloudConfig), ask: one(cloudConfig)},
		{name: "varnishd", programs: only("varnishd"), formats: of(artifact.VCL), ask: one(varnish)},
		{name: "hitch", programs: only("hitch"), formats: of(artifact.Hitch), ask: one(hitch)},
		{name: "nginx", programs: only("nginx"), formats: of(artifact.Nginx), ask: one(nginx)},
		{name: "php", programs: only("php"), formats: of(artifact.PHP), ask: one(php)},
	}, poolJudges(), []judge{
		{name: "mariadbd", programs: only("mariadbd"), formats: of(artifact.MyCnf), ask: one(mariadbConfig)},
		{name: "mariadb", programs: []string{"mariadbd", "mariadb-install-db", "mariadb", "mariadb-admin"},
			formats: of(artifact.SQLScript, artifact.SQLChanges, artifact.SQLAudit), together: true, ask: mariadb},
		{name: "ssh", programs: only("ssh"), formats: of(artifact.SSHConfig), ask: one(ssh)},
		{name: "sshd", programs: []string{"sshd", "ssh-keygen"}, formats: of(artifact.SSHDaemon), ask: one(sshd)},
		{name: "visudo", programs: only("visudo"), formats: of(artifact.Sudoers), ask: one(visudo)},
		{name: "nft", programs: only("nft"), formats: of(artifact.Nftables), netAdmin: true, ask: one(nft)},
		{name: "dnsmasq", programs: only("dnsmasq"), formats: of(artifact.Dnsmasq), ask: one(dnsmasq)},
		{name: "chronyd", programs: only("chronyd"), formats: of(artifact.Chrony), ask: one(chronyd)},
		{name: "rsyslogd", programs: only("rsyslogd"), formats: of(artifact.Rsyslog), ask: one(rsyslogd)},
		{name: "keepalived", programs: only("keepalived"), formats: of(artifact.Keepalived), ask: one(keepalived)},
		{name: "vtysh", programs: only("vtysh"), formats: of(artifact.FRR), ask: one(vtysh)},
		{name: "radvd", programs: only("radvd"), formats: of(artifact.Radvd), ask: one(radvd)},
		{name: "openvpn", programs: only("openvpn"), formats: of(artifact.OpenVPN), ask: one(openvpn)},
	})
}

// poolJudges are one check, by the php-fpm of whichever release a pool is for.
func poolJudges() (list []judge) {
	for _, r := range release.All() {
		program := "php-fpm" + r.PHP
		list = append(list, judge{name: "php-fpm", programs: only(program),
			formats: []artifact.Format{artifact.PHPPool + artifact.Format(r.PHP)},
			ask:     one(func(w work, f artifact.File) (string, bool) { return phpFPM(w, program, f) })})
	}
	return list
}

func only(program string) []string { return []string{program} }

// one is for judges of single files.
func one(ask func(work, artifact.File) (string, bool)) func(work, []artifact.File) (string, bool) {
	return func(w work, files []artifact.File) (string, bool) { return ask(w, files[0]) }
}

// quiet takes an answer for a refusal when it has words that a program does
// not fail with.
func quiet(text string) func(string, bool) (string, bool) {
	return func(output string, ok bool) (string, bool) {
		return output, ok && !regexp.MustCompile(text).MatchString(output)
	}
}

// silent is for programs that also speak when there is nothing to say.
func silent(output string, ok bool) (string, bool) {
	if ok {
		return "", true
	}
	return output, false
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
