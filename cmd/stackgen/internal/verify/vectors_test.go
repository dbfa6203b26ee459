package verify

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"stackgen/render/artifact"
)

// vector is a file by which the author of a tree would do something on the machine of
// who verifies it. OUT stands for a folder of that machine, SECRET for a file there
// that is nobody's business, PORT for a port that somebody listens on.
type vector struct {
	name   string
	format artifact.Format
	text   string
	// naive is how the program was or would be called without thinking of strangers;
	// FILE stands for the file. Without it the judge itself is called, without a box.
	naive string
	inert bool // the program of this machine does not fall for it, even called so
}

// issued are those that were seen to work on a machine, and after them others.
func issued() []vector {
	return []vector{
		{name: "ssh: Match exec", format: artifact.SSHConfig, text: "Match exec \"touch OUT/x\"\n  User a\n", naive: "ssh -G -F FILE nobody"},
		{name: "ifup: mapping", format: artifact.Interfaces, text: "auto eth0\nmapping eth0\n  script OUT/run\niface eth0 inet manual\n",
			naive: "ifup --no-act --force --no-scripts -a -i FILE"},
		{name: "sql: INTO OUTFILE", format: artifact.SQLScript, text: "SELECT 'x' INTO OUTFILE 'OUT/x';\n", inert: true},
		{name: "ovs: --db", format: artifact.BridgeScript, text: "#!/bin/sh\novs-vsctl --db=unix:OUT/sock --timeout=2 add-br a\n",
			naive: "ovs-vsctl --db=unix:OUT/sock --timeout=2 --no-wait add-br a"},
		{name: "mariadbd: plugin_dir", format: artifact.MyCnf, text: "[mysqld]\nplugin_dir=OUT\nplugin_load_add=evil\n",
			naive: "mariadbd --defaults-file=FILE --user=root --help --verbose"},
		{name: "rsyslogd: module", format: artifact.Rsyslog, text: "module(load=\"OUT/evil.so\")\n*.* @192.0.2.1\n", naive: "rsyslogd -N1 -f FILE"},
		{name: "nginx: log and temp paths", format: artifact.Nginx,
			text: "server { listen 8080; access_log OUT/x; client_body_temp_path OUT/body; }\n"},
		{name: "varnishd: include", format: artifact.VCL, text: "vcl 4.1;\ninclude \"SECRET\";\nbackend default none;\n",
			naive: "varnishd -C -j none -n OUT/varnish -f FILE"},

		{name: "ssh: Match exec in quotes", format: artifact.SSHConfig, text: "\"Match\" \"exec\" \"touch OUT/x\"\n", naive: "ssh -G -F FILE nobody"},
		{name: "ssh: Include", format: artifact.SSHConfig, text: "Include SECRET\n", naive: "ssh -G -F FILE nobody"},
		{name: "sshd: Include", format: artifact.SSHDaemon, text: "HostKey OUT/key\nInclude SECRET\n", naive: "sshd -t -f FILE"},
		{name: "ifup: source", format: artifact.Interfaces, text: "source SECRET\n", naive: "ifquery --list -a -i FILE", inert: true},
		{name: "sql: general log", format: artifact.SQLScript, text: "SET GLOBAL general_log_file='OUT/x';\nSET GLOBAL general_log=ON;\n"},
		{name: "sql: LOAD_FILE", format: artifact.SQLScript, text: "SELECT LOAD_FILE('SECRET');\nSELECT nosuch;\n", inert: true},
		{name: "sql: LOCAL INFILE", format: artifact.SQLScript,
			text: "CREATE TABLE test.t (a TEXT);\nLOAD DATA LOCAL INFILE 'SECRET' INTO TABLE test.t;\nSELECT * FROM test.t;\n", inert: true},
		{name: "sql: a command of the client", format: artifact.SQLScript, text: "\\! touch OUT/x\nsystem touch OUT/x\n", inert: true},
		{name: "sql: source", format: artifact.SQLScript, text: "source SECRET\n", inert: true},
		{name: "sql: DATA DIRECTORY", format: artifact.SQLScript, text: "CREATE DATABASE d; CREATE TABLE d.t (a INT) DATA DIRECTORY='OUT/data';\n", inert: true},
		{name: "sql: replication", format: artifact.SQLScript,
			text: "SET GLOBAL server_id=5;\nCHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=PORT, MASTER_USER='a', MASTER_PASSWORD='b';\nSTART SLAVE;\nSELECT SLEEP(2);\n", inert: true},
		{name: "sql: a plugin", format: artifact.SQLScript, text: "SET GLOBAL plugin_dir='OUT';\nINSTALL SONAME '../../../OUT/evil';\n", inert: true},
		{name: "sql: the audit of another format", format: artifact.SQLAudit, text: "SET GLOBAL slow_query_log_file='OUT/x', GLOBAL slow_query_log=ON;\n"},
		{name: "ovs: --log-file", format: artifact.BridgeScript, text: "#!/bin/sh\novs-vsctl \\\n  --log-file=OUT/x -- add-br a\n",
			naive: "ovs-vsctl --log-file=OUT/x --timeout=1 --no-wait --db=unix:OUT/sock -- add-br a"},
		{name: "ovs: a command after others", format: artifact.BridgeScript, text: "#!/bin/sh\novs-vsctl \\\n  -- add-br a \\\n  -- set-ssl SECRET OUT/x OUT/y\n", inert: true},
		{name: "ovs: a script that runs", format: artifact.BridgeScript, text: "#!/bin/sh\ntouch OUT/x\novs-vsctl \\\n  -- add-br \"$(touch OUT/x)\"\n", inert: true},
		{name: "mariadbd: !include", format: artifact.MyCnf, text: "[mysqld]\n!include SECRET\n", naive: "mariadbd --defaults-file=FILE --user=root --help --verbose", inert: true},
		{name: "mariadbd: log", format: artifact.MyCnf, text: "[mysqld]\nlog_error=OUT/x\ngeneral_log_file=OUT/x\n", inert: true},
		{name: "rsyslogd: include", format: artifact.Rsyslog, text: "include(file=\"SECRET\")\n", naive: "rsyslogd -N1 -f FILE", inert: true},
		{name: "rsyslogd: $ModLoad", format: artifact.Rsyslog, text: "$ModLoad OUT/evil.so\n*.* @192.0.2.1\n", naive: "rsyslogd -N1 -f FILE"},
		{name: "rsyslogd: over two lines", format: artifact.Rsyslog, text: "module\n(load=\"OUT/evil.so\")\n*.* @192.0.2.1\n", naive: "rsyslogd -N1 -f FILE"},
		{name: "nginx: include", format: artifact.Nginx, text: "include SECRET;\n"},
		{name: "nginx: cache", format: artifact.Nginx, text: "proxy_cache_path OUT/x keys_zone=a:1m;\n"},
		{name: "nginx: a socket", format: artifact.Nginx, text: "server { listen unix:OUT/x; }\n"},
		{name: "nginx: a module", format: artifact.Nginx, text: "load_module OUT/evil.so;\n", inert: true},
		{name: "varnishd: C", format: artifact.VCL, text: "vcl 4.1;\nC{ int x = system(\"touch OUT/x\"); }C\nbackend default none;\n", inert: true},
		{name: "varnishd: a vmod", format: artifact.VCL, text: "vcl 4.1;\nimport evil from \"OUT/evil.so\";\nbackend default none;\n",
			naive: "varnishd -C -j none -n OUT/varnish -f FILE"},
		{name: "php: it would run", format: artifact.PHP, text: "<?php system('touch OUT/x'); include 'SECRET';\n", inert: true},
		{name: "php-fpm: include", format: artifact.PHPPool + "8.2", text: "include=SECRET\n", inert: true},
		{name: "php-fpm: logs", format: artifact.PHPPool + "8.2",
			text: "[a]\nuser = nobody\nlisten = OUT/x\npm = static\npm.max_children = 1\naccess.log = OUT/x\nslowlog = OUT/x\nrequest_slowlog_timeout=1\n"},
		{name: "openvpn: log", format: artifact.OpenVPN, text: "log OUT/x\n"},
		{name: "openvpn: config", format: artifact.OpenVPN, text: "config SECRET\n", naive: "openvpn --config FILE --show-ciphers"},
		{name: "openvpn: plugin", format: artifact.OpenVPN, text: "script-security 2\nplugin OUT/evil.so\n", naive: "openvpn --config FILE --show-ciphers"},
		{name: "dnsmasq: conf-script", format: artifact.Dnsmasq, text: "conf-script=/usr/bin/touch OUT/x\n", naive: "dnsmasq --test --conf-file=FILE"},
		{name: "dnsmasq: conf-file", format: artifact.Dnsmasq, text: "conf-file=SECRET\n", naive: "dnsmasq --test --conf-file=FILE", inert: true},
		{name: "chronyd: include", format: artifact.Chrony, text: "include SECRET\n"},
		{name: "visudo: include", format: artifact.Sudoers, text: "@include SECRET\n", naive: "visudo --check --file=FILE"},
		{name: "nft: include", format: artifact.Nftables, text: "include \"SECRET\"\n", naive: "nft --check --file FILE"},
		{name: "nft: include after others", format: artifact.Nftables, text: "table ip a { }; include \"SECRET\"\n", naive: "nft --check --file FILE"},
		{name: "keepalived: include", format: artifact.Keepalived, text: "include SECRET\n", naive: "keepalived --config-test --use-file=FILE"},
		{name: "virt-xml-validate: an entity", format: artifact.Domain,
			text: "<!DOCTYPE domain [<!ENTITY x SYSTEM \"file://SECRET\">]>\n<domain type='kvm'><name>&x;</name></domain>\n", inert: true},
		{name: "virt-xml-validate: a DTD from the network", format: artifact.Domain,
			text: "<!DOCTYPE domain SYSTEM \"http://127.0.0.1:PORT/x\">\n<domain type='kvm'/>\n", inert: true},
		{name: "cloud-init: include", format: artifact.CloudConfig, text: "#include\nhttp://127.0.0.1:PORT/x\nfile://SECRET\n", inert: true},
		{name: "cloud-init: template", format: artifact.CloudConfig, text: "## template: jinja\n#cloud-config\nhostname: {{ cycler.__init__.__globals__.os.popen('touch OUT/x') }}\n", inert: true},
		{name: "systemd: environment", format: artifact.SystemdUnit, text: "[Service]\nEnvironmentFile=SECRET\nExecStartPre=/usr/bin/touch OUT/x\n", inert: true},
		{name: "bash: it would run", format: artifact.Shell, text: "#!/bin/bash\nx=$(touch OUT/x)\n. SECRET\n", inert: true},
		{name: "shellcheck: source", format: artifact.Shell, text: "#!/bin/sh\n# shellcheck source=SECRET external-sources=true\n. ./x\n", inert: true},
		{name: "vtysh: it would read", format: artifact.FRR, text: "copy SECRET running-config\nlog file OUT/x\n", inert: true},
		{name: "radvd: another file", format: artifact.Radvd, text: "include \"SECRET\";\n", inert: true},
	}
}

const secret = "hunter2 is the password;"

// victim is the machine of who verifies a tree.
type victim struct {
	out, secret, port string
	calls             atomic.Int32
}

func newVictim(t *testing.T) *victim {
	t.Helper()
	dir := t.TempDir()
	v := &victim{out: filepath.Join(dir, "out"), secret: filepath.Join(dir, "secret")}
	for _, d := range []string{v.out, filepath.Join(v.out, "data")} {
		if err := os.Mkdir(d, 0o777); err != nil {
			t.Fatal(err)
		}
		os.Chmod(d, 0o777)
	}
	for d := v.out; d != "/" && d != os.TempDir(); d = filepath.Dir(d) { // not the permissions keep them out
		os.Chmod(d, 0o777)
	}
	v.write(t, v.secret, secret+"\n", 0o644)
	v.write(t, filepath.Join(v.out, "run"), "#!/bin/sh\ntouch "+v.out+"/x\n", 0o755)
	v.write(t, filepath.Join(v.out, "evil.c"), `#include <stdio.h>
__attribute__((constructor)) static void come(void) { FILE *f = fopen("`+v.out+`/x", "w"); if (f) fclose(f); }`, 0o644)
	if out, err := exec.Command("gcc", "-shared", "-fPIC", "-o", filepath.Join(v.out, "evil.so"), filepath.Join(v.out, "evil.c")).CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v: %s", err, out)
	}
	for _, at := range [][2]string{{"unix", filepath.Join(v.out, "sock")}, {"tcp", "127.0.0.1:0"}} {
		l, err := net.Listen(at[0], at[1])
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		_, v.port, _ = net.SplitHostPort(l.Addr().String())
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				v.calls.Add(1)
				c.Close()
			}
		}()
	}
	return v
}

func (v *victim) write(t *testing.T, name, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func (v *victim) fill(text string) string {
	return strings.NewReplacer("OUT", v.out, "SECRET", v.secret, "PORT", v.port).Replace(text)
}

// harm is what has happened to the machine, or to its secret in a report.
func (v *victim) harm(t *testing.T, before, said string) (harm []string) {
	t.Helper()
	if now := v.state(t); now != before {
		harm = append(harm, "files were\n"+before+"and are\n"+now)
	}
	if n := v.calls.Swap(0); n > 0 {
		harm = append(harm, "somebody called")
	}
	if strings.Contains(said, "hunter2") {
		harm = append(harm, "the secret is in the report: "+said)
	}
	for _, p := range processes(t) {
		if strings.Contains(p, v.out) {
			harm = append(harm, "still running: "+p)
		}
	}
	return harm
}

func (v *victim) state(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(filepath.Dir(v.out), func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil {
			b.WriteString(strings.Join([]string{path, info.Mode().String(), info.ModTime().String()}, " ") + "\n")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// processes are the command lines of all.
func processes(t *testing.T) (lines []string) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if text, err := os.ReadFile(f); err == nil { // else it has ended
			lines = append(lines, string(bytes.ReplaceAll(text, []byte{0}, []byte{' '})))
		}
	}
	return lines
}

// TestVectors: whatever a tree says, nothing of it reaches the machine. Each file is
// first shown to the program as it would be without thought, outside: that shows what
// the test is about. Then so, but in a box; then to the judge.
func TestVectors(t *testing.T) {
	ran(t, nil, nil)
	for _, a := range issued() {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			v := newVictim(t)
			f := artifact.File{Machine: "web01", Path: "etc/x.service.d/a.conf", Format: a.format, Content: v.fill(a.text)}
			if j := judges()[slices.IndexFunc(judges(), func(j judge) bool { return slices.Contains(j.formats, f.Format) })]; missing(j) != "" {
				t.Skip(missing(j))
			}
			if os.Getuid() == 0 {
				before := v.state(t)
				if harm := v.harm(t, before, a.show(t, v, f, Options{Open: true, Patience: Patience})); len(harm) == 0 && !a.inert {
					t.Errorf("this is no vector: nothing happens outside of a box")
				} else if len(harm) > 0 && a.inert {
					t.Errorf("this is a vector after all: %s", harm[0])
				}
			}
			before := v.state(t)
			if a.naive != "" {
				for _, h := range v.harm(t, before, a.show(t, v, f, Options{Patience: Patience})) {
					t.Errorf("in a box: %s", h)
				}
			}
			for _, h := range v.harm(t, before, said(ran(t, []artifact.File{f}, nil))) {
				t.Errorf("by the judge: %s", h)
			}
		})
	}
}

// show shows the file to the program and gives what that says.
func (a vector) show(t *testing.T, v *victim, f artifact.File, o Options) string {
	t.Helper()
	if a.naive == "" {
		results, err := Run(t.Context(), []artifact.File{f}, o)
		if err != nil {
			t.Fatal(err)
		}
		return said(results)
	}
	w := work{ctx: t.Context(), dir: t.TempDir(), options: o, late: new(bool)}
	os.Chmod(w.dir, 0o777)
	argv := strings.Fields(strings.ReplaceAll(v.fill(a.naive), "FILE", w.put("file", f.Content)))
	out, _ := w.ask(argv...)
	return out
}

func said(results []Result) string {
	var b strings.Builder
	for _, r := range results {
		b.WriteString(r.Output + "\n")
	}
	return b.String()
}

func missing(j judge) string {
	for _, p := range j.programs {
		if _, err := exec.LookPath(p); err != nil {
			return p + " is not installed"
		}
	}
	return ""
}

// TestFilesOfUsers: a file below files is not given to an interpreter, whatever its
// name is.
func TestFilesOfUsers(t *testing.T) {
	var files []artifact.File
	for _, path := range []string{
		"srv/dump.sql", "srv/x.sh", "srv/x.xml", "srv/x.vcl", "srv/x.ovpn", "srv/x.php", "ssh_config", "srv/ovs/bridges.sh", "etc/network/interfaces",
		"etc/nginx/sites-available/x", "etc/mysql/x.cnf", "etc/php/8.2/fpm/pool.d/x.conf", "etc/rsyslog.d/x.conf", "user-data", "etc/sudoers.d/x",
	} {
		files = append(files, artifact.File{Machine: "web01", Path: path, Format: artifact.Verbatim, Content: "SELECT 'x' INTO OUTFILE '/tmp/x';\n"})
	}
	for _, r := range ran(t, files, nil) {
		if r.State != Unread {
			t.Errorf("%s is given to %s", r.Path, r.Checker)
		}
	}
}
