package vyos

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
)

// TestManagementInEveryRelease reads across what the releases say differently.
func TestManagementInEveryRelease(t *testing.T) {
	const patch = "{ ntp: { servers: { '192.0.2.123': {} } }, ssh: { networks: ['lan', 'public'], disablePasswordAuthentication: true }," +
		" snmp: { community: { secret: 'c' }, networks: ['lan'], contact: 'noc' }," +
		" system: { syslog: { '10.0.1.9': { facility: 'auth' } }, timeZone: 'Europe/Berlin', options: { rebootOnPanic: true } } }"
	all := []string{
		"set service ssh port '22'",
		"set service ssh listen-address '10.0.1.1'",
		"set service ssh disable-password-authentication",
		"set service snmp community @@secret:word:c@@ authorization 'ro'",
		"set service snmp community @@secret:word:c@@ network '10.0.1.0/24'",
		"set service snmp listen-address 10.0.1.1",
		"set service snmp contact 'noc'",
		"set system syslog host 10.0.1.9 facility auth level 'info'",
		"set system time-zone 'Europe/Berlin'",
	}
	for version, own := range map[string][]string{
		"vc6.6":   {"set system ntp server 192.0.2.123", "set system options reboot-on-panic 'true'"},
		"1.1":     {"set system ntp server 192.0.2.123", "set system options reboot-on-panic 'true'"},
		"1.3":     {"set system ntp server 192.0.2.123", "set system option reboot-on-panic"},
		"1.4":     {"set service ntp server 192.0.2.123", "set system option reboot-on-panic"},
		"rolling": {"set service ntp server 192.0.2.123", "set system option reboot-on-panic"},
	} {
		t.Run(version, func(t *testing.T) { expect(t, servicesIn(t, version, patch), append(own, all...)) })
	}
}

func TestNewerManagement(t *testing.T) {
	const patch = "{ ntp: { servers: { 'pool.ntp.org': { pool: true, prefer: true } }, networks: ['lan'] }, lldp: {}," +
		" system: { syslog: { '10.0.1.9': { protocol: 'tcp', port: 6514 } }, options: { ctrlAltDelete: 'ignore' } } }"
	all := []string{
		"set service lldp interface all",
		"set system syslog host 10.0.1.9 port '6514'",
		"set system option ctrl-alt-delete 'ignore'",
	}
	expect(t, servicesIn(t, "1.3", patch), append(all, "set system ntp server pool.ntp.org pool", "set system ntp server pool.ntp.org prefer",
		"set system ntp allow-clients address '10.0.1.0/24'", "set system syslog host 10.0.1.9 facility all protocol 'tcp'"))
	expect(t, servicesIn(t, "1.4", patch), append(all, "set service ntp server pool.ntp.org pool",
		"set service ntp allow-client address '10.0.1.0/24'", "set system syslog host 10.0.1.9 protocol 'tcp'"))
}

// accounts is a patch of the router block with an account that has a password,
// and one that has none here.
const accounts = "{ system: { users: { alice: { fullName: 'Alice B.', password: { secret: 'alice' } }, vyos: { publicKeys: { laptop: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJquZ3EPN8L6BF4EdPLMJCRQxBnSBbz1N44Yh0PlZs4w me' } } } } }"

func TestAccounts(t *testing.T) {
	expect(t, servicesIn(t, "1.4", accounts), []string{
		"set system login user alice authentication encrypted-password '@@secret:crypt:alice@@'",
		"set system login user alice full-name 'Alice B.'",
		"set system login user vyos authentication public-keys laptop key 'AAAAC3NzaC1lZDI1NTE5AAAAIJquZ3EPN8L6BF4EdPLMJCRQxBnSBbz1N44Yh0PlZs4w'",
		"set system login user vyos authentication public-keys laptop type 'ssh-ed25519'",
	})
}

// TestAccountsConverge: an account that is not in the topology goes, a password
// that is not in it stays, and without any account all are left alone.
func TestAccountsConverge(t *testing.T) {
	rendertest.Need(t, "bash", "awk")
	running := `set system login user vyos authentication encrypted-password '$6$old$hash'
set system login user vyos authentication plaintext-password ''
set system login user vyos authentication public-keys old key 'AAAA'
set system login user alice authentication encrypted-password '$6$old$hash'
set system login user mallory authentication encrypted-password '$6$old$hash'
set system time-zone 'UTC'
set service ntp server time1.vyos.net
set service snmp community hunter2 authorization 'ro'
`
	for patch, want := range map[string][]string{
		"{}":     {"delete service snmp"},
		accounts: {"delete system login user mallory", "delete system login user vyos authentication public-keys old", "delete service snmp"},
		"{ ntp: { servers: { '192.0.2.123': {} } }, system: { timeZone: 'Europe/Berlin' } }": {"delete service ntp server time1.vyos.net", "delete service snmp"},
		"{ snmp: { community: { secret: 'c' }, networks: ['lan'] } }":                        {"delete service snmp community …"},
	} {
		got := planned(t, patch, running)
		deleted := slices.DeleteFunc(slices.Clone(got), func(line string) bool { return !strings.HasPrefix(line, "delete") })
		slices.Sort(deleted)
		slices.Sort(want)
		if !slices.Equal(deleted, want) {
			t.Errorf("%s\n got %q\nwant %q", patch, deleted, want)
		}
		if text := strings.Join(got, "\n"); strings.Contains(text, "hunter2") || strings.Contains(text, "@@secret") && strings.Contains(text, "community @@") {
			t.Errorf("%s: a secret is shown:\n%s", patch, text)
		}
	}
}

// planned are the lines that the script of a router would carry out on one that
// runs some commands.
func planned(t *testing.T, patch, running string) []string {
	t.Helper()
	set, err := Render(rendertest.Variant(t, "nullzero", "{ vms+: { rtr01+: { router+: "+patch+" } } }"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"commands.txt", "commit.sh"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(rendertest.Content(t, set, "rtr01/vyos/"+name)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, ok := rendertest.Run(t, "bash", filepath.Join(dir, "commit.sh"), "--plan", rendertest.Write(t, "running", running))
	if !ok {
		t.Fatal(out)
	}
	return strings.Split(strings.TrimSpace(out), "\n")
}

// TestServiceSecrets: what stands in the list is announced, in each release.
func TestServiceSecrets(t *testing.T) {
	for _, version := range []string{"1.1", "1.4"} {
		topo := rendertest.Variant(t, "nullzero", "{ vms+: { rtr01+: { router+: { version: '"+version+"', snmp: { community: { secret: 'c' }, networks: ['lan'] }, system: { users: { vyos: { password: { secret: 'v' } } } } } } } }")
		set, err := Render(topo)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(set.Files, func(f artifact.File) bool { return f.Path == "vyos/commands.txt" })
		for _, want := range []artifact.Secret{{Name: "c", Encoding: artifact.Word}, {Name: "v", Encoding: artifact.Crypt}} {
			if !slices.Contains(set.Files[i].Secrets, want) {
				t.Errorf("%s: %v is not among %v", version, want, set.Files[i].Secrets)
			}
		}
	}
}
