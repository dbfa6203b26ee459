package files

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
	"stackgen/schema/release/releasetest"
)

func TestCheck(t *testing.T) {
	tests := []struct {
		path string
		want []string
	}{
		{"/srv/www/a.txt", nil},
		{"/etc/shadow", []string{"files/path"}},
		{"/etc/shadow.note", nil},
		{"/etc/machine-id", []string{"files/path"}},
		{"/etc/ssh/ssh_host_ed25519_key", []string{"files/path"}},
		{"/etc/ssh/sshd_config.d/a.conf", nil},
		{"/run/a", []string{"files/path"}},
		{"/var/run/a", []string{"files/path"}},
		{"/runner/a", nil},
	}
	for _, tt := range tests {
		patch := "{ vms+: { web01+: { files: { '" + tt.path + "': { content: '' } } } } }"
		if got := rendertest.Findings(t, "nullzero", patch, Check); !slices.Equal(got, tt.want) {
			t.Errorf("%s: rules\n got %q\nwant %q", tt.path, got, tt.want)
		}
	}
}

func render(t *testing.T, web01 string) artifact.Set {
	t.Helper()
	set, err := Render(rendertest.Variant(t, "nullzero", "{ vms+: { web01+: "+web01+" } }"))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestVerbatim(t *testing.T) {
	for _, content := range []string{"a\n", "a", "", "\n\n", "\ta\r\nb\n\n\n", "@@ $(id) ' \" \\", "é\u2028"} {
		set := render(t, "{ files: { '/srv/a': { content: std.parseJson("+jsonText(content)+"), mode: '0750', owner: 'root', group: 'www-data' } } }")
		got := set.Files[0]
		if got.Content != content {
			t.Errorf("got %q, want %q", got.Content, content)
		}
		if want := (artifact.Install{Path: "/srv/a", Owner: "root", Group: "www-data", Mode: 0o750}); *got.Install != want || got.TreePath() != "web01/srv/a" {
			t.Errorf("got %s installed as %+v, want %+v", got.TreePath(), *got.Install, want)
		}
	}
}

func TestStep(t *testing.T) {
	tests := []struct {
		name, web01 string
		want        []string // step of each file
		check       int      // lines
		after       []string
	}{
		{"a program and a text", "{ files: { '/srv/a.php': { content: '' }, '/srv/b.txt': { content: '' } } }", []string{"files", "files"}, 1, nil},
		{"no PHP", "{ php:: null, nginx+: { sites+: { app+: { php: false } } }, files: { '/srv/a.php': { content: '' } } }", []string{"files"}, 0, nil},
		{"an account", "{ php+: { user: 'app' }, files: { '/srv/a': { content: '', owner: 'app' } } }", []string{"files"}, 0, []string{"web01/account"}},
		{"of a service", "{ files: { '/etc/nginx/conf.d/a.conf': { content: '' }, '/etc/varnish/b': { content: '' } } }", []string{"nginx", "files"}, 0, nil},
	}
	for _, tt := range tests {
		set := render(t, tt.web01)
		var got []string
		for _, f := range set.Files {
			got = append(got, f.Step)
		}
		s := set.Steps[0]
		if !slices.Equal(got, tt.want) || len(s.Check) != tt.check || !slices.Equal(s.After, tt.after) {
			t.Errorf("%s: got %q, check %q, after %q\nwant %q, %d lines, %q", tt.name, got, s.Check, s.After, tt.want, tt.check, tt.after)
		}
	}
}

func TestNoOwnStep(t *testing.T) {
	if set := render(t, "{ files: { '/etc/nginx/conf.d/a.conf': { content: '' } } }"); len(set.Steps) != 0 {
		t.Errorf("got steps %v, want none", set.Steps)
	}
}

// TestConform has PHP look at the program of the fixture and at a broken one.
func TestConform(t *testing.T) {
	rendertest.Need(t, "php"+releasetest.Here().PHP)
	set := render(t, "{}")
	line := set.Steps[0].Check[0]
	for text, want := range map[string]bool{
		set.Files[0].Content: true,
		strings.Replace(set.Files[0].Content, "new mysqli", "new new mysqli", 1): false,
	} {
		script := strings.Replace(line, "/srv/www/index.php", rendertest.Write(t, "index.php", text), 1)
		if output, ok := rendertest.Run(t, "bash", "-euo", "pipefail", "-c", script); ok != want || ok != (output == "") {
			t.Errorf("got %t, want %t: %s", ok, want, output)
		}
	}
}

// jsonText is a text as a JSON string within a Jsonnet string.
func jsonText(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return "@'" + strings.ReplaceAll(string(text), "'", "''") + "'"
}
