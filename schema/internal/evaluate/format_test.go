package evaluate

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-jsonnet"
)

// compare holds a program to the law of the fast path: where that gives a value, it
// is the value of std.format; where std.format gives none, neither does it. It
// reports whether the fast path gave up where std.format does not.
func compare(t testing.TB, program string) (gaveUp bool) {
	t.Helper()
	run := func(fast bool) (string, error) {
		vm := jsonnet.MakeVM()
		vm.Importer(newImporter(&jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{"p": jsonnet.MakeContents(program)}}))
		node, _, err := vm.ImportAST("", "p")
		if err != nil {
			return "", err
		}
		if fast {
			rewriteFormats(vm, rootsOf(vm, node, "p"))
		}
		return vm.Evaluate(node)
	}
	want, plainErr := run(false)
	got, err := run(true)
	if err == nil && (plainErr != nil || got != want) {
		t.Errorf("%s\n got %s\nwant %s %v", program, got, want, plainErr)
	}
	return err != nil && plainErr == nil
}

var wholeGrid = flag.Bool("grid", false, "try all of the grid in TestFormatEqualsStd and not a 17th")

// TestFormatEqualsStd is the law of the fast path over a grid of codes and values.
// It gives up only at numbers that are not exact.
func TestFormatEqualsStd(t *testing.T) {
	flags := []string{"", "#", "0", "-", " ", "+", "0-", "+0", " 0", "#0", "-#+"}
	widths := []string{"", "1", "7"}
	precisions := []string{"", ".", ".0", ".3"}
	conversions := []string{"s", "d", "i", "u", "o", "x", "X", "f", "F", "e", "g", "c", "%", "q", "ld"}
	values := []string{"0", "1", "-1", "-0.4", "2.5", "255", "-255.7", "1e15", "1e17", "12345678901", "'é€𝄞'", "'a'", "''",
		"true", "null", "[]", "[1]", "[[]]", "[[{}, 1.5, '\"\\\\', -1e20, {b: 'x\\ty\\u0007', a: [null, false]}]]", "[{a: 1}]", "{a: 1}", "{a:: 1}", "[1, 2]", "function(x) x", "error 'boom'"}
	i := 0
	for _, f := range flags {
		for _, w := range widths {
			for _, p := range precisions {
				for _, c := range conversions {
					for _, v := range values {
						if i++; *wholeGrid || i%17 == 0 {
							program := fmt.Sprintf("'<%%%s>' %% %s", f+w+p+c, v)
							if compare(t, program) && v != "1e17" {
								t.Errorf("%s is left to std.format", program)
							}
						}
					}
				}
			}
		}
	}
}

func TestFormatLaziness(t *testing.T) {
	for _, program := range []string{
		`'%s-%s' % [1, 2]`, `'%s' % [[1, 2]]`, `'%s' % { a: 1 }`, `'%(a)s %(b)d' % { a: 'x', b: 7, c: error 'not looked at' }`,
		`'%(a)s' % { a:: 'hidden' }`, `'%(a)s' % { b: 1 }`, `'%(a)s %s' % { a: 1 }`,
		`'%d %d' % ['x', error 'second']`, `'%s %d' % [error 'first', 'x']`, `'%s' % [1, error 'too many']`, `'%s %s' % [error 'too few']`,
		`'100%%' % []`, `'100%%' % {}`, `'100%%' % 'x'`, `'%' % 1`, `'%(a' % {}`, `local v = [1, 2]; '%s:%s' % v`, `local v = [1]; '%s:%s' % v`,
		`local f(x) = '%03d' % x; [f(1), f([2]), f(33)]`, `{ a: 'x%s' % self.b, b: 2 }.a`, `{ a: 'x%s' % $.b, b: 2 }.a`,
		`local std = { mod: 1, native: 2, type: 3 }; '%s' % 1`, `local a = 'x'; '%s' % a + '%s' % 'y'`, `['%s' % i for i in [1, 2]]`,
		`{ ['k%d' % i]: '%s%s' % [i, super_] for i in [1] for super_ in ['q'] }`, `({ a: 'b%s' % 1 } + { a: super.a + '%s' % 2 }).a`,
		`'%s' % ('%s' % 'nested')`, `'%s %s' % ['%s' % 'x', '%d' % 'y']`, `'%*d' % [5, 1]`, `5 % 3`, `local x = 5; x % 3`, `'a' % error 'boom'`,
		`'' % []`, `'' % 1`, `'%s' % null`, `'%5s|%-5s|' % ['é', '𝄞']`, `'%s' % 'a' % []`,
		`local n = 7; [n % 3, n % -3, -n % 3, 7.5 % 2, n % 0.5]`, `local f = '<%03d>'; [f % 5, f % 6]`, `local f = '%s'; f % 0`, `local n = 1; n % 0`,
		`local n = 7, d = 3, z = 0; [n % d, 7.5 % d, -n % d, z % d]`, `local n = 7, z = 0; n % z`, `local n = 7, s = 'x'; n % s`,
		`local f = '<%s|%s>', v = [1, 2]; f % v`, `local f = '%(a)s', v = { a: 1, b: error 'not looked at' }; f % v`, `local f = '%d', v = 7; f % v`,
		`local f(x, n) = x % n; [f(9, 4), f('%02d', 4), f('%s%s', [1, 2])]`, `local n = error 'right'; 1 % n`,
		`local f = '%s %s'; f % 1`, `local f = 'x'; f % 1`, `local x = []; x % 2`, `local x = null; x % 2`, `(error 'left') % 2`,
		`local n = 70000; '%02x:%02x' % [std.floor(n / 256) % 256, n % 256]`,
	} {
		if compare(t, program) {
			t.Errorf("%s is left to std.format", program)
		}
		sameFindings(t, program)
	}
	// Each of these is evaluated again, as it stands.
	for _, program := range []string{`'%(a)s' % 'x'`, `'%(a)s' % ['x']`, `'%d' % 1e17`, `local f = '%g'; f % 1`} {
		if !compare(t, program) {
			t.Errorf("%s is not left to std.format", program)
		}
		sameFindings(t, program)
	}
}

// sameFindings sees that an evaluation does not depend on our shortcuts.
func sameFindings(t *testing.T, program string) {
	t.Helper()
	run := func(plain bool) string {
		in := Input{File: "p", Plain: plain, Importer: &jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{"p": jsonnet.MakeContents(program)}}}
		doc, diags, err := File(in)
		return fmt.Sprintf("%v %+v %v", doc, diags, err)
	}
	if got, want := run(false), run(true); got != want {
		t.Errorf("%s\n got %s\nwant %s", program, got, want)
	}
}

func FuzzFormat(f *testing.F) {
	f.Add("%05.2f|%s", "1.5", "x")
	f.Add("%(a)s", "2", "%")
	f.Add("%-+ #08x%%", "-3", "")
	f.Fuzz(func(t *testing.T, format, number, text string) {
		quote := func(s string) string { return fmt.Sprintf("%q", strings.ToValidUTF8(s, "?")) }
		if len(format) > 40 || strings.ContainsAny(format+text, "\a\v\x00\x7f") {
			t.Skip()
		}
		var n float64
		fmt.Sscan(number, &n)
		for _, values := range []string{
			fmt.Sprint(n), quote(text), fmt.Sprintf("[%v, %s]", n, quote(text)), fmt.Sprintf("{ a: %v, b: %s }", n, quote(text)),
		} {
			compare(t, quote(format)+" % "+values)
		}
	})
}

// TestFormatIsNative sees that the fast path is taken at all, and that what it
// does not understand is not.
func TestFormatIsNative(t *testing.T) {
	tests := []struct {
		program  string
		rewrites int
	}{
		{`'%s' % 1`, 1},
		{`'%(a)s-%(b)03d' % { a: 1, b: 2 }`, 1},
		{`'%.2f %x' % [1, 2]`, 1},
		{`'%s %s' % [1]`, 0},
		{`'%e' % 1`, 0},
		{`'%*d' % [1, 2]`, 0},
		{`7 % 3`, 0},
		{`local f = '%s'; f % 1`, 0},
		{`'%(a)s %s' % {}`, 0},
	}
	for _, tt := range tests {
		vm := jsonnet.MakeVM()
		vm.Importer(&jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{"p": jsonnet.MakeContents(tt.program)}})
		node, _, err := vm.ImportAST("", "p")
		if err != nil {
			t.Fatal(err)
		}
		if got := rewriteFormats(vm, rootsOf(vm, node, "p")); got != tt.rewrites {
			t.Errorf("%s: %d calls rewritten, want %d", tt.program, got, tt.rewrites)
		}
	}
}

func BenchmarkFormat(b *testing.B) {
	const program = `[local n = i % 97; '%s-%03d.%s' % ['web', n, 'example.net'] for i in std.range(1, 1000)]`
	for _, fast := range []bool{false, true} {
		b.Run(fmt.Sprintf("fast=%t", fast), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				vm := jsonnet.MakeVM()
				vm.Importer(newImporter(&jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{"p": jsonnet.MakeContents(program)}}))
				node, _, _ := vm.ImportAST("", "p")
				if fast {
					rewriteFormats(vm, rootsOf(vm, node, "p"))
				}
				if _, err := vm.Evaluate(node); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
