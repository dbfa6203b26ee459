package debian

import (
	"slices"
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
)

// rendered is what the router of the branch office gets, with a patch to its
// router block.
func rendered(t *testing.T, patch string) artifact.Set {
	t.Helper()
	set, err := Render(rendertest.Variant(t, "branch", "{ vms+: { gw01+: { router+: "+patch+" } } }"))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestFiles(t *testing.T) {
	tests := []struct {
		name, patch, path string
		want              []string // lines
		not               string
	}{
		{"clock", "{}", "etc/chrony/chrony.conf", []string{"pool 2.debian.pool.ntp.org iburst", "server ntp.example.net iburst prefer", "allow 10.7.0.0/24"}, ""},
		{"clock of a client", "{ ntp: { servers: { '192.0.2.123': {} } } }", "etc/chrony/chrony.conf", []string{"server 192.0.2.123 iburst"}, "allow"},
		{"log", "{}", "etc/rsyslog.d/60-router.conf", []string{"*.info @10.7.0.10:514", "auth.warning @@log.example.net:6514"}, ""},
		{"log to IPv6", "{ system: { syslog: { '2001:db8::9': {} } } }", "etc/rsyslog.d/60-router.conf", []string{"*.info @[2001:db8::9]:514"}, ""},
		{"agent", "{}", "etc/snmp/snmpd.conf", []string{"rocommunity @@secret:word:gw01/snmp@@ 10.7.0.0/24", "agentaddress udp:10.7.0.1:161", "sysLocation rack 7, left"}, ""},
		{"neighbours", "{}", "etc/lldpd.d/router.conf", []string{"configure system interface pattern eth0,eth1"}, ""},
		{"all neighbours", "{ lldp: {} }", "etc/lldpd.d/router.conf", []string{"configure system interface pattern *"}, ""},
		{"SSH", "{}", "etc/ssh/sshd_config.d/router.conf", []string{"Port 22", "ListenAddress 192.0.2.3", "PasswordAuthentication no", "AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/authorized_keys.d/%u"}, ""},
		{"SSH everywhere", "{ ssh:: null }", "etc/ssh/sshd_config.d/router.conf", []string{"Port 22"}, "ListenAddress"},
		{"keys", "{}", "etc/ssh/authorized_keys.d/alice", []string{"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJquZ3EPN8L6BF4EdPLMJCRQxBnSBbz1N44Yh0PlZs4w alice@laptop"}, ""},
		{"passwords", "{}", "accounts/passwords.txt", []string{"bob:@@secret:crypt:gw01/bob@@"}, "alice"},
		{"panic", "{ system: { options: { rebootOnPanic: false } } }", "etc/sysctl.d/61-options.conf", []string{"kernel.panic = 0"}, ""},
		{"console", "{ system: { options: { ctrlAltDelete: 'poweroff' } } }", "options/options.sh", []string{"ln -sfn /lib/systemd/system/poweroff.target /etc/systemd/system/ctrl-alt-del.target"}, "localtime"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := rendertest.Content(t, rendered(t, tt.patch), "gw01/"+tt.path)
			for _, w := range tt.want {
				if !slices.Contains(strings.Split(text, "\n"), w) {
					t.Errorf("missing %q in\n%s", w, text)
				}
			}
			if tt.not != "" && strings.Contains(text, tt.not) {
				t.Errorf("unwanted %q in\n%s", tt.not, text)
			}
		})
	}
}

// TestNothing: what the block does not speak of is left alone.
func TestNothing(t *testing.T) {
	set := rendered(t, "{ ntp:: null, ssh:: null, snmp:: null, lldp:: null, system:: {} }")
	if len(set.Files) > 0 || len(set.Steps) > 0 {
		t.Errorf("got %v, want nothing", set)
	}
}

// TestOrderOfSSH: keys are there before passwords are of no use.
func TestOrderOfSSH(t *testing.T) {
	set := rendered(t, "{}")
	i := slices.IndexFunc(set.Steps, func(s artifact.Step) bool { return s.Name == "ssh" })
	if s := set.Steps[i]; !s.Guarded || len(s.Undo) == 0 || !slices.Contains(s.After, "gw01/accounts") {
		t.Errorf("got %+v, want a guarded step after the accounts", s)
	}
}
