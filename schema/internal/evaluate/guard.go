package evaluate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"stackgen/schema/diag"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
	"github.com/google/go-jsonnet/toolutils"
)

// A Jsonnet program may never end, or want more memory than there is, and nobody
// can stop a VM from outside. guard rewrites a program so that it asks us, through
// native functions, in each call of a function that may call itself, for each
// element of a comprehension, and before it makes an array of some size. A refusal
// is an error of the program at that place. Values stay as they are. Files that are
// imported as text are marked, for the importer to see that they are text.

const (
	goOnName = "stackgen.goOn" // true, or an error when we have had enough
	sizeName = "stackgen.size" // a size as it is, or an error
)

// maxElements is the longest array that a program may ask for at once. Ten thousand
// machines need a thousandth of it, and it fits in a gigabyte.
const maxElements = 10_000_000

// limitMark begins the message of an error that is a refusal.
const limitMark = "stackgen: "

func (in Input) guards() []*jsonnet.NativeFunction {
	return []*jsonnet.NativeFunction{
		{Name: goOnName, Func: func([]any) (any, error) { return true, in.stopped() }},
		{Name: sizeName, Params: ast.Identifiers{"function", "from", "to"}, Func: prefixSize},
	}
}

// stopped is why the evaluation is to end, if it is.
func (in Input) stopped() error {
	if in.Stopped == nil {
		return nil
	}
	if err := in.Stopped(); err != nil {
		return fmt.Errorf("%s%w", limitMark, err)
	}
	return nil
}

// prefixSize gives the last index of an array that goes from one index to another. What
// is not a number is left for the function to complain about.
func prefixSize(args []any) (any, error) {
	from, _ := args[1].(float64)
	to, _ := args[2].(float64)
	if to-from >= maxElements {
		return nil, fmt.Errorf("%sstd.%v makes %.0f elements, more than %d", limitMark, args[0], to-from+1, maxElements)
	}
	return args[2], nil
}

func guardAll(roots []ast.Node) {
	for _, root := range roots {
		guard(root)
	}
}

// guard rewrites a node and all below it.
func guard(n ast.Node) {
	for _, c := range toolutils.Children(n) {
		if c != nil {
			guard(c)
		}
	}
	switch n := n.(type) {
	case *ast.Local:
		guardBinds(n.Binds)
	case *ast.DesugaredObject:
		guardBinds(n.Locals)
		for _, f := range n.Fields {
			if method, ok := f.Body.(*ast.Function); ok && mentionsSelf(method) {
				askFirst(method)
			}
		}
	case *ast.Apply:
		guardCall(n)
	case *ast.ImportStr:
		n.File.Value = textMark + n.File.Value
	}
}

// guardBinds guards functions that refer to themselves or to their neighbours.
func guardBinds(binds ast.LocalBinds) {
	for _, b := range binds {
		f, ok := b.Body.(*ast.Function)
		if ok && slices.ContainsFunc(binds,
			func(o ast.LocalBind) bool { return slices.Contains(f.FreeVariables(), o.Variable) }) {
			askFirst(f)
		}
	}
}

// mentionsSelf reports whether a method refers to its object, and so may call itself.
func mentionsSelf(n ast.Node) bool {
	switch n.(type) {
	case *ast.Self, *ast.SuperIndex:
		return true
	}
	return slices.Contains(n.FreeVariables(), "$") ||
		slices.ContainsFunc(toolutils.Children(n), func(c ast.Node) bool { return c != nil && mentionsSelf(c) })
}

// askFirst makes a function ask before it does its work.
func askFirst(f *ast.Function) {
	body := f.Body
	f.Body = &ast.Conditional{
		NodeBase: ast.NodeBase{LocRange: *body.Loc(), Ctx: body.Context(), FreeVars: body.FreeVariables()},
		Cond:     nativeCall(body, goOnName), BranchTrue: body, BranchFalse: &ast.LiteralNull{}, // it is true, or an error
	}
}

// guardCall guards calls of the standard library that make arrays, and what a
// comprehension does with each element.
func guardCall(call *ast.Apply) {
	name, args := stdFunction(call)
	switch {
	case name == "$flatMapArray" && len(args) == 2:
		if f, ok := args[0].Expr.(*ast.Function); ok {
			askFirst(f)
		}
	case name == "range" && len(args) == 2 && isCheap(args[0].Expr):
		args[1].Expr = nativeCall(call, sizeName, literalText(name), args[0].Expr, args[1].Expr)
	case name == "makeArray" && len(args) == 2:
		args[0].Expr = nativeCall(call, sizeName, literalText(name), number(1), args[0].Expr)
	case name == "repeat" && len(args) == 2:
		args[1].Expr = nativeCall(call, sizeName, literalText(name), number(1), args[1].Expr)
	}
}

// stdFunction is the name and arguments of a call of the standard library.
func stdFunction(call *ast.Apply) (name string, args []ast.CommaSeparatedExpr) {
	target, _ := call.Target.(*ast.Index)
	if target == nil || len(call.Arguments.Named) > 0 {
		return "", nil
	}
	std, _ := target.Target.(*ast.Var)
	index, _ := target.Index.(*ast.LiteralString)
	if std == nil || index == nil || strings.TrimPrefix(string(std.Id), "$") != "std" {
		return "", nil
	}
	return index.Value, call.Arguments.Positional
}

// isCheap tells what may be evaluated twice.
func isCheap(n ast.Node) bool {
	switch n.(type) {
	case *ast.LiteralNumber, *ast.Var:
		return true
	}
	return false
}

// limitFinding is about a program that was stopped: where it was, if the error
// knows that, and else somewhere in the file.
func limitFinding(in Input, err error) (diags diag.List) {
	var runtime jsonnet.RuntimeError
	if errors.As(err, &runtime) && strings.HasPrefix(runtime.Msg, limitMark) {
		diags = jsonnetFinding(err, NewSources(in.Importer))
	} else {
		diags = Exceeded(in)
	}
	if d := &diags[0]; !d.Pos.IsValid() {
		d.Pos = Start(in)
	}
	return diags
}

// Exceeded is the finding about a program that was stopped and did not say where
// it was.
func Exceeded(in Input) (diags diag.List) {
	d := diags.Errorf("jsonnet/limit", "", "%s", strings.TrimPrefix(in.stopped().Error(), limitMark)).Hintf(limitHint)
	d.Pos = Start(in)
	return diags
}

func Start(in Input) diag.Pos {
	return diag.Pos{File: in.File, Line: 1, Column: 1, EndLine: 1, EndColumn: 1}
}

const limitHint = "look for a loop that has no end, or for a number that is too large"
