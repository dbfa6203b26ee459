package shell

import (
	"os/exec"
	"strings"
	"testing"
)

func TestQuote(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", "''"},
		{"eth0", "eth0"},
		{"tag=20", "tag=20"},
		{"a b", "'a b'"},
		{"$(reboot)", "'$(reboot)'"},
		{"it's", `'it'\''s'`},
		{"~root", "'~root'"},
		{"a\nb", "'a\nb'"},
		{"é", "'é'"},
	}
	for _, tt := range tests {
		if got := Quote(tt.in); got != tt.want {
			t.Errorf("Quote(%q)\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

// FuzzQuote holds Quote to its law: a real shell reads the word back unchanged.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "a", "it's", "$(id)", "`id`", "\\", "\n", "a=b", "*", "é\x80", "!x", "-n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsRune(s, 0) {
			t.Skip("a word cannot hold a NUL")
		}
		out, err := exec.Command("sh", "-c", "printf '%s.' "+Quote(s)).Output()
		if err != nil || string(out) != s+"." {
			t.Errorf("sh read %q back as %q (%v)", s, out, err)
		}
	})
}

func TestUntil(t *testing.T) {
	for _, tt := range []struct {
		command, want string
		ok            bool
	}{
		{"test 'a b' = \"a b\"", "", true},
		{"test 'a b' = b", "it's not so\n", false},
	} {
		out, err := exec.Command("bash", "-c", "set -euo pipefail\n"+Until(1, tt.command, "it's not so")+"\n").CombinedOutput()
		if string(out) != tt.want || (err == nil) != tt.ok {
			t.Errorf("Until(1, %q)\n got %q, %v\nwant %q, success %t", tt.command, out, err, tt.want, tt.ok)
		}
	}
}
