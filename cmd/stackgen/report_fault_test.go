package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"stackgen/render"
	"stackgen/schema"
	"stackgen/schema/diag"

	"github.com/google/go-jsonnet"
	"gopkg.in/yaml.v3"
)

// What is underlined in a bad fixture is the value or the key at fault: read by
// itself it is the value at the path of the finding, or the last word of it.
func TestBadFixturesUnderlineTheFault(t *testing.T) {
	t.Chdir(filepath.Join("..", "..", "fixtures", "bad"))
	var exact, computed int
	for _, file := range badFixtures(t) {
		in := schema.Input{File: file, Importer: &jsonnet.FileImporter{}}
		doc, diags := findings(t, in)
		if doc == nil {
			continue // it does not evaluate; the report of the fixture shows where
		}
		for _, d := range diags {
			switch lines := schema.Lines(in); {
			case !d.Pos.IsValid():
				t.Errorf("%s: %s %s has no place", file, d.Rule, d.Path)
			case d.Pos.Computed:
				computed++
			case !atFault(in.File, d, doc, underlined(lines(d.Pos.File), d.Pos)):
				t.Errorf("%s: %s %s underlines %q", file, d.Rule, d.Path, underlined(lines(d.Pos.File), d.Pos))
			default:
				exact++
			}
		}
	}
	t.Logf("%d findings underline their fault, %d say where it is computed", exact, computed)
	if computed*5 > exact {
		t.Errorf("%d of %d findings are only computed somewhere", computed, exact+computed)
	}
}

// findings are those about a topology, and its evaluated form.
func findings(t *testing.T, in schema.Input) (any, diag.List) {
	t.Helper()
	doc, _, err := schema.Evaluate(in)
	if err != nil {
		t.Fatal(err)
	}
	topo, diags, err := schema.Load(in)
	if err != nil {
		t.Fatal(err)
	}
	if topo != nil {
		diags = append(diags, render.Check(topo)...)
	}
	schema.Locate(in, diags)
	return doc, diags
}

// underlined is the text of a place.
func underlined(lines []string, p diag.Pos) string {
	lines = append([]string(nil), lines[p.Line-1:p.EndLine]...)
	last := len(lines) - 1
	lines[last] = string([]rune(lines[last])[:p.EndColumn-1])
	lines[0] = string([]rune(lines[0])[p.Column-1:])
	return strings.Join(lines, "\n")
}

func atFault(file string, d diag.Diagnostic, doc any, text string) bool {
	if d.Path == "" {
		return true // the document
	}
	tokens := diag.Split(d.Path)
	if key, ok := read(file, text); ok && fmt.Sprint(key) == tokens[len(tokens)-1] || text == tokens[len(tokens)-1] {
		return true
	}
	value, ok := read(file, text)
	if !ok { // it needs what is around it, such as "guest { … }"
		_, isObject := at(doc, tokens).(map[string]any)
		return !d.OnKey && isObject && strings.HasSuffix(text, "}")
	}
	return !d.OnKey && sameOrPart(value, at(doc, tokens))
}

// sameOrPart allows for an object of which only the last part is at the place:
// "key+: { … }".
func sameOrPart(part, whole any) bool {
	p, ok1 := part.(map[string]any)
	w, ok2 := whole.(map[string]any)
	if !ok1 || !ok2 {
		return reflect.DeepEqual(part, whole)
	}
	for k, v := range p {
		if !sameOrPart(v, w[k]) {
			return false
		}
	}
	return true
}

// read is the value of a text by itself.
func read(file, text string) (v any, ok bool) {
	if filepath.Ext(file) == ".yaml" {
		err := yaml.Unmarshal([]byte(text), &v)
		if n, isInt := v.(int); isInt {
			v = float64(n)
		}
		return v, err == nil
	}
	out, err := jsonnet.MakeVM().EvaluateAnonymousSnippet("", text)
	if err != nil {
		return nil, false
	}
	err = json.Unmarshal([]byte(out), &v)
	return v, err == nil
}

func at(v any, tokens []string) any {
	for _, t := range tokens {
		switch c := v.(type) {
		case map[string]any:
			v = c[t]
		case []any:
			var i int
			if err := json.Unmarshal([]byte(t), &i); err != nil || i >= len(c) {
				return nil
			}
			v = c[i]
		default:
			return nil
		}
	}
	return v
}
