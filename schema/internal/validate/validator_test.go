package validate

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"stackgen/schema/diag"
	"stackgen/schema/internal/evaluate"

	"github.com/google/go-jsonnet"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

const schemaURL = "https://stackgen.invalid/v1/topology.schema.json"

// schemaText is the schema of a topology.
func schemaText(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("../../topology.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestPartSaysAll validates every fixture, good and bad, by the part of the schema
// that is compiled for it and by the whole, as it is written.
func TestPartSaysAll(t *testing.T) {
	whole := New(schemaURL, schemaText(t))
	schema, err := whole.parse()
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.Draft, c.AssertFormat, c.Formats = jsonschema.Draft2020, true, Formats()
	if err := c.AddResource(schemaURL, bytes.NewReader(schemaText(t))); err != nil {
		t.Fatal(err)
	}
	whole.part = schemaPart{keys: schema.names, schema: c.MustCompile(schemaURL)}
	invalid := 0
	for _, pattern := range []string{"../../../fixtures/bad/*.jsonnet", "../../../fixtures/*/topology.jsonnet"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			doc, diags, err := evaluate.File(evaluate.Input{File: file, Importer: &jsonnet.FileImporter{}})
			if err != nil || len(diags) > 0 {
				continue // the mistake is in its Jsonnet
			}
			got, err := New(schemaURL, schemaText(t)).Validate(doc)
			if err != nil {
				t.Fatal(err)
			}
			want, err := whole.Validate(doc)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s:\n got %s\nwant %s", file, rulesAndPaths(got), rulesAndPaths(want))
			}
			if len(want) > 0 {
				invalid++
			}
		}
	}
	if invalid < 20 {
		t.Errorf("only %d fixtures are invalid", invalid)
	}
}

// TestPartGrows gives one validator documents with ever more in them: what was
// compiled for the first must not do for the next.
func TestPartGrows(t *testing.T) {
	v := New(schemaURL, schemaText(t))
	for _, tt := range []struct{ patch, want string }{
		{`{ vms+: { web01+: { vcpus: 'x' } } }`, "schema/type /vms/web01/vcpus"},
		{`{ vms+: { web01+: { cloudInit: 'x' } } }`, "schema/unknown-key /vms/web01/cloudInit"},
		{`{ policies: { 'disks/unused': { severity: 'lax', reason: 'it is spare' } } }`, "schema/enum /policies/disks~1unused/severity"},
		{`{ vrrp: { g: { vrid: 256, network: 'lan', routers: ['rtr01', 'web01'] } } }`, "schema/range /vrrp/g/vrid"},
	} {
		doc, found, err := evaluate.File(evaluate.Input{File: patchedFile(t, tt.patch), Importer: &jsonnet.FileImporter{}})
		if err != nil || found.HasErrors() {
			t.Fatal(found, err)
		}
		diags, err := v.Validate(doc)
		if err != nil {
			t.Fatal(err)
		}
		if got := rulesAndPaths(diags); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.patch, got, tt.want)
		}
	}
}

// patchedFile is a file with the reference stack and a change to it.
func patchedFile(t *testing.T, patch string) string {
	t.Helper()
	base, err := filepath.Abs("../../../fixtures/nullzero/topology.jsonnet")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "patch.jsonnet")
	if err := os.WriteFile(file, []byte("(import '"+base+"') + "+patch), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// rulesAndPaths are findings as their rules and paths, a line each.
func rulesAndPaths(diags diag.List) string {
	var lines []string
	for _, d := range diags {
		lines = append(lines, d.Rule+" "+d.Path)
	}
	return strings.Join(lines, "\n")
}
