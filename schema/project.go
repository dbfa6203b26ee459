package schema

import (
	_ "embed"

	"stackgen/schema/diag"
	"stackgen/schema/project"
)

// ProjectText is the JSON Schema of a project file.
//
//go:embed project.schema.json
var ProjectText []byte

// projects validates project files.
var projects = newValidator("https://stackgen.invalid/v1/project.schema.json", ProjectText)

// LoadProject evaluates, validates and decodes a project file. The project is nil
// exactly when there are findings.
func LoadProject(in Input) (*project.Project, diag.List, error) {
	doc, diags, err := evaluateShaped(in, projects)
	if err != nil || diags.HasErrors() {
		return nil, diags, err
	}
	return decodeProject(doc), nil, nil
}

// evaluateShaped evaluates a file and validates it.
func evaluateShaped(in Input, v *validator) (any, diag.List, error) {
	doc, diags, err := evaluate(in)
	if err != nil || diags.HasErrors() {
		return nil, diags, err
	}
	diags, err = v.validate(doc)
	return doc, finish(diags), err
}
