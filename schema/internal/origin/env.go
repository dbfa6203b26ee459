package origin

import (
	"strings"

	"github.com/google/go-jsonnet/ast"
	"github.com/google/go-jsonnet/astgen"
)

// env is what an expression can see.
type env struct {
	outer *env
	vars  map[ast.Identifier]*thunk
	self  *fields
	depth int   // how many layers of self are above the one that the expression is in
	calls *call // of files of the user, that led here
}

// inner is an environment with more variables, to be filled in.
func (e *env) inner() *env {
	return &env{outer: e, vars: map[ast.Identifier]*thunk{}, self: e.self, depth: e.depth, calls: e.calls}
}

func (e *env) lookup(id ast.Identifier) *thunk {
	for ; e != nil; e = e.outer {
		if t, ok := e.vars[id]; ok {
			return t
		}
	}
	return nil
}

// fileEnv is what the outermost expression of a file can see: std.
func (p *Program) fileEnv(file string, calls *call) *env {
	e := &env{vars: map[ast.Identifier]*thunk{}, calls: calls}
	std := &thunk{compute: func() *value { return p.std(file) }}
	e.vars["std"], e.vars["$std"] = std, std
	return e
}

// std is the standard library: its part that is written in Jsonnet, below the
// part that is built in.
func (p *Program) std(file string) *value {
	e := &env{vars: map[ast.Identifier]*thunk{}}
	self := &thunk{}
	e.vars["$std"] = self
	v := p.eval(astgen.StdAst, e)
	builtin := layer{fields: map[string]*member{}}
	for _, name := range strings.Fields(builtins) {
		f := &value{kind: function, fn: &callable{builtin: name}}
		builtin.fields[name] = &member{value: ready(f), hide: ast.ObjectFieldHidden}
	}
	builtin.fields["thisFile"] = &member{value: ready(textValue(file, Location{})), hide: ast.ObjectFieldHidden}
	v = objectValue(Location{}, append(v.obj.layers, builtin)...)
	*self = *ready(v)
	return v
}

// locationOf is the place of an expression: its own if it is in a file of the user,
// else that of the innermost call or import which is.
func locationOf(n ast.Node, e *env) Location { return locationAt(*n.Loc(), e) }

func locationAt(loc ast.LocationRange, e *env) Location {
	if isUsers(loc) {
		return Location{Range: loc, Exact: true, calls: e.calls}
	}
	return e.calls.spot()
}

// spot is the place of the innermost call, for what is not in a file of the
// user.
func (c *call) spot() Location {
	if c == nil {
		return Location{}
	}
	return Location{Range: c.at, calls: c.outer}
}

// computed is the place of an expression whose value is not written there.
func computed(n ast.Node, e *env) Location {
	at := locationOf(n, e)
	at.Exact = false
	return at
}

// isUsers tells whether a place is in a file of the user: the names of all that
// is not begin with "<".
func isUsers(loc ast.LocationRange) bool {
	return loc.IsSet() && loc.FileName != "" && !strings.HasPrefix(loc.FileName, "<")
}

// called is the chain of calls within a callee.
func called(n ast.Node, e *env) *call {
	if loc := *n.Loc(); isUsers(loc) {
		return &call{at: loc, outer: e.calls}
	}
	return e.calls
}
