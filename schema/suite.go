package schema

import (
	_ "embed"

	"stackgen/schema/diag"
	"stackgen/schema/internal/decode"
	"stackgen/schema/internal/validate"
	"stackgen/schema/suite"
)

// SuiteText is the JSON Schema of a test file; its descriptions are the
// reference of what a test can say.
//
//go:embed suite.schema.json
var SuiteText []byte

// suites validates test files.
var suites = validate.New("https://stackgen.invalid/v1/suite.schema.json", SuiteText)

// LoadSuite evaluates, validates and decodes a test file. The topologies in it
// are not looked at. The suite is nil exactly when there are findings.
func LoadSuite(in Input) (*suite.Suite, diag.List, error) {
	doc, diags, err := evaluateShaped(in, suites)
	if err != nil || diags.HasErrors() {
		return nil, diags, err
	}
	return decode.Suite(doc), nil, nil
}
