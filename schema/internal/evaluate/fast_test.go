package evaluate

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
)

// TestEvaluateFast gives the value of the plain way, with arguments and
// variables, or an error where that way has one, too.
func TestEvaluateFast(t *testing.T) {
	tests := []struct {
		name, program string
		in            Input
		fails         bool
	}{
		{name: "a value", program: "{ a: [1, 'x', null, true] }"},
		{name: "an argument as text", program: "function(a, b='d') { a: a, b: b }", in: Input{TLAVars: map[string]string{"a": "x'y"}}},
		{name: "an argument as code", program: "function(a) { a: a }", in: Input{TLACode: map[string]string{"a": "std.length([1, 2])"}}},
		{name: "variables", program: "{ a: std.extVar('a'), b: std.extVar('b') }",
			in: Input{ExtVars: map[string]string{"a": "x"}, ExtCode: map[string]string{"b": "{ c: 1 }"}}},
		{name: "a missing argument", program: "function(a) a", in: Input{TLAVars: map[string]string{"b": ""}}, fails: true},
		{name: "a function", program: "function(a) a", fails: true},
		{name: "an argument that does not parse", program: "function(a) a", in: Input{TLACode: map[string]string{"a": "{"}}, fails: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := tt.in
			in.File = "p"
			in.Importer = &jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{"p": jsonnet.MakeContents(tt.program)}}
			fast, err := NewFastVM(in).whole(in)
			plain, diags, plainErr := evaluatePlain(in)
			if plainErr != nil || diags.HasErrors() != tt.fails || (err != nil) != tt.fails {
				t.Fatalf("fast: %v; plain: %v %v; want failure: %t", err, diags, plainErr, tt.fails)
			}
			got, _ := json.Marshal(fast)
			want, _ := json.Marshal(plain)
			if !tt.fails && string(got) != string(want) {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// TestNoFormatIsInterpreted: every % of the fixtures is formatted natively.
func TestNoFormatIsInterpreted(t *testing.T) {
	all := 0
	for _, file := range soundFixtures(t) {
		vm := NewVM(Input{Importer: &jsonnet.FileImporter{}})
		node, foundAt, err := vm.ImportAST("", file)
		if err != nil {
			t.Fatal(err)
		}
		roots, calls := rootsOf(vm, node, foundAt), 0
		for _, root := range roots {
			walk(root, func(n ast.Node) {
				if left, _, ok := operands(n); ok {
					if _, isText := left.(*ast.LiteralString); isText {
						calls++
					}
				}
			})
		}
		if native := rewriteFormats(vm, roots); native != calls {
			t.Errorf("%s: %d of %d calls of %% are native", file, native, calls)
		}
		all += calls
	}
	if all == 0 {
		t.Error("no fixture has a %")
	}
}

// soundFixtures are the topologies of the fixtures that have no mistake.
func soundFixtures(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../../fixtures/*/topology.jsonnet")
	if err != nil || len(files) < 3 {
		t.Fatal(files, err)
	}
	return append(files, "../../../fixtures/fleet.libsonnet")
}
