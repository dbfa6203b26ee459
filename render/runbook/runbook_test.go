package runbook

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"
)

func TestText(t *testing.T) {
	tests := []struct{ in, want string }{
		{"the web site", "the web site"},
		{"a_b*c", `a\_b\*c`},
		{"a | b", `a \| b`},
		{"<script>", `\<script\>`},
		{"see http://a.b, www.a.b or a@b.c", `see http\://a.b, www\.a.b or a@b.c`},
		{`end\`, `end\\`},
		{"1.5 GiB: all", "1.5 GiB: all"},
	}
	for _, tt := range tests {
		if got := text(tt.in); got != tt.want {
			t.Errorf("text(%q)\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

// mailLink is the one thing that text may become.
var mailLink = regexp.MustCompile(`<a href="(?:mailto|xmpp):[^"<>]*">([^<>]*)</a>`)

// FuzzText holds text to its law: GitHub's own program reads the text back, and
// nothing else, in a cell of a table and in a line.
func FuzzText(f *testing.F) {
	for _, s := range []string{
		"a", "|", `\|`, `\`, "`a`", "**a**", "_a_", "~~a~~", "[a](b)", "![a](b)", "<b>", "<!-- -->", "-->", "&amp;", "&#35;",
		"http://a.b", "WWW.a.b", "www.a.b", "ftp://a", "mailto:a@b.c", "xmpp:a@b.c/d", "a@b.c", "# a", "- a", "1. a", "]]>", "$x$", "'; DROP TABLE", "é 🦊", ":smile:",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		rendertest.Need(t, "cmark-gfm")
		if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
			t.Skip("the schema refuses it")
		}
		want := strings.Trim(s, " ")
		output, ok := markdown(t, "| h |\n|---|\n| "+text(s)+" |\n\nline "+text(s)+" end\n")
		output = mailLink.ReplaceAllString(output, "$1")
		_, cell, _ := strings.Cut(output, "<td>")
		cell, _, _ = strings.Cut(cell, "</td>")
		if want != "" && (!ok || html.UnescapeString(cell) != want || strings.Contains(cell, "<")) {
			t.Errorf("a cell of %q is read as %q from %s", want, cell, text(s))
		}
		_, line, _ := strings.Cut(output, "<p>line ")
		line, _, _ = strings.Cut(line, " end</p>")
		if html.UnescapeString(line) != s || strings.Contains(line, "<") {
			t.Errorf("a line of %q is read as %q from %s", s, line, text(s))
		}
	})
}

// markdown is what GitHub's program makes of a text.
func markdown(t *testing.T, text string) (output string, ok bool) {
	t.Helper()
	return rendertest.Run(t, "cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough", rendertest.Write(t, "README.md", text))
}

// TestConform sees that the tables of a stack with hostile text are tables: as
// many cells in each row as in its head.
func TestConform(t *testing.T) {
	rendertest.Need(t, "cmark-gfm")
	hostile := `a | b <td> \\ ` + "`c` | <!-- [x](y) **d** www.e.f"
	topo := rendertest.Variant(t, "nullzero", `{ description: '`+hostile+`', networks+: { lan+: { description: '`+hostile+`' } }, vms+: {
		lb01+: { description: '`+hostile+`', varnish+: { vcl: '# |\n' } },
		web01+: { nginx+: { sites+: { app+: { description: '`+hostile+`', extra: '# a\n# b' } } } } } }`)
	content := render(t, topo).Content
	if !strings.HasPrefix(content, "<!-- "+artifact.Header+" -->\n") || !strings.HasSuffix(content, "\n") || strings.HasSuffix(content, "\n\n") {
		t.Errorf("it lacks its header, or does not end in one line break")
	}
	output, ok := markdown(t, content)
	if !ok {
		t.Fatal(output)
	}
	if got := strings.Count(output, html.EscapeString("<td>")); got != 4 {
		t.Errorf("got %d hostile texts, want 4", got)
	}
	for _, table := range strings.Split(output, "<table>")[1:] {
		table, _, _ = strings.Cut(table, "</table>")
		head := strings.Count(table, "<th>")
		for _, r := range strings.Split(table, "<tr>")[2:] {
			if got := strings.Count(r, "<td>"); got != head || strings.Contains(r, "<a ") {
				t.Errorf("got %d cells under %d heads in %s", got, head, r)
			}
		}
	}
	if strings.Contains(output, "\n|") {
		t.Errorf("a table is not read as one:\n%s", output)
	}
}

func render(t *testing.T, topo *topology.Topology) artifact.File {
	t.Helper()
	file, err := Render(topo, artifact.Set{})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestRecords(t *testing.T) {
	tests := []struct {
		name, vms string
		want      []string // name, type, address
	}{
		{"behind router and cache", "{}", []string{"`app.nullzero.me` | A | `46.4.71.77`"}},
		{"aliases", "{ web01+: { nginx+: { sites+: { app+: { aliases: ['*.nullzero.me'] } } } } }",
			[]string{"`app.nullzero.me` | A | `46.4.71.77`", "`*.nullzero.me` | A | `46.4.71.77`"}},
		{"forwarded past the cache", "{ rtr01+: { router+: { nat+: { destination+: { '20': { inboundInterface: 'eth0', address: '46.4.71.78', protocol: 'tcp', port: 8080, translation: { vm: 'web01', port: 80 } } } } } } }",
			[]string{"`app.nullzero.me` | A | `46.4.71.77`", "`app.nullzero.me` | A | `46.4.71.78`"}},
		{"not forwarded", "{ rtr01+: { router+: { nat+: { destination:: {} } } } }", []string{"`app.nullzero.me` | A | `10.0.1.2`"}},
		{"no cache", "{ lb01+: { varnish:: null }, rtr01+: { router+: { nat+: { destination:: {} } } } }", []string{"`app.nullzero.me` | A | `10.0.1.3`"}},
		{"a VPN by name", "{ rtr01+: { router+: { openvpn+: { vtun0+: { remote: 'vpn.nullzero.me' } } } } }",
			[]string{"`vpn.nullzero.me` | A | `46.4.71.77`", "`app.nullzero.me` | A | `46.4.71.77`"}},
		{"a VPN by address", "{ rtr01+: { router+: { openvpn+: { vtun0+: { remote: '46.4.71.77' } } } } }", []string{"`app.nullzero.me` | A | `46.4.71.77`"}},
	}
	for _, tt := range tests {
		topo := rendertest.Variant(t, "nullzero", "{ vms+: "+tt.vms+" }")
		var got []string
		for _, r := range records(topo) {
			cells := strings.Split(strings.TrimPrefix(r, "| "), " | ")
			got = append(got, strings.Join(cells[:3], " | "))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestHatches(t *testing.T) {
	topo := rendertest.Variant(t, "nullzero", `{ vms+: {
		lb01+: { varnish+: { vcl: '# a\n# b\n' }, libvirt: { extraXML: '<sound model="ich9"/>' } },
		rtr01+: { router+: { extraCommands: ['set a', 'set b'] } },
		web01+: { nginx+: { sites+: { app+: { extra: '# a' } } } } } }`)
	want := []string{
		"| `/vms/lb01/libvirt/extraXML` | 1 |",
		"| `/vms/lb01/varnish/vcl` | 2 |",
		"| `/vms/rtr01/router/extraCommands` | 2 |",
		"| `/vms/web01/nginx/sites/app/extra` | 1 |",
	}
	if got := hatches(topo); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if got := hatches(rendertest.Topology(t, "nullzero")); len(got) != 0 {
		t.Errorf("got %q, want none", got)
	}
}

func TestSecrets(t *testing.T) {
	use := func(machine, path string, names ...string) artifact.File {
		f := artifact.File{Machine: machine, Path: path}
		for _, n := range names {
			f.Secrets = append(f.Secrets, artifact.Secret{Name: n, Encoding: artifact.SQL})
		}
		return f
	}
	got := secrets([]artifact.File{use("b", "y", "two", "one", "one"), use("a", "x", "one"), use("c", "z")})
	if want := []string{"| `one` | `a/x` `b/y` |", "| `two` | `b/y` |"}; !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestKeyMakers(t *testing.T) {
	got := keyMakers([]artifact.File{{Machine: "a", Path: "pki/pki.sh"}, {Machine: "a", Path: "etc/pki.sh"}, {Machine: "b", Path: "pki/pki.sh"}})
	if want := []string{"`a/pki/pki.sh`", "`b/pki/pki.sh`"}; !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
