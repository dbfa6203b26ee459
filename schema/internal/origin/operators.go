package origin

import (
	"github.com/google/go-jsonnet/ast"
)

func (p *Program) unary(n *ast.Unary, e *env) *value {
	v := p.eval(n.Expr, e)
	if v == nil {
		return nil
	}
	switch {
	case n.Op == ast.UopNot && v.kind == boolean:
		return boolValue(!v.bool, computed(n, e))
	case n.Op == ast.UopMinus && v.kind == number:
		at := locationOf(n, e)
		_, literal := n.Expr.(*ast.LiteralNumber)
		at.Exact = at.Exact && literal // "-1" is a number as people see it
		return numValue(-v.num, at)
	}
	return p.operator(n.Op.String(), nil, v, computed(n, e))
}

func (p *Program) binary(n *ast.Binary, e *env) *value {
	left := p.eval(n.Left, e)
	if left == nil {
		return nil
	}
	if left.kind == boolean && (n.Op == ast.BopAnd && !left.bool || n.Op == ast.BopOr && left.bool) {
		return boolValue(left.bool, computed(n, e))
	}
	right := p.eval(n.Right, e)
	if right == nil {
		return nil
	}
	if n.Op == ast.BopPlus {
		return p.add(left, right, locationOf(n, e))
	}
	if v, ok := compare(n.Op, left, right); ok {
		return boolValue(v, computed(n, e))
	}
	return p.operator(n.Op.String(), left, right, computed(n, e))
}

// add is left + right. An object or array that is put together of parts stands
// where the addition does; a text or a number is computed there.
func (p *Program) add(left, right *value, at Location) *value {
	switch {
	case left.kind == object && right.kind == object:
		if !p.spend(len(left.obj.layers) + len(right.obj.layers)) {
			return nil
		}
		return merge(left.obj, right.obj, at)
	case left.kind == array && right.kind == array:
		if !p.spend(len(left.elems) + len(right.elems)) {
			return nil
		}
		elems := make([]*thunk, 0, len(left.elems)+len(right.elems))
		return arrayValue(append(append(elems, left.elems...), right.elems...), at)
	case left.kind == number && right.kind == number:
		at.Exact = false
		return numValue(left.num+right.num, at)
	case left.kind == text || right.kind == text:
		l, ok1 := p.concatenable(left)
		r, ok2 := p.concatenable(right)
		if !ok1 || !ok2 || !p.spend(len(l)+len(r)) {
			return nil
		}
		at.Exact = false
		return textValue(l+r, at)
	}
	return nil
}

// compare compares what needs no VM: numbers and texts, the latter by code
// points as Jsonnet does.
func compare(op ast.BinaryOp, left, right *value) (result, ok bool) {
	if left.kind != right.kind || left.kind != number && left.kind != text {
		return false, false
	}
	less, equal := left.num < right.num, left.num == right.num
	if left.kind == text {
		less, equal = left.text < right.text, left.text == right.text
	}
	switch op {
	case ast.BopManifestEqual:
		return equal, true
	case ast.BopManifestUnequal:
		return !equal, true
	case ast.BopLess:
		return less, true
	case ast.BopLessEq:
		return less || equal, true
	case ast.BopGreater:
		return !less && !equal, true
	case ast.BopGreaterEq:
		return !less, true
	}
	return false, false
}

// operator leaves an operation to the VM. left is nil for a unary one.
func (p *Program) operator(op string, left, right *value, at Location) *value {
	r, ok := p.literal(right)
	if !ok {
		return nil
	}
	l := ""
	if left != nil {
		if l, ok = p.literal(left); !ok {
			return nil
		}
	}
	return p.snippet(l+" "+op+" ("+r+")", at)
}

// mod is the operator %.
func (b *builtinCall) mod() *value {
	left, leftOK := b.p.toJSON(b.args[0])
	right, rightOK := b.p.toJSON(b.args[1])
	if !leftOK || !rightOK {
		return nil
	}
	at := b.calls.spot()
	if v, err := b.p.Modulo(left, right); err == nil {
		at.Exact = false
		return fromJSON(v, at)
	}
	return b.p.operator("%", b.args[0], b.args[1], at)
}
