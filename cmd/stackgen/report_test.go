package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stackgen/cmd/stackgen/internal/report"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// A report for programs has the shape that its schema promises, for every
// mistake that we know.
func TestReportsFitTheirSchemas(t *testing.T) {
	sarif, err := os.ReadFile(filepath.Join("testdata", "sarif", "sarif-2.1.0-rtm.5.json"))
	if err != nil {
		t.Fatal(err)
	}
	formats := []struct {
		name   string
		schema *jsonschema.Schema
	}{
		{"json", compileSchema(t, jsonschema.Draft2020, string(report.Schema))},
		{"sarif", compileSchema(t, jsonschema.Draft4, string(sarif))},
	}
	t.Chdir(filepath.Join("..", "..", "fixtures", "bad"))
	for _, file := range append(badFixtures(t), filepath.Join("..", "nullzero", "topology.jsonnet")) {
		for _, f := range formats {
			var stdout, stderr bytes.Buffer
			run([]string{"validate", file, "--output", f.name}, &stdout, &stderr)
			var doc any
			if err := json.Unmarshal(stdout.Bytes(), &doc); err != nil {
				t.Errorf("%s as %s is not JSON: %v\n%s", file, f.name, err, stderr.String())
				continue
			}
			if err := f.schema.Validate(doc); err != nil {
				t.Errorf("%s as %s: %#v", file, f.name, err)
			}
		}
	}
}

func compileSchema(t *testing.T, draft *jsonschema.Draft, text string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.Draft = draft
	c.AssertFormat = true
	const url = "https://stackgen.invalid/schema.json"
	if err := c.AddResource(url, strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(url)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
