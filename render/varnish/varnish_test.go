package varnish

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

func TestCheck(t *testing.T) {
	tests := []struct {
		name  string
		patch string // of lb01
		want  []string
	}{
		{"reference", "{}", nil},
		{"reserved name", "{ varnish+: { backends: { req: { vm: 'web01' } } } }", []string{"varnish/backend-name"}},
		{"reserved in any case", "{ varnish+: { backends: { Backend: { vm: 'web01' } } } }", []string{"varnish/backend-name"}},
		{"reserved prefix", "{ varnish+: { backends: { vcl_web: { vm: 'web01' } } } }", []string{"varnish/backend-name"}},
		{"our own director", "{ varnish+: { backends: { Cluster: { vm: 'web01' } } } }", []string{"varnish/backend-name"}},
		{"near a reserved name", "{ varnish+: { backends: { default: { vm: 'web01' } } } }", nil},
		{"names that differ in case", "{ varnish+: { backends+: { Web01: { vm: 'web01' } } } }", []string{"varnish/backend-name"}},
		{"names that differ", "{ varnish+: { backends+: { web_01: { vm: 'web01' } } } }", nil},
		{"little storage", "{ varnish+: { storage: '1023KiB' } }", []string{"varnish/storage"}},
		{"just enough storage", "{ varnish+: { storage: '1MiB' } }", nil},
		{"more storage than memory", "{ memory: '256MiB' }", []string{"varnish/storage"}},
		{"less storage than memory", "{ memory: '257MiB' }", nil},
		{"weight of one backend", "{ varnish+: { director: 'random', backends+: { web01+: { weight: 2 } } } }", []string{"varnish/weight"}},
		{"weight without use", "{ varnish+: { backends+: { b: { vm: 'web01', weight: 2 } } } }", []string{"varnish/weight"}},
		{"weight", "{ varnish+: { director: 'hash', backends+: { b: { vm: 'web01', weight: 2 } } } }", nil},
		{"own VCL", "{ varnish+: { vcl: 'sub vcl_recv {}' } }", []string{"varnish/extra-vcl"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := rendertest.Findings(t, "nullzero", "{ vms+: { lb01+: "+tt.patch+" } }", Check); !slices.Equal(got, tt.want) {
				t.Errorf("rules\n got %q\nwant %q", got, tt.want)
			}
		})
	}
}

// TestCheckWithoutAddress looks at what only an unchecked topology has.
func TestCheckWithoutAddress(t *testing.T) {
	topo := rendertest.Topology(t, "nullzero")
	topo.VM("web01").Interfaces[0].Address = netip.Addr{}
	if got := Check(topo); len(got) != 1 || got[0].Rule != "varnish/backend-address" {
		t.Errorf("VM without address: got %v, want varnish/backend-address", got)
	}
	topo.VM("lb01").Varnish.Backends[0].Target.VM = "nobody"
	if got := Check(topo); len(got) != 0 {
		t.Errorf("no such VM, which schema reports: got %v, want nothing", got)
	}
}

func TestDirectors(t *testing.T) {
	tests := []struct {
		director string
		want     []string // in this order
	}{
		{"round_robin", []string{"import directors;", "new cluster = directors.round_robin();", "cluster.add_backend(a);", "cluster.add_backend(web01);", "cluster.backend();"}},
		{"fallback", []string{"new cluster = directors.fallback();", "cluster.add_backend(a);", "cluster.add_backend(web01);", "cluster.backend();"}},
		{"random", []string{"new cluster = directors.random();", "cluster.add_backend(a, 3);", "cluster.add_backend(web01, 1);", "cluster.backend();"}},
		{"hash", []string{"new cluster = directors.hash();", "cluster.add_backend(a, 3);", "cluster.add_backend(web01, 1);", "cluster.backend(req.http.host + req.url);"}},
	}
	for _, tt := range tests {
		rest := vcl(t, "{ varnish+: { director: '"+tt.director+"', backends+: { a: { vm: 'web01', weight: 3 } } } }")
		for _, want := range tt.want {
			_, after, found := strings.Cut(rest, want)
			if !found {
				t.Errorf("%s: no %q in\n%s", tt.director, want, rest)
				continue
			}
			rest = after
		}
	}
}

// vcl renders the VCL of lb01 with a patch to it.
func vcl(t *testing.T, patch string) string {
	t.Helper()
	set, err := Render(rendertest.Variant(t, "nullzero", "{ vms+: { lb01+: "+patch+" } }"))
	if err != nil {
		t.Fatal(err)
	}
	return rendertest.Content(t, set, "lb01/etc/varnish/default.vcl")
}

func TestHostHeader(t *testing.T) {
	second := "nginx+: { sites+: { b: { serverName: 'b.nullzero.me', root: '/srv/b', listen: %s } } }"
	tests := []struct {
		name, patch, want string
	}{
		{"the only site", "{}", `"app.nullzero.me"`},
		{"two sites on the port", "{ web01+: { " + strings.Replace(second, "%s", "80", 1) + " } }", ""},
		{"two sites on two ports", "{ web01+: { " + strings.Replace(second, "%s", "81", 1) + " } }", `"app.nullzero.me"`},
		{"written", "{ lb01+: { varnish+: { backends+: { web01+: { hostHeader: 'x' } } } } }", `"x"`},
		{"a wildcard", "{ web01+: { nginx: { sites: { b: { serverName: '*.nullzero.me', root: '/srv/b' } } } } }", ""},
		{"no nginx", "{ lb01+: { varnish+: { backends: { a: { address: '192.0.2.1' } } } } }", ""},
	}
	for _, tt := range tests {
		set, err := Render(rendertest.Variant(t, "nullzero", "{ vms+: "+tt.patch+" }"))
		if err != nil {
			t.Fatal(err)
		}
		_, got, _ := strings.Cut(rendertest.Content(t, set, "lb01/etc/varnish/default.vcl"), ".host_header = ")
		got, _, _ = strings.Cut(got, ";")
		if got != tt.want {
			t.Errorf("%s: got host_header %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestQuote(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", `""`},
		{"app.nullzero.me", `"app.nullzero.me"`},
		{`a\b %20`, `"a\b %20"`},
		{`say "hi"`, `{"say "hi""}`},
		{"a\nb", "{\"a\nb\"}"},
		{`"}`, `""""}"""`},
		{`{"a"}`, `"""{"a"}"""`},
		{`}`, `"}"`},
		{"a\x00", "error"},
		{`"} """`, "error"},
	}
	for _, tt := range tests {
		got, err := quote(tt.in)
		if err != nil {
			got = "error"
		}
		if got != tt.want {
			t.Errorf("quote(%q)\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

// FuzzQuote holds quote to its law: what varnishd's lexer reads is the text.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "a", `"`, `"}`, `"""`, "\n", "\r", `{"`, `\`, "%41", `a"`, `"a`, "é\x80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		word, err := quote(s)
		if err != nil {
			return
		}
		if got, rest := read(word + ";"); got != s || rest != ";" {
			t.Errorf("%q is written %s and read as %q, then %q", s, word, got, rest)
		}
	})
}

// read is varnishd's lexer (vcc_Lexer), for a string at the start of a text.
// TestConformQuote holds it to the real one.
func read(s string) (text, rest string) {
	for _, marks := range [][2]string{{`{"`, `"}`}, {`"""`, `"""`}} {
		if inner, ok := strings.CutPrefix(s, marks[0]); ok {
			text, rest, _ = strings.Cut(inner, marks[1])
			return text, rest
		}
	}
	text, rest, _ = strings.Cut(s[1:], `"`)
	if strings.ContainsAny(text, "\r\n") {
		return "unterminated string", ""
	}
	return text, rest
}

func TestWarmUp(t *testing.T) {
	tests := []struct {
		name   string
		probes string
		want   int
	}{
		{"defaults", "{ a: { vm: 'web01', probe: { url: '/' } } }", 2},
		{"no probe", "{ a: { vm: 'web01' } }", 0},
		{"healthy from the beginning", "{ a: { vm: 'web01', probe: { url: '/', threshold: 3, initial: 3 } } }", 0},
		{"three answers", "{ a: { vm: 'web01', probe: { url: '/', threshold: 3, initial: 0 } } }", 12},
		{"part of a second", "{ a: { vm: 'web01', probe: { url: '/', timeout: '1500ms' } } }", 2},
		{"the slowest", "{ a: { vm: 'web01', probe: { url: '/', timeout: '1s' } }, b: { vm: 'web01', probe: { url: '/', timeout: '3s' } } }", 3},
		{"not longer than a reload may take", "{ a: { vm: 'web01', probe: { url: '/', interval: '2m', initial: 0 } } }", 60},
	}
	for _, tt := range tests {
		topo := rendertest.Variant(t, "nullzero", "{ vms+: { lb01+: { varnish+: { backends: "+tt.probes+" } } } }")
		if got := warmUp(topo.VM("lb01").Varnish.Backends); got != tt.want {
			t.Errorf("%s: %d seconds, want %d", tt.name, got, tt.want)
		}
	}
}
