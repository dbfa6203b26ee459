package locate

import (
	"encoding/json"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/internal/evaluate"
	"stackgen/schema/internal/origin"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
)

// jsonnetLocator finds positions in Jsonnet and JSON.
type jsonnetLocator struct {
	vm      *jsonnet.VM
	fast    *evaluate.FastVM // nil: there is none
	program *origin.Program
	files   *evaluate.Sources
	result  string          // an expression for the evaluated topology
	trusted map[string]bool // paths of values that are as the VM sees them
}

func newJsonnetLocator(in evaluate.Input, files *evaluate.Sources) (*jsonnetLocator, error) {
	vm, fast := evaluate.NewVM(in), evaluate.NewFastVM(in)
	vm.SetTraceOut(io.Discard) // std.trace has had its say
	if fast != nil {
		fast.SetTraceOut(io.Discard)
	}
	main, _, err := vm.ImportAST("", in.File)
	if err != nil {
		return nil, err
	}
	l := &jsonnetLocator{vm: vm, fast: fast, files: files, trusted: map[string]bool{},
		result: "(import " + jsonText(in.File) + ")"}
	args := topLevelArguments(in)
	if function, _ := l.evaluate("std.isFunction" + l.result); function == true {
		l.result += callWith(args)
	}
	l.program = &origin.Program{
		Main: main, Args: args, Evaluate: l.evaluate, Modulo: evaluate.Modulo,
		Import: func(from, name string) (ast.Node, error) {
			n, _, err := vm.ImportAST(from, name)
			return n, err
		},
		ImportText: func(from, name string) (string, error) {
			s, _, err := vm.ImportData(from, name)
			return s, err
		},
	}
	return l, nil
}

// topLevelArguments are the arguments of a topology that is a function, as
// Jsonnet.
func topLevelArguments(in evaluate.Input) map[string]string {
	args := map[string]string{}
	for name, text := range in.TLAVars {
		args[name] = jsonText(text)
	}
	maps.Copy(args, in.TLACode)
	return args
}

func callWith(args map[string]string) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(args)) {
		list = append(list, name+"=("+args[name]+"\n)") // the code may end in a comment
	}
	return "(" + strings.Join(list, ", ") + ")"
}

// find is the place of the value at a path or of its key. Where the sources do
// not show it, it is that of the nearest ancestor that they show.
func (l *jsonnetLocator) find(path string, key bool) position {
	tokens := diag.Split(path)
	steps := l.confirmed(tokens, l.program.Find(tokens))
	complete := len(steps) == len(tokens)+1
	for i := len(steps) - 1; i >= 0; i-- {
		if p := l.positionOf(steps[i], key && complete); p.pos.IsValid() {
			p.pos.Computed = p.pos.Computed || !complete
			return p
		}
		complete = false
	}
	return position{}
}

// site is where something was found: of its key if that is wanted and there
// is one.
func (l *jsonnetLocator) positionOf(f origin.Node, key bool) position {
	s := f.Value
	if key && f.Key.IsSet() {
		s = f.Key
	} else if !s.IsSet() {
		s = f.Key
		s.Exact = false
	}
	if !s.IsSet() {
		return position{}
	}
	p := position{pos: l.files.Position(s.Range)}
	p.pos.Computed = !s.Exact
	for _, c := range s.Calls() {
		p.calls = append(p.calls, l.files.Position(c))
	}
	return p
}

// confirmed are the steps up to the first in which the VM sees something else. A
// difference is a fault of package origin, and then its places are not to be
// trusted.
func (l *jsonnetLocator) confirmed(tokens []string, steps []origin.Node) []origin.Node {
	known := 0
	for known < len(steps) && l.trusted[diag.Pointer(tokens[:known])] {
		known++
	}
	if known == len(steps) {
		return steps
	}
	path := append([]string{}, tokens[:len(steps)-1]...)
	got, err := l.evaluate(shapes + "(" + l.result + ", " + jsonText(path) + ", " + strconv.Itoa(known) + ")")
	want, _ := got.([]any)
	if err != nil || len(want) != len(steps)-known {
		return steps[:known]
	}
	for i, s := range steps[known:] {
		if s.Known && !reflect.DeepEqual(plainShape(s.Shape), want[i]) {
			return steps[:known+i]
		}
		l.trusted[diag.Pointer(tokens[:known+i])] = true
	}
	return steps
}

// shapes is a Jsonnet function: what [origin.Node] calls the shape of each
// value on a path, but for the first that many.
const shapes = `
local shape(v) =
  if std.isObject(v) then std.objectFields(v)
  else if std.isArray(v) then std.length(v)
  else if std.isFunction(v) then 'function'
  else v;
local at(v, token) = if std.isArray(v) then v[std.parseInt(token)] else v[token];
local walk(v, path, skip) =
  (if skip > 0 then [] else [shape(v)]) +
  (if path == [] then [] else walk(at(v, path[0]), path[1:], skip - 1));
walk`

// plainShape is a shape as JSON would give it.
func plainShape(shape any) any {
	switch s := shape.(type) {
	case int:
		return float64(s)
	case []string:
		names := make([]any, len(s))
		for i, n := range s {
			names[i] = n
		}
		return names
	}
	return shape
}

// evaluate runs a snippet beside the program: what the program has computed is
// not computed again.
func (l *jsonnetLocator) evaluate(snippet string) (v any, err error) {
	if l.fast != nil {
		if v, err := l.fast.Snippet(snippet); err == nil {
			return v, nil
		}
	}
	text, err := l.vm.EvaluateAnonymousSnippet("<stackgen>", snippet)
	if err != nil {
		return nil, err
	}
	err = json.Unmarshal([]byte(text), &v)
	return v, err
}

// jsonText writes a value as JSON, which Jsonnet reads as well.
func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // of texts only
	}
	return string(b)
}
