package origin

import (
	"github.com/google/go-jsonnet/ast"
)

// callable is a function: one of the program, one that is built in, or a
// native one.
type callable struct {
	node *ast.Function
	env  *env

	builtin string // its name in std
	native  string // what std.native was asked for
}

type arguments struct {
	positional []*thunk
	named      map[ast.Identifier]*thunk
	order      []ast.Identifier // of named
}

func (p *Program) apply(n *ast.Apply, e *env) *value {
	target := p.eval(n.Target, e)
	if target == nil || target.kind != function {
		return nil
	}
	args := arguments{named: map[ast.Identifier]*thunk{}}
	for _, a := range n.Arguments.Positional {
		args.positional = append(args.positional, p.lazy(a.Expr, e))
	}
	for _, a := range n.Arguments.Named {
		args.named[a.Name] = p.lazy(a.Arg, e)
		args.order = append(args.order, a.Name)
	}
	v := p.call(target.fn, args, called(n, e))
	if target.fn.node == nil {
		return v.placed(computed(n, e))
	}
	return v
}

// call is the value of a function. calls are what led here, this call first.
func (p *Program) call(f *callable, args arguments, calls *call) *value {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	switch {
	case f.native != "":
		return p.compute("std.native("+quote(f.native)+")", args, calls)
	case f.builtin != "":
		return p.callBuiltin(f.builtin, args, calls)
	}
	e := f.env.inner()
	e.calls = calls
	if len(args.positional) > len(f.node.Parameters) {
		return nil
	}
	for i, param := range f.node.Parameters {
		given, named := args.named[param.Name]
		switch {
		case i < len(args.positional):
			e.vars[param.Name] = args.positional[i]
		case named:
			e.vars[param.Name] = given
		case param.DefaultArg != nil:
			e.vars[param.Name] = p.lazy(param.DefaultArg, e)
		default:
			return nil
		}
	}
	return p.eval(f.node.Body, e)
}

// compute leaves a call with plain values to the VM.
func (p *Program) compute(callee string, args arguments, calls *call) *value {
	code := callee + "("
	for _, t := range args.positional {
		s, ok := p.literal(p.force(t))
		if !ok {
			return nil
		}
		code += s + ","
	}
	for _, name := range args.order {
		s, ok := p.literal(p.force(args.named[name]))
		if !ok {
			return nil
		}
		code += string(name) + "=" + s + ","
	}
	return p.snippet(code+")", calls.spot())
}
