package php

import (
	"encoding/hex"
	"net/netip"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
)

func TestCheck(t *testing.T) {
	tests := []struct {
		name  string
		patch string // of the php block of web01
		want  []string
	}{
		{"reference", "{}", nil},
		{"pool of fpm itself", "{ pool: 'global' }", []string{"php/pool-name"}},
		{"pool of root", "{ user: 'root' }", []string{"php/user"}},
		{"pool near it", "{ pool: 'globally' }", nil},
		{"a header's name", "{ env: { HTTP_PROXY: 'x' } }", []string{"php/env-name"}},
		{"a parameter's name", "{ env: { SERVER_NAME: 'x', REMOTE_ADDR: 'x' } }", []string{"php/env-name", "php/env-name"}},
		{"names near them", "{ env: { HTTP: 'x', SERVER: 'x', APP_SERVER_NAME: 'x' } }", nil},
		{"a variable of fpm's own", "{ env: { A: '$HOME' } }", []string{"php/env-value"}},
		{"a dollar sign alone", "{ env: { A: '$' } }", []string{"php/env-value"}},
		{"the pool's name", "{ env: { A: 'a$pool' } }", []string{"php/env-value"}},
		{"dollar signs that stay", "{ env: { A: 'a$', B: 'a$HOME', C: '${HOME}x'[1:], D: 'a${HOME}', E: '$ pool'[1:], F: 'a$POOL' } }", nil},
		{"empty", "{ env: { A: '' } }", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := rendertest.Findings(t, "nullzero", "{ vms+: { web01+: { php+: "+tt.patch+" } } }", Check); !slices.Equal(got, tt.want) {
				t.Errorf("rules\n got %q\nwant %q", got, tt.want)
			}
		})
	}
}

// TestCheckWithoutAddress looks at what only an unchecked topology has.
func TestCheckWithoutAddress(t *testing.T) {
	topo := rendertest.Topology(t, "nullzero")
	topo.VM("db01").Interfaces[0].Address = netip.Addr{}
	if got := Check(topo); len(got) != 1 || got[0].Rule != "php/env-address" {
		t.Errorf("VM without address: got %v, want php/env-address", got)
	}
	topo.VM("web01").PHP.Env[0].VM = "nobody"
	if got := Check(topo); len(got) != 0 {
		t.Errorf("no such VM, which schema reports: got %v, want nothing", got)
	}
}

func TestRender(t *testing.T) {
	set, err := Render(rendertest.Variant(t, "nullzero", "{ vms+: { web01+: { php+: { user: 'app', extensions: ['mysql', 'intl'] } } } }"))
	if err != nil {
		t.Fatal(err)
	}
	f := set.Files[0]
	if want := []artifact.Secret{{Name: "db01/user", Encoding: artifact.INI}}; !slices.Equal(f.Secrets, want) {
		t.Errorf("got secrets %v, want %v", f.Secrets, want)
	}
	if f.Install.Mode != 0o600 {
		t.Errorf("got mode %o, want 600", f.Install.Mode)
	}
	for _, want := range []string{
		"\n[app]\nuser = \"app\"\n",
		"\nlisten = \"/run/php/php8.2-fpm-app.sock\"\n",
		"\nenv[\"DB_HOST\"] = \"10.0.1.4\"\n",
		"\nenv[\"DB_PASSWORD\"] = \"@@secret:ini:db01/user@@\"\n",
	} {
		if !strings.Contains(f.Content, want) {
			t.Errorf("no %q in\n%s", want, f.Content)
		}
	}
	if got, want := set.Steps[0].ID(), "web01/account"; got != want {
		t.Errorf("got first step %s, want %s", got, want)
	}
	if got, want := set.Steps[1].Packages, []string{"php8.2-fpm", "php8.2-intl", "php8.2-mysql"}; !slices.Equal(got, want) {
		t.Errorf("got packages %q, want %q", got, want)
	}
}

func TestQuote(t *testing.T) {
	tests := []struct{ in, want string }{
		{"test", `"test"`},
		{"", `"$"`},
		{`a"b`, `"a\"b"`},
		{`a\`, `"a\\"`},
		{"a${HOME}", `"a\${HOME}"`},
		{"it's; # fine", `"it's; # fine"`},
	}
	for _, tt := range tests {
		if got := quote(tt.in); got != tt.want {
			t.Errorf("quote(%q)\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

// FuzzQuote holds quote to its law: PHP reads the value back unchanged, and the
// line has nothing else in it.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"a", `"`, `\`, `\"`, `\\`, "$", "${A}", `\${A}`, "$$", "'", ";", "#", "]", "=", "é\x80", "null", `"x`, `a\n`} {
		f.Add(s)
	}
	const program = `echo json_encode(array_map('bin2hex', parse_ini_string(stream_get_contents(STDIN), false, INI_SCANNER_NORMAL)));`
	f.Fuzz(func(t *testing.T, s string) {
		if s == "" || strings.ContainsAny(s, "\n\r\x00") {
			t.Skip("not for PHP's own reader")
		}
		rendertest.Need(t, "php")
		cmd := exec.Command("php", "-n", "-r", program)
		cmd.Stdin = strings.NewReader("a = " + quote(s) + "\n")
		out, err := cmd.Output()
		if want := `{"a":"` + hex.EncodeToString([]byte(s)) + `"}`; err != nil || string(out) != want {
			t.Errorf("%q is written %s\n got %s (%v)\nwant %s", s, quote(s), out, err, want)
		}
	})
}
