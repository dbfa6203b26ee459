package varnish

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// compile asks varnishd about VCL. It may not drop its privileges: another
// user could not read the test's directory.
func compile(t *testing.T, text string) (output string, ok bool) {
	t.Helper()
	rendertest.Need(t, "varnishd", "cc")
	return rendertest.Run(t, "varnishd", "-C", "-j", "none", "-n", t.TempDir(), "-f", rendertest.Write(t, "default.vcl", text))
}

func TestConform(t *testing.T) {
	tests := []struct{ name, patch, good, bad string }{
		{"reference", "{}", ".interval = 5s;", ".interval = 5;"},
		{"one backend without probe", "{ varnish: { backends: { default: { address: '2001:db8::1' } } } }", "backend default", "backend"},
		{"round_robin", "{ varnish+: { backends+: { b: { vm: 'web01', connectTimeout: '500ms', maxConnections: 9 } } } }", "add_backend(b)", "add_backend(c)"},
		{"fallback", "{ varnish+: { director: 'fallback', backends+: { b: { vm: 'web01' } } } }", "add_backend(b)", "add_backend(b, 1)"},
		{"random", "{ varnish+: { director: 'random', backends+: { b: { vm: 'web01', weight: 5 } } } }", "b, 5", "b, heavy"},
		{"hash", "{ varnish+: { director: 'hash', backends+: { b: { vm: 'web01', weight: 5 } } } }", "backend(req.http.host + req.url)", "backend()"},
		{"own VCL", "{ varnish+: { vcl: 'import std;\\nsub vcl_recv { return (pass); }\\n\\n' } }", "return (pass)", "return (past)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := vcl(t, tt.patch)
			if !strings.HasSuffix(text, "}\n") || strings.HasSuffix(text, "\n\n") {
				t.Errorf("it does not end in exactly one line break: %q", text[len(text)-20:])
			}
			if output, ok := compile(t, text); !ok {
				t.Errorf("varnishd refuses it: %s\n%s", output, text)
			}
			if !strings.Contains(text, tt.good) {
				t.Fatalf("no %q in\n%s", tt.good, text)
			}
			if _, ok := compile(t, strings.Replace(text, tt.good, tt.bad, 1)); ok {
				t.Errorf("varnishd accepts it with %q in the place of %q", tt.bad, tt.good)
			}
		})
	}
}

// TestConformReserved holds our list of words to the real one.
func TestConformReserved(t *testing.T) {
	accepts := func(name string) bool {
		// The error behind the backend saves the C compiler its work.
		output, _ := compile(t, "vcl 4.1; import directors; import std; backend "+name+" { .host = \"192.0.2.1\"; }\nerror_here")
		return strings.Contains(output, "error_here")
	}
	for name := range reserved {
		if name != directorName && name != challengeBackend && accepts(name) {
			t.Errorf("varnishd accepts %q", name)
		}
	}
	for _, name := range []string{"Default", "vcl_x", "VCL_x"} {
		if accepts(name) {
			t.Errorf("varnishd accepts %q", name)
		}
	}
	for _, name := range []string{"default", "none", "web-01", "client", "pass", "error", "vclx", "STRING", directorName} {
		if !accepts(name) {
			t.Errorf("varnishd refuses %q", name)
		}
	}
}

// TestConformQuote sees what becomes of texts in the C that varnishd makes.
func TestConformQuote(t *testing.T) {
	texts := []string{
		"a b", `say "hi"`, `"`, `""`, `"}`, `{"a"}`, `a"`, `"""x`, "line\nbreak", "tab\t", "cr\r", "bell\a\x01\x7f", "é ü", "\xff\x80",
		`back\slash\n`, "%41%00", "$(id)", "`id`", "'; DROP TABLE", "]]>", "-->", "/* */ // #", "C{ }C", "; }", "${x}",
	}
	var text strings.Builder
	text.WriteString("vcl 4.1;\n")
	var written []string
	for _, s := range texts {
		word, err := quote(s)
		if err != nil {
			t.Errorf("%q cannot be written: %v", s, err)
			continue
		}
		fmt.Fprintf(&text, "backend b%d { .host = \"192.0.2.1\"; .host_header = %s; }\nsub vcl_recv { set req.backend_hint = b%[1]d; }\n", len(written), word)
		written = append(written, s)
	}
	output, ok := compile(t, text.String())
	if !ok {
		t.Fatalf("varnishd refuses\n%s", text.String())
	}
	got := cStrings(t, output)
	if len(got) != len(written) {
		t.Fatalf("got %d texts, want %d", len(got), len(written))
	}
	for i, want := range written {
		if got[i] != want {
			t.Errorf("got %q, want %q", got[i], want)
		}
	}
}

// cStrings reads the host headers in a C program; a string with line breaks is
// written as several constants.
func cStrings(t *testing.T, program string) (texts []string) {
	constant := `"(?:[^"\\]|\\.)*"`
	for _, m := range regexp.MustCompile(`\.hosthdr = ((?:`+constant+`\s*)+)`).FindAllStringSubmatch(program, -1) {
		var all string
		for _, c := range regexp.MustCompile(constant).FindAllString(m[1], -1) {
			s, err := strconv.Unquote(c)
			if err != nil {
				t.Errorf("reading %s: %v", c, err)
			}
			all += s
		}
		texts = append(texts, all)
	}
	return texts
}

// TestConformUnit asks systemd about the package's unit with our drop-in.
func TestConformUnit(t *testing.T) {
	rendertest.Need(t, "systemd-analyze", "varnishd")
	unit, err := os.ReadFile("/lib/systemd/system/varnish.service")
	if err != nil {
		t.Fatal(err)
	}
	verify := func(dropIn string) (string, bool) {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "varnish.service.d"), 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"varnish.service": string(unit), "varnish.service.d/listen.conf": dropIn} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		t.Setenv("SYSTEMD_UNIT_PATH", dir)
		return rendertest.Run(t, "systemd-analyze", "verify", "--man=no", "--recursive-errors=no", filepath.Join(dir, "varnish.service"))
	}
	text := dropIn(t)
	if output, ok := verify(text); !ok || output != "" {
		t.Errorf("systemd refuses it: %s", output)
	}
	if _, ok := verify(strings.Replace(text, "ExecStart=\n", "", 1)); ok {
		t.Error("systemd accepts a second command")
	}
}

func dropIn(t *testing.T) string {
	t.Helper()
	set, err := Render(rendertest.Topology(t, "nullzero"))
	if err != nil {
		t.Fatal(err)
	}
	return rendertest.Content(t, set, "lb01/etc/systemd/system/varnish.service.d/listen.conf")
}

// TestConformStep runs the drop-in's command as systemd would, and the lines of
// the step with a systemctl that says what it is asked to do.
func TestConformStep(t *testing.T) {
	rendertest.Need(t, "varnishd", "varnishadm", "ss", "cc")
	set, err := Render(rendertest.Topology(t, "nullzero"))
	if err != nil {
		t.Fatal(err)
	}
	step := set.Steps[0]
	_, command, _ := strings.Cut(dropIn(t), "ExecStart=\n")
	command, _, _ = strings.Cut(command, "\n#")
	command = strings.TrimSpace(strings.TrimPrefix(command, "ExecStart="))
	lines := func(l []string) string { return strings.Join(l, "\n") }
	output, ok := rendertest.Alone(t, `
mount -t tmpfs tmpfs /etc/varnish; mount -t tmpfs tmpfs /var/lib/varnish
cp `+rendertest.Write(t, "default.vcl", vcl(t, "{}"))+` /etc/varnish/default.vcl; chmod 644 /etc/varnish/default.vcl
echo secret >/etc/varnish/secret
systemctl() {
  case "$*" in
  *is-failed*) return 1 ;;
  *MainPID*) echo "$main" ;;
  *varnish.service*) echo "asked to $1" >&3 ;;
  esac
}
exec 3>&1
main=0
`+lines(step.Check)+"\n"+lines(step.Apply)+`
`+command+` >/run/varnish.log 2>&1 &
main=$!
`+lines(step.Verify)+"\n"+lines(step.Apply)+`
kill "$main"; wait "$main" || true
`+strings.Replace(command, "-a :80", "-a :81", 1)+` >/run/varnish.log 2>&1 &
main=$!
`+lines(step.Apply)+`
echo broken >>/etc/varnish/default.vcl
`+lines(step.Check)+`
echo "not reached"`)
	if want := "asked to restart\nasked to reload\nasked to restart\n"; ok || !strings.HasPrefix(output, want) || !strings.Contains(output, "VCL compilation failed") || strings.Contains(output, "not reached") {
		t.Errorf("got %t\n%s\nwant a failure that begins\n%s", ok, output, want)
	}
}
