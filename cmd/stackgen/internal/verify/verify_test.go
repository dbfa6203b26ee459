package verify

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stackgen/cmd/stackgen/internal/outdir"
	"stackgen/cmd/stackgen/internal/sandbox"
	"stackgen/render/artifact"
	"stackgen/schema/release/releasetest"
)

// TestMain lets the test program be the one that enters a box.
func TestMain(m *testing.M) {
	sandbox.Enter()
	os.Exit(m.Run())
}

// trees are the rendered fixtures.
func trees(t *testing.T) map[string][]artifact.File {
	t.Helper()
	read := map[string][]artifact.File{}
	for name, dir := range map[string]string{
		"nullzero": "../../../../out", "shop": "../../../../fixtures/shop/want", "branch": "../../../../fixtures/branch/want", "edge": "../../../../fixtures/edge/want",
		"services": "../../../../fixtures/services/want", "https": "../../../../fixtures/https/want",
	} {
		files, _, err := outdir.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		read[name] = files
	}
	return read
}

// ran is Run of what has a place and the time.
func ran(t *testing.T, files []artifact.File, say func(done, all int)) []Result {
	t.Helper()
	results, err := Run(t.Context(), files, Options{Say: say})
	var none *sandbox.SetupError
	if errors.As(err, &none) && os.Getenv("STACKGEN_REQUIRE_TOOLS") != "1" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// TestRunLeavesNothing: neither when it is over, nor when it is interrupted. Without a
// place for its folder nothing is refused.
func TestRunLeavesNothing(t *testing.T) {
	files := trees(t)["nullzero"]
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	ctx, cancel := context.WithCancelCause(t.Context())
	interrupted := errors.New("interrupted")
	results, err := Run(ctx, files, Options{Open: true, Say: func(done, all int) { cancel(interrupted) }})
	if results != nil || err != interrupted {
		t.Errorf("interrupted: %d results, %v", len(results), err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
	t.Setenv("TMPDIR", filepath.Join(temp, "nowhere"))
	if _, err := Run(t.Context(), files, Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a place: %v", err)
	}
}

// settle skips the test for results that were skipped, or fails it where all
// tools are required.
func settle(t *testing.T, r Result) {
	t.Helper()
	if !r.Missing {
		return
	}
	if r.Checker == "podman" && !releasetest.Here().Quadlet {
		t.Logf("%s: NOT JUDGED: podman of this release makes no services of containers", r.Path)
		return
	}
	if os.Getenv("STACKGEN_REQUIRE_TOOLS") == "1" {
		t.Errorf("%s: %s", r.Path, r.Output)
	}
	t.Logf("SKIPPED: %s: %s: %s", r.Path, r.Checker, r.Output)
}

func TestFixtures(t *testing.T) {
	for name, files := range trees(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			results := ran(t, files, func(done, all int) { calls++ })
			asked := slices.DeleteFunc(slices.Clone(results), func(r Result) bool { return r.State == Unread })
			if calls == 0 || calls > len(asked) {
				t.Errorf("progress was said %d times for %d results", calls, len(asked))
			}
			for _, f := range files {
				if !slices.ContainsFunc(results, func(r Result) bool { return r.Path == f.TreePath() }) {
					t.Errorf("nothing is said about %s", f.TreePath())
				}
			}
			for _, r := range results {
				settle(t, r)
				if r.State == Failed || r.State == Late {
					t.Errorf("%s: %s: %s", r.Path, r.Checker, r.Output)
				}
			}
		})
	}
}

// TestMutations breaks a file for each check, which must catch it. What only
// a golden tree would catch is said: no program knows that an address is
// another one's, or that a backend is missing.
func TestMutations(t *testing.T) {
	mutations := []struct{ checker, path, old, new string }{
		{"bash -n", "apply.sh", "\nmain \"$@\"", "\nif main \"$@\""},
		{"shellcheck", "vmm/storage/disks.sh", "set -eu", "set -eu\nfor f in $(ls); do echo \"$f\"; done"},
		{"ifup", "vmm/etc/network/interfaces", "address ", "adress "},
		{"ovs-vsctl", "vmm/ovs/bridges.sh", "fail_mode=standalone", "fail_mode=alone"},
		{"virt-xml-validate", "vmm/libvirt/lb01.xml", "<memory", "<memori"},
		{"varnishd", "lb01/etc/varnish/default.vcl", ".interval = 5s", ".interval = 5 second"},
		{"nginx", "web01/etc/nginx/sites-available/app.conf", "fastcgi_pass", "fastcgi_path"},
		{"php", "web01/srv/www/index.php", "try {", "try ("},
		{"php-fpm", "web01/etc/php/8.2/fpm/pool.d/app.conf", "pm.max_children", "pm.max_childs"},
		{"mariadbd", "db01/etc/mysql/mariadb.conf.d/60-stackgen.cnf", "bind-address", "bind-addres-s"},
		{"mariadb", "db01/sql/10-schema.sql", "CREATE TABLE", "CREATE TABEL"},
		{"openvpn", "rtr01/openvpn/remoteur.ovpn", "remote-cert-tls", "remote-cert-tsl"},
		{"ssh", "ssh_config", "HostName", "HostNaem"},
		{"cloud-init", "rtr01/vyos/user-data", "#cloud-config", "#cloud-confg"},
		{"radvd", "rtr02/etc/radvd.conf", "AdvSendAdvert on", "AdvSendAdvert yes"},
		{"vtysh", "rtr02/etc/frr/frr.conf", "remote-as", "remote-sa"},
		{"keepalived", "rtr02/etc/keepalived/keepalived.conf", "priority", "prio"},
		{"chronyd", "gw01/etc/chrony/chrony.conf", "iburst", "iburts"},
		{"rsyslogd", "gw01/etc/rsyslog.d/60-router.conf", "*.info", "*.infos"},
		{"visudo", "gw01/etc/sudoers.d/router", "NOPASSWD", "NOPASWD"},
		{"systemd", "lb01/etc/systemd/system/varnish.service.d/listen.conf", "ExecStart=\n", ""},
		{"systemd", "app01/etc/systemd/system/api.service", "Type=exec", "Typ=exec"},
		{"systemd", "app01/etc/systemd/system/report.timer", "OnCalendar=*", "OnCalendar=x"},
		{"podman", "ctr01/etc/containers/systemd/shop.container", "Image=", "Imag="},
		{"hitch", "lb01/etc/hitch/hitch.conf", "write-proxy-v2 = on", "write-proxy-v2 = maybe"},
		{"sshd", "gw01/etc/ssh/sshd_config.d/router.conf", "ListenAddress", "ListenAdress"},
		{"nft", "gw01/etc/nftables.conf", "masquerade", "masquerad"},
		{"dnsmasq", "gw01/etc/dnsmasq.d/router.conf", "dhcp-range=", "dhcp-rnage="},
	}
	read := trees(t)
	files := slices.Concat(read["nullzero"],
		slices.DeleteFunc(read["https"], func(f artifact.File) bool { return f.Format != artifact.Hitch }),
		slices.DeleteFunc(read["services"], func(f artifact.File) bool { return !strings.Contains("app01 ctr01", f.Machine) || f.Machine == "" }), slices.DeleteFunc(read["branch"], func(f artifact.File) bool { return f.Machine != "gw01" }),
		slices.DeleteFunc(read["edge"], func(f artifact.File) bool { return f.Machine != "rtr02" }))
	for _, m := range mutations {
		t.Run(m.checker, func(t *testing.T) {
			t.Parallel()
			broken := slices.Clone(files)
			i := slices.IndexFunc(broken, func(f artifact.File) bool { return f.TreePath() == m.path })
			if i < 0 || !strings.Contains(broken[i].Content, m.old) {
				t.Fatalf("%s has no %q", m.path, m.old)
			}
			broken[i].Content = strings.Replace(broken[i].Content, m.old, m.new, 1)
			broken = slices.DeleteFunc(broken, func(f artifact.File) bool {
				return f.TreePath() != m.path && !(m.checker == "mariadb" && f.Format == artifact.SQLScript)
			})
			for _, r := range ran(t, broken, func(int, int) {}) {
				if r.Checker == m.checker {
					settle(t, r)
					if r.State == OK {
						t.Errorf("%s takes %q in the place of %q", m.checker, m.new, m.old)
					}
					t.Logf("line %d: %s", r.Line, r.Output)
				}
			}
		})
	}
	for _, name := range Names() {
		if !slices.ContainsFunc(mutations, func(m struct{ checker, path, old, new string }) bool { return m.checker == name }) {
			t.Errorf("no mutation for %s", name)
		}
	}
}

// TestAccountOfTheMachine: an account that apply makes on a machine need not be on
// this one.
func TestAccountOfTheMachine(t *testing.T) {
	files := trees(t)["nullzero"]
	i := slices.IndexFunc(files, func(f artifact.File) bool { return strings.Contains(f.Path, "/pool.d/") })
	f := files[i]
	if f.Content = strings.Replace(f.Content, `user = "www-data"`, `user = "shop"`, 1); f.Content == files[i].Content {
		t.Fatalf("no user in\n%s", f.Content)
	}
	for _, r := range ran(t, []artifact.File{f}, func(int, int) {}) {
		settle(t, r)
		if r.State == Failed {
			t.Errorf("%s refuses it: %s", r.Checker, r.Output)
		}
	}
}

// TestOnlyGolden documents what no program notices: the golden trees do.
func TestOnlyGolden(t *testing.T) {
	for _, m := range []struct{ checker, path, old, new string }{
		{"varnishd", "lb01/etc/varnish/default.vcl", "10.0.1.3", "10.0.1.33"},
		{"nginx", "web01/etc/nginx/sites-available/app.conf", "root /srv/www;", "root /srv/w;"},
	} {
		files := trees(t)["nullzero"]
		i := slices.IndexFunc(files, func(f artifact.File) bool { return f.TreePath() == m.path })
		f := files[i]
		if f.Content = strings.Replace(f.Content, m.old, m.new, 1); f.Content == files[i].Content {
			t.Fatalf("%s has no %q", m.path, m.old)
		}
		for _, r := range ran(t, []artifact.File{f}, func(int, int) {}) {
			settle(t, r)
			t.Logf("%s says %s to %q in the place of %q: %s", r.Checker, r.State, m.new, m.old, r.Output)
			if r.State == Failed {
				t.Errorf("%s catches it after all: move it to the mutations", r.Checker)
			}
		}
	}
}

func TestWords(t *testing.T) {
	got := words(`  -- set 'a b' c='it'\''s' d\ e ''  f`)
	want := []string{"--", "set", "a b", "c=it's", "d e", "", "f"}
	if !slices.Equal(got, want) {
		t.Errorf("words\n got %q\nwant %q", got, want)
	}
}
