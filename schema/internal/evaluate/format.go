package evaluate

import (
	"fmt"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
	"github.com/google/go-jsonnet/toolutils"
)

// go-jsonnet interprets std.format in Jsonnet, at hundreds of microseconds a call,
// and so does it with the question whether a % is about text or numbers.
// rewriteFormats turns each `"literal" % values` of a program into a call of a native
// function that is made for the literal, with the values as its arguments, and each
// `x % 256` or `x % n` into one of a function that is made for numbers. What it does not
// understand stays as it is. What the functions do not understand is an error, which
// it mostly is for std.format, too: the program is then evaluated as it stands.

// rewriteFormats rewrites the files of a program, and gives the VM the functions
// that they call then. It gives the number of formats that it has rewritten.
func rewriteFormats(vm *jsonnet.VM, roots []ast.Node) (formats int) {
	vm.NativeFunction(&jsonnet.NativeFunction{
		Name: moduloName, Params: parameters(2),
		Func: func(args []any) (any, error) { return Modulo(args[0], args[1]) },
	})
	for _, root := range roots {
		walk(root, func(n ast.Node) {
			left, right, ok := operands(n)
			if !ok {
				return
			}
			call := n.(*ast.Apply)
			literal, isText := left.(*ast.LiteralString)
			switch {
			case isText && rewriteFormat(vm, call, literal.Value, right):
				formats++
			case !isText:
				rewriteModulo(call, left, right)
			}
		})
	}
	return formats
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

// operands are those of a desugared %, if that is what a node is.
func operands(n ast.Node) (left, right ast.Node, ok bool) {
	call, ok := n.(*ast.Apply)
	if !ok {
		return nil, nil, false
	}
	target, _ := call.Target.(*ast.Index)
	if target == nil || len(call.Arguments.Positional) != 2 || len(call.Arguments.Named) != 0 {
		return nil, nil, false
	}
	std, _ := target.Target.(*ast.Var)
	name, _ := target.Index.(*ast.LiteralString)
	if std == nil || std.Id != stdName || name == nil || name.Value != "mod" {
		return nil, nil, false
	}
	return call.Arguments.Positional[0].Expr, call.Arguments.Positional[1].Expr, true
}

// stdName is std under a name that no program can hide.
const stdName = ast.Identifier("$std")

// valuesName cannot be written in a program.
const valuesName = ast.Identifier("$values")

// The native functions of formats have names that say what they do, so that equal
// ones are one.
const (
	eachName   = "stackgen.format "    // takes the values one by one
	allName    = "stackgen.formatAll " // takes them as an array, or one that is none
	moduloName = "stackgen.modulo"
)

// rewriteFormat rewrites a call of % whose left side is a literal that we
// understand, and reports whether it has.
func rewriteFormat(vm *jsonnet.VM, call *ast.Apply, format string, values ast.Node) bool {
	codes, ok := parseFormat(format)
	if !ok {
		return false
	}
	array, isArray := values.(*ast.Array)
	switch n, keyed := countCodes(codes); {
	case n == 0 || keyed != 0 && keyed != n || isArray && len(array.Elements) != n:
		return false // std.format does not look at the values, or words the complaint
	case keyed == n:
		vm.NativeFunction(formatEach(eachName+format, codes, n))
		bindValues(call, values, nativeCall(call, eachName+format, fieldsOf(variable(valuesName), codes)...))
	case isArray:
		vm.NativeFunction(formatEach(eachName+format, codes, n))
		*call = *nativeCall(call, eachName+format, elementsOf(array)...)
	default:
		vm.NativeFunction(formatAll(allName+format, codes))
		*call = *nativeCall(call, allName+format, values)
	}
	return true
}

// rewriteModulo rewrites a call of % whose left side may be a number, where the right
// side is one, or may be.
func rewriteModulo(call *ast.Apply, left, right ast.Node) {
	switch right.(type) {
	case *ast.LiteralNumber:
		*call = *nativeCall(call, moduloName, left, right)
	case *ast.Var: // to ask for its type costs little: it keeps its value
		call.Target = &ast.Conditional{
			Cond:       &ast.Binary{Op: ast.BopManifestEqual, Left: typeOf(right), Right: literalText("number")},
			BranchTrue: nativeFunction(moduloName), BranchFalse: call.Target,
		}
	}
}

// typeOf asks for the type of a value.
func typeOf(n ast.Node) ast.Node {
	call := &ast.Apply{Target: fieldOf(variable(stdName), "type"), Arguments: positional(n)}
	call.FreeVars = n.FreeVariables()
	return call
}

// bindValues makes a call one of a function that has the values under a name.
func bindValues(call *ast.Apply, values, body ast.Node) {
	call.Target = &ast.Function{
		NodeBase:   ast.NodeBase{LocRange: call.LocRange, Ctx: call.Ctx},
		Parameters: []ast.Parameter{{Name: valuesName}},
		Body:       body,
	}
	call.Arguments = positional(values)
	call.FreeVars = values.FreeVariables()
}

func elementsOf(array *ast.Array) (nodes []ast.Node) {
	for _, e := range array.Elements {
		nodes = append(nodes, e.Expr)
	}
	return nodes
}

func fieldsOf(object ast.Node, codes []formatCode) (nodes []ast.Node) {
	for _, c := range codes {
		if !c.literal {
			nodes = append(nodes, fieldOf(object, c.key))
		}
	}
	return nodes
}

func fieldOf(object ast.Node, name string) ast.Node {
	return &ast.Index{NodeBase: ast.NodeBase{FreeVars: object.FreeVariables()}, Target: object, Index: literalText(name)}
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
func literalText(s string) *ast.LiteralString {
	return &ast.LiteralString{Value: s, Kind: ast.StringDouble}
}
func number(n int) *ast.LiteralNumber {
	return &ast.LiteralNumber{OriginalString: fmt.Sprint(n)}
}

func positional(args ...ast.Node) ast.Arguments {
	exprs := make([]ast.CommaSeparatedExpr, len(args))
	for i, a := range args {
		exprs[i].Expr = a
	}
	return ast.Arguments{Positional: exprs}
}
