package schema

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"stackgen/schema/diag"
	"stackgen/schema/internal/validate"
)

// TestSchemaIsClosedAndDescribed holds the schemas to what we say of it: each
// node has a description, each object names its keys, each format is one that
// we assert, and nothing is a choice without a discriminator.
func TestSchemaIsClosedAndDescribed(t *testing.T) {
	for _, text := range [][]byte{Text, SuiteText, ProjectText} {
		var root map[string]any
		if err := json.Unmarshal(text, &root); err != nil {
			t.Fatal(err)
		}
		for _, problem := range problemsOf(root, root, "") {
			t.Errorf("%s: %s", root["title"], problem)
		}
	}
}

// TestSchemaProblemsAreSeen breaks the schema in each way that counts.
func TestSchemaProblemsAreSeen(t *testing.T) {
	for _, broken := range []string{
		`{ "type": "string" }`,
		`{ "description": "x", "type": "object", "properties": {} }`,
		`{ "description": "x", "format": "hostname" }`,
		`{ "description": "x", "$ref": "#/$defs/x", "minLength": 1 }`,
		`{ "description": "x", "oneOf": [] }`,
		`{ "description": "x", "type": "array", "items": { "type": "string" } }`,
	} {
		var node map[string]any
		if err := json.Unmarshal([]byte(broken), &node); err != nil {
			t.Fatal(err)
		}
		if len(problemsOf(node, node, "")) != 1 {
			t.Errorf("not seen as one problem: %s", broken)
		}
	}
}

func problemsOf(root, node map[string]any, path string) (problems []string) {
	problem := func(text string) { problems = append(problems, path+": "+text) }
	if !described(root, node) {
		problem("has no description")
	}
	if _, isObject := node["properties"]; isObject && node["additionalProperties"] != false {
		problem("is an open object")
	}
	if format, ok := node["format"].(string); ok && validate.Formats()[format] == nil {
		problem("has format " + format + ", which is not asserted")
	}
	if _, refers := node["$ref"].(string); refers {
		for keyword := range node {
			if !slices.Contains([]string{"$ref", "title", "description", "default", "examples"}, keyword) {
				problem("has " + keyword + " beside a $ref") // followed drops it
			}
		}
	}
	for _, choice := range []string{"oneOf", "anyOf", "allOf"} {
		if node[choice] != nil {
			problem("has " + choice)
		}
	}
	for _, key := range []string{"properties", "$defs"} {
		members, _ := node[key].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(members)) {
			problems = append(problems, problemsOf(root, members[name].(map[string]any), diag.Join(path, key, name))...)
		}
	}
	for _, key := range []string{"items", "additionalProperties"} {
		if below, ok := node[key].(map[string]any); ok {
			problems = append(problems, problemsOf(root, below, diag.Join(path, key))...)
		}
	}
	return problems
}

// described looks through a reference.
func described(root, node map[string]any) bool {
	if text, _ := node["description"].(string); text != "" {
		return true
	}
	ref, _ := node["$ref"].(string)
	if ref == "" {
		return false
	}
	target, _ := diag.Lookup(root, diag.Split(ref[1:])).(map[string]any)
	return target != nil && described(root, target)
}
