package evaluate

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-jsonnet"
)

// TestStopped: a program that never ends is told to, after a number of questions,
// and the finding is where it was.
func TestStopped(t *testing.T) {
	tests := []struct {
		name, program string
		line          int
	}{
		{"a function", "local f(x) =\n  f(x + 1) tailstrict;\nf(1)", 2},
		{"two functions", "local f(x) = g(x) tailstrict,\n  g(x) = f(x) tailstrict; g(1)", 2},
		{"an anonymous function", "local f = function(x)\n  f(x) tailstrict;\n{ a: f(1) }", 2},
		{"too many calls", "local fib(n) = if n < 2 then n else\n  fib(n - 1) + fib(n - 2);\nfib(60)", 1},
		{"a method", "{ f(x):: self.f(x) tailstrict,\n a: self.f(1) }", 1},
		{"a method by $", "{ f(x)::\n $.f(x) tailstrict, a: $.f(1) }", 2},
		{"a local of an object", "{ local f(x) = f(x) tailstrict,\n a: f(1) }", 1},
		{"a loop in a loop", "local r = std.range(1, 3000);\nstd.length([1 for a in r for b in r\n for c in r])", 2},
		{"an import", "import 'lib'", 1},
	}
	for _, plain := range []bool{false, true} {
		for _, tt := range tests {
			asked := 0
			_, diags, err := File(Input{File: "p", Plain: plain, Stopped: func() error {
				if asked++; asked > 1000 {
					return errors.New("enough")
				}
				return nil
			}, Importer: &jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{
				"p":   jsonnet.MakeContents(tt.program),
				"lib": jsonnet.MakeContents("local f(x) = f(x) tailstrict; f(1)"),
			}}})
			if err != nil || len(diags) != 1 {
				t.Fatalf("%s: %v %v", tt.name, diags, err)
			}
			if d := diags[0]; d.Rule != "jsonnet/limit" || d.Message != "enough" || d.Pos.Line != tt.line {
				t.Errorf("%s, plain %t: %s:%d %s (%s), want line %d", tt.name, plain, d.Pos.File, d.Pos.Line, d.Message, d.Rule, tt.line)
			}
			if asked > 1010 {
				t.Errorf("%s: asked %d times after the answer", tt.name, asked-1000)
			}
		}
	}
}

// TestGuardChangesNothing: a guarded program gives the value, the error and the
// depth of calls of the program as it stands.
func TestGuardChangesNothing(t *testing.T) {
	for _, program := range []string{
		"local f(n) = if n == 0 then 0 else 1 + f(n - 1); f(100)",
		"local f(n) = if n == 0 then 0 else 1 + f(n - 1); f(495)",
		"local f(n) = if n == 0 then 0 else 1 + f(n - 1); f(1000)",
		"local f(n) = if n == 0 then 0 else f(n - 1) tailstrict; f(5000)",
		"local f(n) = error 'x' + n, g(n) = f(n); g(1)",
		"local even(n) = if n == 0 then true else odd(n - 1), odd(n) = !even(n); [even(4), odd(4)]",
		"{ local f(x, y=f(0, 1)) = if x == 0 then y else f(x - 1, y), a: f(3), b: { c: f(2) } }",
		"{ f(x):: if x == 0 then [] else [x] + self.f(x - 1), a: self.f(3) } + { f(x):: super.f(x) + ['s'] }",
		"[[a, b, c] for a in [1, 2] for b in [a, 3] if a != b for c in std.range(a, b)]",
		"{ ['k' + i]: [i, j] for i in std.range(0, 3) for j in [i] }",
		"[std.range(2, 1), std.range(-1, 1), std.makeArray(3, function(i) i * 2), std.repeat('ab', 3), std.repeat([1], 2)]",
		"std.range('a', 3)", "std.range(1, 'b')", "std.makeArray(2.5, function(i) i)", "std.makeArray(3, 4)", "std.repeat(3, 2)", "std.range(1)",
		"local std = { range(a, b): [b, a] }; std.range(1, 2)", "local a = error 'left'; std.range(a, error 'right')",
		"local s = std; s.range(1, 3)", "std.range(from=1, to=3)", "std.map(function(x) x + 1, std.range(1, 3))",
		"local y(f) = (function(x) x(x))(function(x) f(function(v) x(x)(v))); y(function(f) function(n) if n == 0 then 1 else n * f(n - 1))(5)",
	} {
		run := func(guarded bool) string {
			in := Input{Importer: &jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{"p": jsonnet.MakeContents(program)}}}
			vm := NewVM(in)
			node, _, err := vm.ImportAST("", "p")
			if err != nil {
				return err.Error()
			}
			if guarded {
				guardAll(rootsOf(vm, node, "p"))
			}
			out, err := vm.Evaluate(node)
			if err != nil {
				return err.Error()
			}
			return out
		}
		if got, want := run(true), run(false); got != want {
			t.Errorf("%s\n got %s\nwant %s", program, got, want)
		}
	}
}

// TestSizes: what asks for gigabytes is refused before it gets them.
func TestSizes(t *testing.T) {
	for _, program := range []string{
		"std.range(1, 1e12)", "local a = -1e9; std.range(a, 1)", "std.makeArray(1e12, function(i) i)", "std.repeat('x', 1e12)",
		"local n = 1e12;\nlocal first = 1; { a: [i for i in std.range(first, n)] }", "{ a: 'x%s' % std.repeat('y', 1e12) }",
	} {
		for _, plain := range []bool{false, true} {
			_, diags, err := File(Input{File: "p", Plain: plain, Importer: &jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{"p": jsonnet.MakeContents(program)}}})
			if err != nil || len(diags) != 1 || diags[0].Rule != "jsonnet/limit" || !diags[0].Pos.IsValid() || !strings.Contains(diags[0].Message, "elements, more than 10000000") {
				t.Errorf("%s: %v %v", program, diags, err)
			}
		}
	}
}

func TestMaxStack(t *testing.T) {
	const program = "local f(n) = if n == 0 then 0 else 1 + f(n - 1); f(90)"
	for _, tt := range []struct {
		stack int
		fails bool
	}{{0, false}, {95, false}, {50, true}} {
		_, diags, err := File(Input{File: "p", MaxStack: tt.stack, Importer: &jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{"p": jsonnet.MakeContents(program)}}})
		if err != nil || diags.HasErrors() != tt.fails {
			t.Errorf("a stack of %d: %v %v", tt.stack, diags, err)
		}
	}
}

// TestLargeFile: a file that is far too large is refused where it is imported.
func TestLargeFile(t *testing.T) {
	large := jsonnet.MakeContents(strings.Repeat("x", maxFile+1))
	for _, program := range []string{"{ a: importstr 'large' }", "{ a: import 'large' }", "{ a: importbin 'large' }"} {
		_, diags, err := File(Input{File: "p", Importer: &jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{"p": jsonnet.MakeContents(program), "large": large}}})
		if err != nil || len(diags) != 1 || diags[0].Rule != "jsonnet/import" || !diags[0].Pos.IsValid() || !strings.Contains(diags[0].Message, "64 MiB, more than the 64") {
			t.Errorf("%s: %v %v", program, diags, err)
		}
	}
}
