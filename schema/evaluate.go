package schema

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"

	"stackgen/schema/diag"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
	"gopkg.in/yaml.v3"
)

// library is what topologies import as libraryName.
//
//go:embed stackgen.libsonnet
var library string

const libraryName = "stackgen.libsonnet"

// evaluate turns the input into a JSON value: maps, slices, strings, float64,
// bool and nil.
func evaluate(in Input) (any, diag.List, error) {
	contents, _, err := in.Importer.Import("", in.File)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the topology: %w", err)
	}
	switch path.Ext(in.File) {
	case ".yaml", ".yml":
		return evaluateYAML(contents.String())
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
		return nil, jsonnetFinding(err), nil
	}
	text, err := vm.Evaluate(node)
	if err != nil {
		return nil, jsonnetFinding(err), nil
	}
	var doc any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		return nil, nil, fmt.Errorf("reading the evaluated topology: %w", err)
	}
	return doc, nil, nil
}

func newVM(in Input) *jsonnet.VM {
	vm := jsonnet.MakeVM()
	vm.Importer(&importer{next: in.Importer})
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

// importer answers for the library that ships in the binary and leaves all
// other files to next.
type importer struct {
	next    jsonnet.Importer
	library *jsonnet.Contents
}

// Import implements [jsonnet.Importer].
func (i *importer) Import(from, name string) (jsonnet.Contents, string, error) {
	if name != libraryName {
		return i.next.Import(from, name)
	}
	if i.library == nil {
		c := jsonnet.MakeContents(library)
		i.library = &c // an importer returns the same buffer every time
	}
	return *i.library, libraryName, nil
}

// jsonnetFinding turns an error of the Jsonnet VM into a finding: a syntax
// error, a missing import, or an error of the running program.
func jsonnetFinding(err error) (diags diag.List) {
	var runtime jsonnet.RuntimeError
	var static interface{ Loc() ast.LocationRange }
	switch {
	case errors.As(err, &runtime):
		runtimeFinding(&diags, runtime)
	case errors.As(err, &static):
		d := diags.Errorf("jsonnet/syntax", "", "%s", staticMessage(err, static.Loc()))
		d.Pos = position(static.Loc())
	default:
		diags.Errorf("jsonnet/import", "", "%s", firstLine(err.Error()))
	}
	return diags
}

func runtimeFinding(diags *diag.List, err jsonnet.RuntimeError) {
	rule := "jsonnet/runtime"
	if strings.HasPrefix(err.Msg, "couldn't open import") {
		rule = "jsonnet/import"
	}
	d := diags.Errorf(rule, "", "%s", strings.TrimSuffix(firstLine(err.Msg), "."))
	if strings.HasPrefix(err.Msg, "max stack frames exceeded") {
		d.Hintf("a value or function that is defined by itself never ends; break the cycle")
	}
	// The innermost frame that is written in a file of the user, not in std.
	for _, f := range err.StackTrace {
		if f.Loc.IsSet() && f.Loc.File != nil && !strings.HasPrefix(f.Loc.FileName, "<") {
			d.Pos = position(f.Loc)
			break
		}
	}
}

// staticMessage is the message of a static error without its position, which
// the report prints in its own way.
func staticMessage(err error, loc ast.LocationRange) string {
	msg := strings.TrimPrefix(err.Error(), loc.String())
	return firstLine(strings.TrimSpace(msg))
}

func position(loc ast.LocationRange) diag.Pos {
	return diag.Pos{
		File: loc.FileName,
		Line: loc.Begin.Line, Column: loc.Begin.Column,
		EndLine: loc.End.Line, EndColumn: loc.End.Column,
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// evaluateYAML reads one YAML document.
func evaluateYAML(text string) (any, diag.List, error) {
	var doc any
	var diags diag.List
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		diags.Errorf("yaml/syntax", "", "%s", strings.TrimPrefix(firstLine(err.Error()), "yaml: "))
		return nil, diags, nil
	}
	return plainJSON(doc), nil, nil
}

// plainJSON turns what YAML gives into what JSON gives: keys are text (a rule
// number is often written without quotes) and numbers are float64.
func plainJSON(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = plainJSON(e)
		}
	case map[any]any:
		m := make(map[string]any, len(v))
		for k, e := range v {
			m[fmt.Sprint(k)] = plainJSON(e)
		}
		return m
	case []any:
		for i, e := range v {
			v[i] = plainJSON(e)
		}
	case int:
		return float64(v)
	case int64:
		return float64(v)
	case uint64:
		return float64(v)
	case string, float64, bool, nil:
	default:
		return fmt.Sprint(v) // a timestamp
	}
	return v
}
