package origin

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/google/go-jsonnet/ast"
)

type kind int

const (
	null kind = iota
	boolean
	number
	text
	array
	object
	function
)

// value is a value and its origin. Values do not change; nil is one that is not
// known.
type value struct {
	kind  kind
	at    Location
	bool  bool
	num   float64
	text  string
	elems []*thunk
	obj   *fields
	fn    *callable
}

// thunk is a value that is computed when it is needed.
type thunk struct {
	compute func() *value
	at      Location // of the expression
	key     Location // of the name, if it is a field

	state state
	value *value
}

type state int

const (
	fresh state = iota
	busy
	done
)

func ready(v *value) *thunk { return &thunk{state: done, value: v, at: v.at} }

// force is the value of a thunk: nil if it needs itself.
func (p *Program) force(t *thunk) *value {
	switch t.state {
	case fresh:
		t.state = busy
		t.value = t.compute()
		t.state, t.compute = done, nil
	case busy:
		return nil
	}
	return t.value
}

// lazy is the thunk of an expression.
func (p *Program) lazy(n ast.Node, e *env) *thunk {
	return &thunk{at: locationOf(n, e), compute: func() *value { return p.eval(n, e) }}
}

func textValue(s string, at Location) *value    { return &value{kind: text, text: s, at: at} }
func boolValue(b bool, at Location) *value      { return &value{kind: boolean, bool: b, at: at} }
func numValue(n float64, at Location) *value    { return &value{kind: number, num: n, at: at} }
func arrayValue(t []*thunk, at Location) *value { return &value{kind: array, elems: t, at: at} }

// fromJSON is a value that was computed at a spot.
func fromJSON(v any, at Location) *value {
	switch v := v.(type) {
	case bool:
		return boolValue(v, at)
	case float64:
		return numValue(v, at)
	case string:
		return textValue(v, at)
	case []any:
		elems := make([]*thunk, len(v))
		for i, e := range v {
			elems[i] = ready(fromJSON(e, at))
		}
		return arrayValue(elems, at)
	case map[string]any:
		l := layer{fields: make(map[string]*member, len(v))}
		for name, e := range v {
			l.fields[name] = &member{key: at, value: ready(fromJSON(e, at)), hide: ast.ObjectFieldInherit}
		}
		return objectValue(at, l)
	}
	return &value{kind: null, at: at}
}

// toJSON is the opposite of fromJSON. It is not ok for functions and for what
// contains something that is not known.
func (p *Program) toJSON(v *value) (result any, ok bool) {
	if v == nil || !p.enter() {
		return nil, false
	}
	defer p.leave()
	switch v.kind {
	case array:
		list := make([]any, len(v.elems))
		for i, t := range v.elems {
			if list[i], ok = p.toJSON(p.force(t)); !ok {
				return nil, false
			}
		}
		return list, true
	case object:
		m := map[string]any{}
		for _, name := range v.obj.names(false) {
			if m[name], ok = p.toJSON(p.force(p.field(v.obj, name, 0))); !ok {
				return nil, false
			}
		}
		return m, true
	case function:
		return nil, false
	}
	return shape(v), true
}

// literal writes a value as Jsonnet.
func (p *Program) literal(v *value) (string, bool) {
	j, ok := p.toJSON(v)
	if !ok {
		return "", false
	}
	b, err := json.Marshal(j)
	return string(b), err == nil
}

// concatenable is a value as it is added to a text.
func (p *Program) concatenable(v *value) (string, bool) {
	switch v.kind {
	case text:
		return v.text, true
	case number:
		if v.num == math.Floor(v.num) {
			return strconv.FormatFloat(v.num, 'f', 0, 64), true
		}
	}
	s, ok := p.literal(v)
	if !ok {
		return "", false
	}
	r := p.snippet("std.toString("+s+")", Location{})
	if r == nil || r.kind != text {
		return "", false
	}
	return r.text, true
}

// snippet leaves a computation to the VM. What it gives is computed at a spot.
func (p *Program) snippet(code string, at Location) *value {
	r, seen := p.snippets[code]
	if !seen {
		v, err := p.Evaluate(code)
		r = evaluated{v, err == nil}
		p.snippets[code] = r
	}
	if !r.ok {
		return nil
	}
	at.Exact = false
	return fromJSON(r.value, at)
}

// evaluated is what a snippet gave.
type evaluated struct {
	value any
	ok    bool
}

// placed is a value at a spot if it had no place, such as a top-level argument.
func (v *value) placed(at Location) *value {
	if v == nil || v.at.IsSet() || !at.IsSet() {
		return v
	}
	c := *v
	c.at = at
	c.at.Exact = false
	return &c
}
