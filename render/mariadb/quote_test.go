package mariadb

import (
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", "''"},
		{"plain", "'plain'"},
		{"it's", `'it\'s'`},
		{`a\`, `'a\\'`},
		{"'; DROP TABLE t; -- ", `'\'; DROP TABLE t; -- '`},
		{"a\nb\r\n", `'a\nb\r\n'`},
		{"🦊 \"`", "'🦊 \"`'"},
	}
	for _, tt := range tests {
		if got := stringLiteral(tt.in); got != tt.want {
			t.Errorf("text(%q)\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

// read reads a literal as the manual says it is read (MariaDB, "String
// Literals"), without the doubling of quotes that text does not use.
func read(literal string) (value string, ok bool) {
	body, ok := strings.CutPrefix(literal, "'")
	if !ok {
		return "", false
	}
	var b strings.Builder
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case c == '\'':
			return b.String(), i == len(body)-1
		case c != '\\':
			b.WriteByte(c)
		case i+1 == len(body):
			return "", false
		default:
			i++
			b.WriteString(unescaped(body[i]))
		}
	}
	return "", false
}

func unescaped(c byte) string {
	switch c {
	case '0':
		return "\x00"
	case 'b':
		return "\b"
	case 'n':
		return "\n"
	case 'r':
		return "\r"
	case 't':
		return "\t"
	case 'Z':
		return "\x1a"
	case '%', '_':
		return `\` + string(c)
	}
	return string(c)
}

// FuzzText holds text to its law: it is one literal that is read back unchanged.
// TestConformText asks a server about some.
func FuzzText(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, ok := read(stringLiteral(s)); !ok || got != s {
			t.Errorf("%q is read back as %q (%t)", stringLiteral(s), got, ok)
		}
		if strings.ContainsAny(stringLiteral(s), "\n\r") {
			t.Errorf("%q has a line break", stringLiteral(s))
		}
	})
}

// FuzzIdentifier: an identifier ends at a backtick that is not doubled.
func FuzzIdentifier(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := identifier(s)
		body := got[1 : len(got)-1]
		if strings.Contains(strings.ReplaceAll(body, "``", ""), "`") || strings.ReplaceAll(body, "``", "`") != s {
			t.Errorf("identifier(%q): %s", s, got)
		}
	})
}

func TestNumeral(t *testing.T) {
	tests := []struct {
		in   float64
		want string
	}{
		{0, "0"}, {1, "1"}, {-1.5, "-1.5"}, {0.1, "0.1"}, {1e20, "100000000000000000000"}, {1e-7, "0.0000001"},
		{9007199254740992, "9007199254740992"}, {1e300, "1e+300"}, {-5e-324, "-5e-324"},
	}
	for _, tt := range tests {
		if got := numeral(tt.in); got != tt.want {
			t.Errorf("numeral(%g): got %s, want %s", tt.in, got, tt.want)
		}
	}
}
