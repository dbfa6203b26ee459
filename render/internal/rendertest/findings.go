package rendertest

import (
	"testing"

	"stackgen/schema"
	"stackgen/schema/diag"
	"stackgen/schema/topology"

	"github.com/google/go-jsonnet"
)

// Findings loads a variant of a fixture and gives the rules that a check finds
// broken in it, sorted by path. A finding whose path does not exist in the
// variant fails the test.
func Findings(t testing.TB, name, patch string, check func(*topology.Topology) diag.List) (rules []string) {
	t.Helper()
	file := variant(t, name, patch)
	diags := check(load(t, file))
	diags.Sort()
	doc, _, err := schema.Evaluate(schema.Input{File: file, Importer: &jsonnet.FileImporter{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range diags {
		t.Logf("%s: %s: %s (%s) %s", d.Severity, d.Path, d.Message, d.Rule, d.Hint)
		rules = append(rules, d.Rule)
		for _, r := range append(d.Related, diag.Related{Path: d.Path}) {
			if !diag.Exists(doc, diag.Split(r.Path)) {
				t.Errorf("%s: the path %s is not in the topology", d.Rule, r.Path)
			}
		}
	}
	return rules
}
