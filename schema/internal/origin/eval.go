package origin

import (
	"strconv"

	"github.com/google/go-jsonnet/ast"
)

// enter accounts for a step of evaluation and reports whether it may be taken.
func (p *Program) enter() bool {
	if p.steps >= maxSteps || p.depth >= maxDepth {
		return false
	}
	p.steps++
	p.depth++
	return true
}

func (p *Program) leave() { p.depth-- }

// spend accounts for work that grows with the size of a value.
func (p *Program) spend(n int) bool {
	if n > maxSteps-p.steps {
		return false
	}
	p.steps += n
	return true
}

// eval is the value of an expression. All values that leave it have a place,
// if there is any.
func (p *Program) eval(n ast.Node, e *env) *value {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	return p.expression(n, e).placed(locationOf(n, e))
}

// expression has a case for each kind of node that desugaring leaves, and so it
// is long.
func (p *Program) expression(n ast.Node, e *env) *value {
	switch n := n.(type) {
	case *ast.LiteralNull:
		return &value{kind: null, at: locationOf(n, e)}
	case *ast.LiteralBoolean:
		return boolValue(n.Value, locationOf(n, e))
	case *ast.LiteralNumber:
		f, err := strconv.ParseFloat(n.OriginalString, 64)
		if err != nil {
			return nil
		}
		return numValue(f, locationOf(n, e))
	case *ast.LiteralString:
		return textValue(n.Value, locationOf(n, e))
	case *ast.Array:
		elems := make([]*thunk, len(n.Elements))
		for i, el := range n.Elements {
			elems[i] = p.lazy(el.Expr, e)
		}
		return arrayValue(elems, locationOf(n, e))
	case *ast.DesugaredObject:
		return p.literalObject(n, e)
	case *ast.Local:
		inner := e.inner()
		for _, b := range n.Binds {
			inner.vars[b.Variable] = p.lazy(b.Body, inner)
		}
		return p.eval(n.Body, inner)
	case *ast.Var:
		if t := e.lookup(n.Id); t != nil {
			return p.force(t)
		}
	case *ast.Self:
		if e.self != nil {
			return &value{kind: object, obj: e.self, at: e.self.at}
		}
	case *ast.Index:
		return p.index(n, e)
	case *ast.SuperIndex:
		return p.superIndex(n, e)
	case *ast.InSuper:
		if name := p.eval(n.Index, e); name != nil && name.kind == text && e.self != nil {
			return boolValue(e.self.find(name.text, e.depth+1) >= 0, computed(n, e))
		}
	case *ast.Conditional:
		return p.conditional(n, e)
	case *ast.Unary:
		return p.unary(n, e)
	case *ast.Binary:
		return p.binary(n, e)
	case *ast.Function:
		return &value{kind: function, fn: &callable{node: n, env: e}, at: locationOf(n, e)}
	case *ast.Apply:
		return p.apply(n, e)
	case *ast.Import:
		return p.importFile(n, e)
	case *ast.ImportStr:
		if s, err := p.ImportText(n.Loc().FileName, n.File.Value); err == nil {
			return textValue(s, computed(n, e))
		}
	}
	return nil // an error, or importbin
}

// conditional takes a branch. One that is an error cannot have been taken: the
// program has a result.
func (p *Program) conditional(n *ast.Conditional, e *env) *value {
	cond := p.eval(n.Cond, e)
	_, thenFails := n.BranchTrue.(*ast.Error)
	_, elseFails := n.BranchFalse.(*ast.Error)
	switch {
	case cond != nil && cond.kind == boolean && cond.bool, cond == nil && elseFails:
		return p.eval(n.BranchTrue, e)
	case cond != nil && cond.kind == boolean, cond == nil && thenFails:
		return p.eval(n.BranchFalse, e)
	}
	return nil
}

func (p *Program) index(n *ast.Index, e *env) *value {
	target := p.eval(n.Target, e)
	if target == nil {
		return nil
	}
	i := p.eval(n.Index, e)
	switch {
	case i == nil:
		return nil
	case target.kind == object && i.kind == text:
		if t := p.field(target.obj, i.text, 0); t != nil {
			return p.force(t)
		}
	case target.kind == array && i.kind == number:
		if k := int(i.num); k >= 0 && k < len(target.elems) {
			return p.force(target.elems[k])
		}
	case target.kind == text && i.kind == number:
		if r := []rune(target.text); i.num >= 0 && int(i.num) < len(r) {
			return textValue(string(r[int(i.num)]), computed(n, e))
		}
	}
	return nil
}

func (p *Program) superIndex(n *ast.SuperIndex, e *env) *value {
	name := p.eval(n.Index, e)
	if name == nil || name.kind != text || e.self == nil {
		return nil
	}
	if t := p.field(e.self, name.text, e.depth+1); t != nil {
		return p.force(t)
	}
	return nil
}

// importKey is an imported file; in one that is not the user's, places are
// those of the import.
type importKey struct {
	file ast.Node
	at   ast.LocationRange
}

func (p *Program) importFile(n *ast.Import, e *env) *value {
	root, err := p.Import(n.Loc().FileName, n.File.Value)
	if err != nil {
		return nil
	}
	k, calls := importKey{file: root}, (*call)(nil)
	if !isUsers(*root.Loc()) {
		calls = called(n, e)
		k.at = *n.Loc()
	}
	t, ok := p.imports[k]
	if !ok {
		t = p.lazy(root, p.fileEnv(root.Loc().FileName, calls))
		p.imports[k] = t
	}
	return p.force(t)
}
