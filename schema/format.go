package schema

import (
	"fmt"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
	"github.com/google/go-jsonnet/toolutils"
)

// go-jsonnet interprets std.format in Jsonnet, at hundreds of microseconds a
// call. rewriteFormats turns each `"literal" % values` of a program into
//
//	(function(v) <fast path>)(values)
//
// whose fast path concatenates the pieces, asking a native function for those
// that %s and `+` cannot make. Values are looked at in the same order and no
// more of them than std.format does. Whatever it does not understand, while
// rewriting or while running, goes to std.format as before, which also words
// every error.

// rewriteFormats rewrites the files of a program. It gives the number of calls it
// has rewritten.
func rewriteFormats(roots []ast.Node) (calls int) {
	for _, root := range roots {
		walk(root, func(n ast.Node) {
			if call, ok := n.(*ast.Apply); ok && rewriteApply(call) {
				calls++
			}
		})
	}
	return calls
}

// rootsOf are a program and all that it imports. The VM caches parsed files, so the
// evaluation uses what is rewritten in them.
func rootsOf(vm *jsonnet.VM, root ast.Node, file string) (roots []ast.Node) {
	seen := map[string]bool{}
	var visitFile func(node ast.Node, file string)
	visitFile = func(node ast.Node, file string) {
		if seen[file] {
			return
		}
		seen[file] = true
		roots = append(roots, node)
		walk(node, func(n ast.Node) {
			// One that cannot be read or parsed is an error only if it is
			// evaluated; the VM will say so then.
			if n, ok := n.(*ast.Import); ok {
				if imported, at, err := vm.ImportAST(file, n.File.Value); err == nil {
					visitFile(imported, at)
				}
			}
		})
	}
	visitFile(root, file)
	return roots
}

// walk visits a node and all below it, parents first. A parent may be rewritten
// in place: its children are those it has afterwards.
func walk(n ast.Node, visit func(ast.Node)) {
	if n == nil {
		return
	}
	children := toolutils.Children(n)
	visit(n)
	for _, c := range children {
		walk(c, visit)
	}
}

// rewriteApply rewrites a call of the % operator whose left side is a literal
// that the fast path understands, and reports whether it has.
func rewriteApply(call *ast.Apply) bool {
	text, values, ok := formatOperands(call)
	if !ok {
		return false
	}
	codes, ok := parseFormat(text.Value)
	if !ok {
		return false
	}
	slow := &ast.Apply{NodeBase: call.NodeBase, Target: call.Target, Arguments: positional(text, variable(valuesName))}
	slow.FreeVars = scope
	body, ok := fastBody(codes, values, slow)
	if !ok {
		return false
	}
	call.Target = &ast.Function{
		NodeBase:   ast.NodeBase{FreeVars: ast.Identifiers{stdName}, LocRange: call.LocRange, Ctx: call.Ctx},
		Parameters: []ast.Parameter{{Name: valuesName}},
		Body:       body,
	}
	call.Arguments = positional(values)
	return true
}

// formatOperands are the operands of a desugared %, if the left is a literal.
func formatOperands(call *ast.Apply) (text *ast.LiteralString, values ast.Node, ok bool) {
	target, _ := call.Target.(*ast.Index)
	if target == nil || len(call.Arguments.Positional) != 2 || len(call.Arguments.Named) != 0 {
		return nil, nil, false
	}
	std, _ := target.Target.(*ast.Var)
	name, _ := target.Index.(*ast.LiteralString)
	if std == nil || std.Id != stdName || name == nil || name.Value != "mod" {
		return nil, nil, false
	}
	text, ok = call.Arguments.Positional[0].Expr.(*ast.LiteralString)
	return text, call.Arguments.Positional[1].Expr, ok
}

// The names that the fast path uses. "$std" is std under a name that no program
// can hide; the others cannot be written in a program.
const (
	stdName    = ast.Identifier("$std")
	valuesName = ast.Identifier("$values")
	nativeName = "stackgen.format"
)

// scope is what the nodes of a fast path may refer to.
var scope = ast.Identifiers{stdName, valuesName}

// fastBody chooses by the type of the values: an object for mapping keys; else
// an array of as many as there are codes, or a single scalar.
func fastBody(codes []formatCode, values ast.Node, slow ast.Node) (ast.Node, bool) {
	n, keyed := countCodes(codes)
	v := variable(valuesName)
	if array, ok := values.(*ast.Array); ok {
		return pieces(codes, elementsOf(v), slow), len(array.Elements) == n
	}
	switch keyed {
	case n:
		return conditional(hasKeys(codes), pieces(codes, fieldsOf(v), slow), slow), n > 0
	case 0:
		isList := and(typeIs("array"), equal(stdCall("length", v), number(n)))
		body := conditional(isList, pieces(codes, elementsOf(v), slow), slow)
		if n == 1 {
			scalar := or(or(typeIs("string"), typeIs("number")), or(typeIs("boolean"), typeIs("null")))
			whole := func(formatCode, int) ast.Node { return v }
			body = conditional(scalar, pieces(codes, whole, slow), body)
		}
		return body, true
	}
	return nil, false // std.format says that a mapping key is missing
}

func elementsOf(v ast.Node) func(formatCode, int) ast.Node {
	return func(_ formatCode, i int) ast.Node { return &ast.Index{Target: v, Index: number(i)} }
}

func fieldsOf(v ast.Node) func(formatCode, int) ast.Node {
	return func(c formatCode, _ int) ast.Node { return &ast.Index{Target: v, Index: text(c.key)} }
}

// hasKeys tells that the values are an object with all keys; std.format words
// the complaint when they are not.
func hasKeys(codes []formatCode) ast.Node {
	cond := typeIs("object")
	for _, c := range codes {
		if !c.literal {
			cond = and(cond, stdCall("objectHasAll", variable(valuesName), text(c.key)))
		}
	}
	return cond
}

// pieces formats each value in order, gives up to slow at the first that the
// native function does not take, and puts the rest together.
func pieces(codes []formatCode, value func(formatCode, int) ast.Node, slow ast.Node) ast.Node {
	var binds ast.LocalBinds
	var refused, joined ast.Node = boolean(false), text("")
	free := append(ast.Identifiers{}, scope...)
	for _, c := range codes {
		if c.literal {
			joined = plus(joined, text(c.text))
			continue
		}
		name := ast.Identifier(fmt.Sprintf("$piece%d", len(binds)))
		binds = append(binds, ast.LocalBind{Variable: name, Body: piece(c, value(c, len(binds)))})
		free = append(free, name)
		refused = or(refused, equal(variable(name), &ast.LiteralNull{}))
		joined = plus(joined, variable(name))
	}
	if len(binds) == 0 {
		return joined
	}
	return &ast.Local{
		NodeBase: ast.NodeBase{FreeVars: free[:len(scope)]},
		Binds:    binds,
		Body:     conditional(refused, slow, joined),
	}
}

// piece is one formatted value. A plain %s is what adding to text does.
func piece(c formatCode, value ast.Node) ast.Node {
	asText := plus(text(""), value)
	asText.NodeBase.FreeVars = scope
	if c.plain() {
		return asText
	}
	if c.conversion == 's' {
		value = asText
	}
	native := stdCall("native", text(nativeName))
	call := &ast.Apply{Target: native, Arguments: positional(text(c.text), value)}
	call.FreeVars = scope
	return call
}

func countCodes(codes []formatCode) (n, keyed int) {
	for _, c := range codes {
		if c.literal {
			continue
		}
		n++
		if c.hasKey {
			keyed++
		}
	}
	return n, keyed
}

func variable(id ast.Identifier) *ast.Var {
	return &ast.Var{Id: id, NodeBase: ast.NodeBase{FreeVars: ast.Identifiers{id}}}
}
func text(s string) *ast.LiteralString   { return &ast.LiteralString{Value: s, Kind: ast.StringDouble} }
func boolean(b bool) *ast.LiteralBoolean { return &ast.LiteralBoolean{Value: b} }
func number(n int) *ast.LiteralNumber {
	return &ast.LiteralNumber{OriginalString: fmt.Sprint(n)}
}

func binary(op ast.BinaryOp, l, r ast.Node) *ast.Binary {
	return &ast.Binary{Op: op, Left: l, Right: r}
}
func plus(l, r ast.Node) *ast.Binary { return binary(ast.BopPlus, l, r) }
func and(l, r ast.Node) ast.Node     { return binary(ast.BopAnd, l, r) }
func or(l, r ast.Node) ast.Node      { return binary(ast.BopOr, l, r) }
func equal(l, r ast.Node) ast.Node   { return binary(ast.BopManifestEqual, l, r) }

func conditional(cond, yes, no ast.Node) ast.Node {
	return &ast.Conditional{Cond: cond, BranchTrue: yes, BranchFalse: no}
}

func typeIs(name string) ast.Node { return equal(stdCall("type", variable(valuesName)), text(name)) }

func stdCall(function string, args ...ast.Node) ast.Node {
	call := &ast.Apply{Target: &ast.Index{Target: variable(stdName), Index: text(function)}, Arguments: positional(args...)}
	call.FreeVars = scope
	return call
}

func positional(args ...ast.Node) ast.Arguments {
	exprs := make([]ast.CommaSeparatedExpr, len(args))
	for i, a := range args {
		exprs[i].Expr = a
	}
	return ast.Arguments{Positional: exprs}
}
