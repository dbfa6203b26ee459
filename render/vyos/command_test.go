package vyos

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestLine(t *testing.T) {
	tests := []struct {
		name string
		in   command
		want string // "" is an error
	}{
		{"leaf", command{path: []string{"system", "host-name"}, value: "rtr01"}, "set system host-name 'rtr01'"},
		{"tag", command{path: []string{"protocols", "static", "route", "0.0.0.0/0"}}, "set protocols static route 0.0.0.0/0"},
		{"shell in value", command{path: []string{"a"}, value: "$(reboot); #{ //"}, "set a '$(reboot); #{ //'"},
		{"single quote", command{path: []string{"a"}, value: "it's"}, ""},
		{"double quote", command{path: []string{"a"}, value: `"`}, ""},
		{"backslash", command{path: []string{"a"}, value: `a\b`}, ""},
		{"newline", command{path: []string{"a"}, value: "b\nset c"}, ""},
		{"shell in path", command{path: []string{"$(id)"}, value: "x"}, ""},
		{"space in path", command{path: []string{"a b"}, value: "x"}, ""},
		{"empty word", command{path: []string{"a", ""}, value: "x"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.in.line()
			if got != tt.want || (err != nil) != (tt.want == "") {
				t.Errorf("%+v\n got %q, %v\nwant %q", tt.in, got, err, tt.want)
			}
		})
	}
}

func TestCompareWords(t *testing.T) {
	want := []string{"a", "a-b", "ab", "eth0", "eth2", "eth10", "eth10a", "rule", "rule01", "rule1", "rule2"}
	for i, a := range want {
		for j, b := range want {
			got := compareWords(a, b)
			if (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("compareWords(%q, %q) is %d", a, b, got)
			}
		}
	}
	if got := compareWords("010", "9"); got <= 0 {
		t.Errorf("compareWords(010, 9) is %d: leading zeros do not count", got)
	}
}

func TestSorted(t *testing.T) {
	var c config
	c.root().leaf("system name-server", "9.9.9.9")
	c.root().leaf("system name-server", "1.1.1.1")
	c.root().at("nat source rule", "100").leaf("protocol", "tcp")
	c.root().at("nat source rule", "20").leaf("protocol", "tcp")
	c.root().leaf("system name-server", "9.9.9.9") // once
	c.root().at("protocols bgp network", "10.0.1.0/24").here()
	c.root().at("protocols bgp network", "10.0.1.0/24").here()
	c.root().leaf("empty", "")
	c.root().number("zero", 0)
	var got []string
	for _, k := range c.sorted() {
		line, err := k.line()
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, line)
	}
	want := []string{
		"set nat source rule 20 protocol 'tcp'",
		"set nat source rule 100 protocol 'tcp'",
		"set protocols bgp network 10.0.1.0/24",
		"set system name-server '9.9.9.9'",
		"set system name-server '1.1.1.1'",
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

// FuzzQuote holds quote to its law: what it takes, a shell and VyOS read back
// unchanged from one line; what it refuses has a character that cannot be kept.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "a", "it's", "$(id)", "`id`", "\\", "\n", "{ }", "//", "é\x80", "\x00", "\""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := quote(s)
		if err != nil {
			if !strings.ContainsFunc(s, notStorable) {
				t.Errorf("%q is refused", s)
			}
			return
		}
		if strings.ContainsAny(s, "'\"\n") || strings.Count(q, "'") != 2 {
			t.Fatalf("%q became %q", s, q)
		}
		out, err := exec.Command("bash", "-c", "printf '%s.' "+q).Output()
		if err != nil || string(out) != s+"." {
			t.Errorf("bash read %q back as %q (%v)", s, out, err)
		}
	})
}
