package evaluate

import (
	"slices"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
)

// withArguments calls a program that is a function with the top-level arguments.
func withArguments(program ast.Node, in Input) (ast.Node, error) {
	if len(in.TLAVars)+len(in.TLACode) == 0 {
		return program, nil
	}
	call := &ast.Apply{Target: program, NodeBase: ast.NodeBase{LocRange: *program.Loc()}}
	call.FreeVars = ast.Identifiers{"std", stdName}
	for name, value := range in.TLAVars {
		call.Arguments.Named = append(call.Arguments.Named,
			ast.NamedArgument{Name: ast.Identifier(name), Arg: literalText(value)})
	}
	for name, code := range in.TLACode {
		arg, err := jsonnet.SnippetToAST("", code)
		if err != nil {
			return nil, err
		}
		call.Arguments.Named = append(call.Arguments.Named, ast.NamedArgument{Name: ast.Identifier(name), Arg: arg})
	}
	return call, nil
}

// FastVM is a VM that holds a program, its format strings rewritten, and hands
// over values as they are, without writing and reading JSON text. It fails at
// whatever it does not do; its errors are not for people.
type FastVM struct {
	*jsonnet.VM
	program  ast.Node
	roots    []ast.Node // of it and of all that it imports
	captured any
}

// NewFastVM gives nil for what is to be evaluated as it stands.
func NewFastVM(in Input) *FastVM {
	if in.Plain || isYAML(in.File) {
		return nil
	}
	vm := &FastVM{VM: NewVM(in)}
	vm.NativeFunction(&jsonnet.NativeFunction{
		Name: captureName, Params: ast.Identifiers{"value"},
		Func: func(args []any) (any, error) { vm.captured = args[0]; return nil, nil },
	})
	program, foundAt, err := vm.ImportAST("", in.File)
	if err != nil {
		return nil
	}
	vm.program, vm.roots = program, rootsOf(vm.VM, program, foundAt)
	if slices.ContainsFunc(vm.roots, traces) {
		return nil // what it says would be said again by each VM
	}
	guardAll(vm.roots)
	rewriteFormats(vm.VM, vm.roots)
	return vm
}

// traces reports whether a program may call std.trace.
func traces(program ast.Node) (found bool) {
	walk(program, func(n ast.Node) {
		if index, ok := n.(*ast.Index); ok {
			name, isText := index.Index.(*ast.LiteralString)
			found = found || isText && name.Value == "trace"
		}
	})
	return found
}

// whole evaluates the whole program.
func (vm *FastVM) whole(in Input) (any, error) {
	program, err := withArguments(vm.program, in)
	if err != nil {
		return nil, err
	}
	return vm.capture(program)
}

// captureName is the native function that takes the value: the VM builds it for
// the arguments of such functions anyway.
const captureName = "stackgen.capture"

// capture evaluates a program to a JSON value.
func (vm *FastVM) capture(program ast.Node) (any, error) {
	_, err := vm.Evaluate(nativeCall(program, captureName, program))
	return vm.captured, err
}

// Snippet evaluates a text beside the program. Its own formats stay as they are: to
// give the VM another native function makes it forget what it has computed.
func (vm *FastVM) Snippet(code string) (any, error) {
	program, err := jsonnet.SnippetToAST("<stackgen>", code)
	if err != nil {
		return nil, err
	}
	return vm.capture(program)
}
