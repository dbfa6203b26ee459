package evaluate

import (
	"encoding/json"

	"stackgen/schema/diag"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
)

// About evaluates an expression about the value of the program in a file, which it
// knows as t.
func (vm *FastVM) About(file, expression string) (any, error) {
	node, err := expressionAbout(file, expression)
	if err != nil {
		return nil, err
	}
	return vm.capture(node)
}

// Fields evaluates an expression as about does, but of the object that it gives only
// some fields.
func (vm *FastVM) Fields(file, expression string, names []string) (any, error) {
	node, err := expressionAbout(file, expression)
	if err != nil {
		return nil, err
	}
	return vm.capture(only(names, node))
}

func expressionAbout(file, expression string) (ast.Node, error) {
	name, err := json.Marshal(file) // text in JSON is text in Jsonnet
	if err != nil {
		return nil, err
	}
	return jsonnet.SnippetToAST("", "local t = import "+string(name)+"; "+expression)
}

// only makes a program of another: an object with some of its fields.
func only(fields []string, of ast.Node) ast.Node {
	object := &ast.DesugaredObject{}
	object.FreeVars = ast.Identifiers{valuesName}
	for _, name := range fields {
		object.Fields = append(object.Fields,
			ast.DesugaredObjectField{Name: literalText(name), Body: fieldOf(variable(valuesName), name),
				Hide: ast.ObjectFieldInherit})
	}
	return &ast.Local{Binds: ast.LocalBinds{{Variable: valuesName, Body: of}}, Body: object}
}

// objectOf makes a program of another: an object with one field.
func objectOf(field string, body ast.Node) ast.Node {
	return &ast.DesugaredObject{Fields: ast.DesugaredObjectFields{{Name: literalText(field), Body: body,
		Hide: ast.ObjectFieldInherit}}}
}

// FailureIn evaluates some members of a field of the input as they stand, and gives the
// finding about them. There is none if they can be evaluated.
func FailureIn(in Input, field string, members []string) diag.List {
	vm := NewVM(in)
	program, foundAt, err := vm.ImportAST("", in.File)
	if err != nil {
		return nil
	}
	guardAll(rootsOf(vm, program, foundAt))
	_, err = vm.Evaluate(objectOf(field, only(members, fieldOf(&ast.Import{File: literalText(in.File)}, field))))
	if err == nil || in.stopped() != nil {
		return nil
	}
	return jsonnetFinding(err, NewSources(in.Importer))
}
