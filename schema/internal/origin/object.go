package origin

import (
	"slices"

	"github.com/google/go-jsonnet/ast"
)

// fields is an object: layers of fields, of which the last wins.
type fields struct {
	at     Location
	layers []layer
	envs   []*env // of the members, by layer; nil until needed
	cache  map[cacheKey]*thunk
	shown  []string // the names of the visible fields; nil until needed
}

type cacheKey struct {
	name  string
	layer int
}

// layer is one object literal.
type layer struct {
	fields map[string]*member
	locals ast.LocalBinds
	env    *env // around the literal

	// keep, if it is not nil, are the only fields that can be seen of that many
	// layers below (std.objectRemoveKey).
	keep   map[string]ast.ObjectFieldHide
	covers int
}

// member is a field of a layer.
type member struct {
	key   Location
	value *thunk // or body:
	body  ast.Node
	env   *env // of the body, if it is not its layer's: in a comprehension
	hide  ast.ObjectFieldHide
	plus  bool // name+: body
}

func objectValue(at Location, layers ...layer) *value {
	o := &fields{at: at, layers: slices.Clip(layers), envs: make([]*env, len(layers)), cache: map[cacheKey]*thunk{}}
	return &value{kind: object, obj: o, at: at}
}

// merge is left + right.
func merge(left, right *fields, at Location) *value {
	return objectValue(at, slices.Concat(left.layers, right.layers)...)
}

// find is the topmost layer that has a field, of those below depth layers; -1
// if there is none.
func (o *fields) find(name string, depth int) int {
	for i := len(o.layers) - 1 - depth; i >= 0; i-- {
		l := &o.layers[i]
		if _, ok := l.fields[name]; ok {
			return i
		}
		if _, ok := l.keep[name]; l.keep != nil && !ok {
			i -= l.covers
		}
	}
	return -1
}

// visibility is how each field of the object is shown.
func (o *fields) visibility() map[string]ast.ObjectFieldHide {
	var seen []map[string]ast.ObjectFieldHide // from the top
	for i := len(o.layers) - 1; i >= 0; i-- {
		l := &o.layers[i]
		if l.keep != nil {
			seen = append(seen, l.keep)
			i -= l.covers
			continue
		}
		hides := make(map[string]ast.ObjectFieldHide, len(l.fields))
		for name, m := range l.fields {
			hides[name] = m.hide
		}
		seen = append(seen, hides)
	}
	shown := map[string]ast.ObjectFieldHide{}
	for _, hides := range slices.Backward(seen) {
		for name, hide := range hides {
			if _, ok := shown[name]; !ok || hide != ast.ObjectFieldInherit {
				shown[name] = hide
			}
		}
	}
	return shown
}

// names are the fields of an object, sorted.
func (o *fields) names(hidden bool) []string {
	if !hidden && o.shown != nil {
		return o.shown
	}
	names := []string{}
	for name, hide := range o.visibility() {
		if hidden || hide != ast.ObjectFieldHidden {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if !hidden {
		o.shown = names
	}
	return names
}

// field is a field of an object, seen from below depth layers; nil if there is
// none.
func (p *Program) field(o *fields, name string, depth int) *thunk {
	i := o.find(name, depth)
	if i < 0 {
		return nil
	}
	if t, ok := o.cache[cacheKey{name, i}]; ok {
		return t
	}
	t := p.bind(o, name, i)
	o.cache[cacheKey{name, i}] = t
	return t
}

func (p *Program) bind(o *fields, name string, i int) *thunk {
	m := o.layers[i].fields[name]
	if m.value != nil {
		return &thunk{key: m.key, at: m.value.at, compute: func() *value { return p.force(m.value) }}
	}
	e := p.memberEnv(o, i)
	if m.env != nil {
		e = &env{outer: m.env, self: o, depth: e.depth, calls: m.env.calls}
	}
	t := p.lazy(m.body, e)
	t.key = m.key
	if m.plus {
		t.compute = func() *value { return p.extend(o, name, m.body, e) }
	}
	return t
}

// memberEnv is what the members of a layer can see.
func (p *Program) memberEnv(o *fields, i int) *env {
	if o.envs[i] != nil {
		return o.envs[i]
	}
	l := &o.layers[i]
	e := &env{}
	if l.env != nil {
		e = l.env.inner()
	}
	e.self, e.depth = o, len(o.layers)-1-i
	for _, b := range l.locals {
		e.vars[b.Variable] = p.lazy(b.Body, e)
	}
	o.envs[i] = e
	return e
}

// extend is the value of "name+: body": the body added to what is below.
func (p *Program) extend(o *fields, name string, body ast.Node, e *env) *value {
	right := p.eval(body, e)
	below := p.field(o, name, e.depth+1)
	if below == nil || right == nil {
		return right
	}
	left := p.force(below)
	if left == nil {
		return nil
	}
	at := right.at
	if right.kind != object && right.kind != array {
		at.Exact = false
	}
	return p.add(left, right, at)
}

// literalObject evaluates the names of an object literal, not its fields.
func (p *Program) literalObject(n *ast.DesugaredObject, e *env) *value {
	l := layer{fields: make(map[string]*member, len(n.Fields)), locals: n.Locals, env: e}
	for _, f := range n.Fields {
		name, key, ok := p.name(f, e)
		if !ok {
			return nil
		}
		if name != nil {
			l.fields[*name] = &member{key: key, body: f.Body, hide: f.Hide, plus: f.PlusSuper}
		}
	}
	return objectValue(locationOf(n, e), l)
}

// name is the name of a field and where it is written; nil if the field is
// left out.
func (p *Program) name(f ast.DesugaredObjectField, e *env) (name *string, key Location, ok bool) {
	if lit, isLit := f.Name.(*ast.LiteralString); isLit && !lit.LocRange.IsSet() {
		loc := f.LocRange // of an identifier: it begins the field
		loc.End = loc.Begin
		loc.End.Column += len(lit.Value)
		return &lit.Value, locationAt(loc, e), true
	}
	v := p.eval(f.Name, e)
	switch {
	case v == nil:
		return nil, Location{}, false
	case v.kind == null:
		return nil, Location{}, true
	case v.kind != text:
		return nil, Location{}, false
	case v.at.Exact:
		return &v.text, v.at, true
	}
	return &v.text, computed(f.Name, e), true
}
