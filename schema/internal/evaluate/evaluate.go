// Package evaluate turns a topology file into a JSON value: Jsonnet, JSON or YAML. It
// knows nothing of what a topology is.
package evaluate

import (
	"encoding/json"
	"fmt"
	"path"

	"stackgen/schema/diag"

	"github.com/google/go-jsonnet"
)

// File turns the input into a JSON value: maps, slices, strings, float64,
// bool and nil.
func File(in Input) (any, diag.List, error) { return FileWith(NewFastVM(in), in) }

// FileWith is evaluate with a VM that has the program, if there is one. The
// fast way gives the same value or none: what it fails at is evaluated as it
// stands, so that errors do not depend on it.
func FileWith(vm *FastVM, in Input) (any, diag.List, error) {
	if vm != nil {
		doc, err := vm.whole(in)
		switch {
		case err == nil:
			return doc, nil, nil
		case in.stopped() != nil:
			return nil, limitFinding(in, err), nil
		}
	}
	if _, _, err := in.Importer.Import("", in.File); err != nil {
		return nil, nil, fmt.Errorf("reading the topology: %w", err)
	}
	if isYAML(in.File) {
		return evaluateYAML(in.File, NewSources(in.Importer).File(in.File))
	}
	return evaluatePlain(in)
}

func isYAML(file string) bool { return path.Ext(file) == ".yaml" || path.Ext(file) == ".yml" }

// evaluatePlain runs a Jsonnet program; JSON is such a program.
func evaluatePlain(in Input) (any, diag.List, error) {
	vm := NewVM(in)
	node, foundAt, err := vm.ImportAST("", in.File)
	if err != nil {
		return nil, jsonnetFinding(err, NewSources(in.Importer)), nil
	}
	guardAll(rootsOf(vm, node, foundAt))
	text, err := vm.Evaluate(node)
	if err != nil && in.stopped() != nil {
		return nil, limitFinding(in, err), nil
	}
	if err != nil {
		return nil, jsonnetFinding(err, NewSources(in.Importer)), nil
	}
	var doc any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		return nil, nil, fmt.Errorf("reading the evaluated topology: %w", err)
	}
	return doc, nil, nil
}

func NewVM(in Input) *jsonnet.VM {
	vm := jsonnet.MakeVM()
	files := newImporter(in.Importer)
	files.main = in.File
	vm.Importer(files)
	for name, value := range in.ExtVars {
		vm.ExtVar(name, value)
	}
	for name, code := range in.ExtCode {
		vm.ExtCode(name, code)
	}
	for name, value := range in.TLAVars {
		vm.TLAVar(name, value)
	}
	for name, code := range in.TLACode {
		vm.TLACode(name, code)
	}
	if in.MaxStack > 0 {
		vm.MaxStack = in.MaxStack
	}
	for _, f := range append(natives(), in.guards()...) {
		vm.NativeFunction(f)
	}
	return vm
}
