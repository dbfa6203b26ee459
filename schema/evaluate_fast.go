package schema

import (
	"errors"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
)

// evaluateFast evaluates a program with its format strings rewritten and takes
// the value itself instead of its text. It gives an error for whatever it does
// not do: its error is not for people.
func evaluateFast(in Input) (any, error) {
	if len(in.TLAVars)+len(in.TLACode) > 0 {
		return nil, errors.New("a function needs its arguments")
	}
	vm := newVM(in)
	vm.NativeFunction(formatNative())
	node, foundAt, err := vm.ImportAST("", in.File)
	if err != nil {
		return nil, err
	}
	rewriteFormats(vm, node, foundAt)
	return capture(vm, node)
}

// captureName is a native function that no program can call: it is registered
// for the one call around the program.
const captureName = "stackgen.capture"

// capture evaluates a program and hands over the value that the VM builds for
// the arguments of native functions, without writing and reading JSON text.
func capture(vm *jsonnet.VM, program ast.Node) (doc any, err error) {
	vm.NativeFunction(&jsonnet.NativeFunction{
		Name: captureName, Params: ast.Identifiers{"value"},
		Func: func(args []any) (any, error) { doc = args[0]; return nil, nil },
	})
	native := stdCall("native", text(captureName))
	native.SetFreeVariables(ast.Identifiers{stdName})
	call := &ast.Apply{Target: native, Arguments: positional(program)}
	call.FreeVars = ast.Identifiers{"std", stdName}
	_, err = vm.Evaluate(call)
	return doc, err
}
