package release_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"stackgen/schema/release"
)

// TestSchemaNamesThem: what the schema lets through is what the table has.
func TestSchemaNamesThem(t *testing.T) {
	text, err := os.ReadFile("../topology.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]struct {
			Properties map[string]struct {
				Enum    []string
				Default any
			}
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	var names, php []string
	for _, r := range release.All() {
		names, php = append(names, r.Name), append(php, r.PHP)
	}
	for _, tt := range []struct {
		block, key string
		want       []string
	}{{"host", "os", names}, {"vm", "os", names}, {"php", "version", php}} {
		if got := schema.Defs[tt.block].Properties[tt.key].Enum; !slices.Equal(got, tt.want) {
			t.Errorf("%s of %s: the schema has %q, the table %q", tt.key, tt.block, got, tt.want)
		}
	}
	if got := schema.Defs["host"].Properties["os"].Default; got != release.Default().Name {
		t.Errorf("os of host: the schema has the default %v, the table %q", got, release.Default().Name)
	}
}

// TestOf: a name that is in no row has the facts of the default.
func TestOf(t *testing.T) {
	for _, r := range release.All() {
		if got := release.Of(r.Name); got != r {
			t.Errorf("Of(%q): got %v, want %v", r.Name, got, r)
		}
	}
	if got := release.Of(""); got != release.Default() {
		t.Errorf(`Of(""): got %v, want that of %s`, got, release.Default().Name)
	}
}
