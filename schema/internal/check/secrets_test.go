package check

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"stackgen/schema/diag"
	"stackgen/schema/internal/decode"
	"stackgen/schema/internal/evaluate"
	"stackgen/schema/topology"

	"github.com/google/go-jsonnet"
)

// TestSecretUses finds in the model of each fixture all that is a secret by its
// type, and wants each to be known, at a path that exists.
func TestSecretUses(t *testing.T) {
	total := 0
	for _, fixture := range []string{"nullzero", "shop", "branch", "edge", "services"} {
		in := evaluate.Input{File: "../../../fixtures/" + fixture + "/topology.jsonnet", Importer: &jsonnet.FileImporter{}}
		doc, _, err := evaluate.File(in)
		if err != nil {
			t.Fatal(err)
		}
		model, err := decode.Topology(doc)
		if err != nil {
			t.Fatal(err)
		}
		uses := secretUses(model)
		want := map[string]bool{}
		secretsIn(reflect.ValueOf(*model), want)
		if got, want := slices.Sorted(maps.Keys(uses)), slices.Sorted(maps.Keys(want)); !slices.Equal(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", fixture, got, want)
		}
		for name, path := range uses {
			if got := diag.Anchored(path, doc); got != path {
				t.Errorf("%s: %q is said to be at %s, and there is only %s", fixture, name, path, got)
			}
		}
		total += len(want)
	}
	if total < 20 {
		t.Errorf("there are only %d secrets in the fixtures", total)
	}
}

// secretsIn walks over all that a value holds.
func secretsIn(v reflect.Value, found map[string]bool) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[topology.Secret]() && v.String() != "" {
			found[v.String()] = true
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			secretsIn(v.Elem(), found)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			secretsIn(v.Index(i), found)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			secretsIn(v.MapIndex(k), found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			secretsIn(v.Field(i), found)
		}
	}
}

func TestVariableOf(t *testing.T) {
	for name, want := range map[string]string{
		"db01/user":        "STACKGEN_SECRET_DB01_USER",
		"vpn/ca.crt":       "STACKGEN_SECRET_VPN_CA_CRT",
		"A-b_c.9/D":        "STACKGEN_SECRET_A_B_C_9_D",
		"web01/api-key_v2": "STACKGEN_SECRET_WEB01_API_KEY_V2",
	} {
		if got := variableOf(name); got != want {
			t.Errorf("variableOf(%q)\n got %s\nwant %s", name, got, want)
		}
	}
}
