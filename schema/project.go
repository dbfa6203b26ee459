package schema

import (
	_ "embed"

	"stackgen/schema/diag"
	"stackgen/schema/internal/decode"
	"stackgen/schema/internal/evaluate"
	"stackgen/schema/internal/validate"
	"stackgen/schema/project"
)

// ProjectText is the JSON Schema of a project file.
//
//go:embed project.schema.json
var ProjectText []byte

// projects validates project files.
var projects = validate.New("https://stackgen.invalid/v1/project.schema.json", ProjectText)

// LoadProject evaluates, validates and decodes a project file. The project is nil
// exactly when there are findings.
func LoadProject(in Input) (*project.Project, diag.List, error) {
	doc, diags, err := evaluateShaped(in, projects)
	if err != nil || diags.HasErrors() {
		return nil, diags, err
	}
	return decode.Project(doc), nil, nil
}

// evaluateShaped evaluates a file and validates it.
func evaluateShaped(in Input, v *validate.Validator) (any, diag.List, error) {
	doc, diags, err := evaluate.File(in)
	if err != nil || diags.HasErrors() {
		return nil, diags, err
	}
	diags, err = v.Validate(doc)
	return doc, finish(diags), err
}
