// Package origin tells where in the sources of a Jsonnet program a value of
// its result was written.
//
// It takes the program's syntax tree, as the Jsonnet VM itself evaluates it,
// and the path of a value. It evaluates the tree again, lazily and only as far
// as the path needs, and keeps for each value the expression that made it: the
// VM does not. What it does not understand has no value here; it never guesses,
// and leaves it to the caller to compare what it found with the real result.
//
// Positions are those of the tree: lines, and columns in bytes. Reading files,
// and what a position means to people, is left to the caller.
package origin

import (
	"strconv"

	"github.com/google/go-jsonnet/ast"
)

// Program is a Jsonnet program and the world it runs in.
type Program struct {
	Main ast.Node
	Args map[string]string // top-level arguments as Jsonnet text

	// Import gives the tree of an imported file, ImportText its content.
	Import     func(from, name string) (ast.Node, error)
	ImportText func(from, name string) (string, error)

	// Evaluate runs a closed snippet and gives its result: the functions of the
	// standard library that only compute are left to the VM.
	Evaluate func(snippet string) (any, error)

	// Modulo is the operator %, of which there is much. What it fails at goes to
	// Evaluate.
	Modulo func(left, right any) (any, error)

	steps    int
	depth    int
	snippets map[string]evaluated
	imports  map[importKey]*thunk
	root     *thunk
}

// The work that is worth a position. What takes more has none.
const (
	maxSteps = 20_000_000
	maxDepth = 10_000
)

// Location is a place in a source file.
type Location struct {
	Range ast.LocationRange

	// Exact tells that the value or key itself stands there. Otherwise it is
	// computed by what stands there.
	Exact bool

	calls *call
}

// IsSet reports whether the place is known.
func (s Location) IsSet() bool { return s.Range.IsSet() }

// Calls are the places of the calls that led to the spot, the innermost first:
// those that do not stand around it or around one before.
func (s Location) Calls() (places []ast.LocationRange) {
	last := s.Range
	for c := s.calls; c != nil; c = c.outer {
		if !encloses(c.at, last) {
			places = append(places, c.at)
			last = c.at
		}
	}
	return places
}

// call is a call or import in a file of the user.
type call struct {
	at    ast.LocationRange
	outer *call
}

func encloses(outer, inner ast.LocationRange) bool {
	return outer.FileName == inner.FileName &&
		!ast.LocationBefore(inner.Begin, outer.Begin) && !ast.LocationBefore(outer.End, inner.End)
}

// Node is what a path has led to.
type Node struct {
	Key   Location // of the field's name; not set for the document and for elements
	Value Location

	Known bool // Shape is
	// Shape is a text, float64, bool or nil itself, the sorted names of an
	// object's visible fields as []string, the length of an array as an int, or
	// "function".
	Shape any
}

// Find follows a path through the result of the program. The first Node is
// the whole document, the next what the first key or index leads to. It ends
// early where there is nothing or what is there is not understood.
func (p *Program) Find(path []string) []Node {
	if p.root == nil {
		p.root = &thunk{compute: p.document, at: locationOf(p.Main, &env{})}
		p.snippets = map[string]evaluated{}
		p.imports = map[importKey]*thunk{}
	}
	t, steps := p.root, []Node{}
	for i := 0; ; i++ {
		f := Node{Key: t.key, Value: t.at}
		f.Value.Exact = false
		v := p.force(t)
		if v != nil {
			f.Value, f.Known, f.Shape = v.at, true, shape(v)
		}
		steps = append(steps, f)
		if v == nil || i == len(path) {
			return steps
		}
		if t = p.step(v, path[i]); t == nil {
			return steps
		}
	}
}

// document is the value of the whole program: a function is called with the
// top-level arguments.
func (p *Program) document() *value {
	v := p.eval(p.Main, p.fileEnv(p.Main.Loc().FileName, nil))
	if v == nil || v.kind != function {
		return v
	}
	args := arguments{named: map[ast.Identifier]*thunk{}}
	for name, code := range p.Args {
		args.named[ast.Identifier(name)] = &thunk{compute: func() *value { return p.snippet(code, Location{}) }}
	}
	return p.call(v.fn, args, nil)
}

// step is a field or an element of a value.
func (p *Program) step(v *value, token string) *thunk {
	switch v.kind {
	case object:
		return p.field(v.obj, token, 0)
	case array:
		i, err := strconv.Atoi(token)
		if err != nil || i < 0 || i >= len(v.elems) {
			return nil
		}
		return v.elems[i]
	}
	return nil
}

func shape(v *value) any {
	switch v.kind {
	case boolean:
		return v.bool
	case number:
		return v.num
	case text:
		return v.text
	case array:
		return len(v.elems)
	case object:
		return v.obj.names(false)
	case function:
		return "function"
	}
	return nil
}
