package origin

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
)

// without is a program that imports nothing and computes nothing in a VM.
func without(main ast.Node) *Program {
	none := errors.New("there is none")
	return &Program{
		Main:       main,
		Import:     func(string, string) (ast.Node, error) { return nil, none },
		ImportText: func(string, string) (string, error) { return "", none },
		Evaluate:   func(string) (any, error) { return nil, none },
	}
}

// What cannot be computed without a VM is computed somewhere, and no place is
// exact that depends on it.
func TestWithoutVM(t *testing.T) {
	for _, tt := range []struct {
		program, path string
		exact         bool
		text          string
	}{
		{`{ a: 'x' }`, "a", true, "'x'"},
		{`{ a: std.md5('x') }`, "a", false, "std.md5('x')"},
		{`{ a: if std.md5('x') == 'y' then 1 else 2 }`, "a", false, "if std.md5('x') == 'y' then 1 else 2"},
		{`{ a: if std.md5('x') == 'y' then error 'no' else 2 }`, "a", true, "2"},
		{`{ [std.md5('x')]: 1, a: 2 }`, "a", false, ""},
		{`{ a: std.extVar('x').b }`, "a", false, "std.extVar('x').b"},
		{`{ a: import 'x' }`, "a", false, "import 'x'"},
		{`{ a: [1, 2][std.length('x')] }`, "a", true, "2"},
		{`local f(n) = f(n + 1); { a: f(0) }`, "a", false, "f(0)"},
		{`local x = x; { a: x }`, "a", false, "x"},
		{`{ a: std.makeArray(100000000, function(i) i) }`, "a", false, "std.makeArray(100000000, function(i) i)"},
		{`local d(a, n) = if n == 0 then a else d(a + a, n - 1); { a: d([1], 40) }`, "a", false, "d([1], 40)"},
	} {
		node, err := jsonnet.SnippetToAST("t.jsonnet", tt.program)
		if err != nil {
			t.Fatal(err)
		}
		steps := without(node).Find([]string{tt.path})
		last := steps[len(steps)-1]
		if len(steps) != 2 {
			last.Value = Location{}
		}
		got := ""
		if last.Value.IsSet() {
			r := last.Value.Range
			got = tt.program[r.Begin.Column-1 : r.End.Column-1]
		}
		if got != tt.text || last.Value.Exact != tt.exact {
			t.Errorf("%s\n got %q, exact %t\nwant %q, exact %t", tt.program, got, last.Value.Exact, tt.text, tt.exact)
		}
	}
}

// Find ends, and does not panic, for any program that parses.
func FuzzFind(f *testing.F) {
	for _, seed := range []string{
		`local s = { guest(h):: { host: h, d: { x: h } } }; { vms: { [k]: s.guest(k) { a+: [1] } for k in ['a', 'b'] } }`,
		`{ a: 1, b: self.a, c: $.b } + { a: super.a + 1, d+: { e: [i for i in [1, 2] if i > 1] } }`,
		`function(x, y=x) { a: if 'b' in { b: 1 } then x else y, assert true, [if false then 'z']: 1 }`,
		`std.foldl(function(a, b) a + b, std.map(function(x) { [x]: std.objectRemoveKey({ a: 1 }, x) }, ['a', 'b']), {})`,
		`local f(n) = if n == 0 then [] else [n] + f(n - 1) tailstrict; { a: std.sort(f(9), keyF=function(x) -x), b: 'x'[0] }`,
		`{ a: std.join([1], [[2], null, [3]]), b: std.get({}, 'x', std.native('y')), c: importstr 'z', d: import 'z' }`,
	} {
		f.Add(seed, "vms/a/b/0")
	}
	f.Fuzz(func(t *testing.T, program, path string) {
		node, err := jsonnet.SnippetToAST("t.jsonnet", program)
		if err != nil {
			return
		}
		p := without(node)
		p.steps = maxSteps - 100_000 // for speed
		steps := p.Find(strings.Split(path, "/"))
		if len(steps) == 0 {
			t.Fatal("not even the document")
		}
		for _, s := range steps {
			s.Value.Calls()
			s.Key.Calls()
		}
	})
}
