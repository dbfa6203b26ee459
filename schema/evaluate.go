package schema

import (
	"encoding/json"
	"fmt"
	"path"

	"stackgen/schema/diag"

	"github.com/google/go-jsonnet"
)

// evaluate turns the input into a JSON value: maps, slices, strings, float64,
// bool and nil.
func evaluate(in Input) (any, diag.List, error) {
	if _, _, err := in.Importer.Import("", in.File); err != nil {
		return nil, nil, fmt.Errorf("reading the topology: %w", err)
	}
	switch path.Ext(in.File) {
	case ".yaml", ".yml":
		return evaluateYAML(in.File, newSources(in.Importer).file(in.File))
	}
	return evaluateJsonnet(in)
}

// evaluateJsonnet runs a Jsonnet program; JSON is such a program. The fast way
// gives the same value or none: what it fails at is evaluated as it stands, so
// that errors do not depend on it.
func evaluateJsonnet(in Input) (any, diag.List, error) {
	if !in.Plain {
		if doc, err := evaluateFast(in); err == nil {
			return doc, nil, nil
		}
	}
	return evaluatePlain(in)
}

func evaluatePlain(in Input) (any, diag.List, error) {
	vm := newVM(in)
	node, _, err := vm.ImportAST("", in.File)
	if err != nil {
		return nil, jsonnetFinding(err, newSources(in.Importer)), nil
	}
	text, err := vm.Evaluate(node)
	if err != nil {
		return nil, jsonnetFinding(err, newSources(in.Importer)), nil
	}
	var doc any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		return nil, nil, fmt.Errorf("reading the evaluated topology: %w", err)
	}
	return doc, nil, nil
}

func newVM(in Input) *jsonnet.VM {
	vm := jsonnet.MakeVM()
	vm.Importer(newImporter(in.Importer))
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
	for _, f := range natives() {
		vm.NativeFunction(f)
	}
	return vm
}
