package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stackgen/schema/diag"

	"github.com/google/go-jsonnet"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// TestShapeEqualsJSONSchema: what we refuse is what a validator of all of JSON
// Schema refuses, in all fixtures and in many spoilt versions of the reference
// stack.
func TestShapeEqualsJSONSchema(t *testing.T) {
	judge := judges(t)
	var files []string
	for _, pattern := range []string{"../fixtures/*/topology.jsonnet", "../fixtures/bad/*.jsonnet", "../fixtures/bad/*.yaml"} {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, matches...)
	}
	for _, file := range files {
		doc, diags, err := evaluate(Input{File: file, Importer: &jsonnet.FileImporter{}})
		if err != nil {
			t.Fatal(err)
		}
		if !diags.HasErrors() {
			judge(file, doc)
		}
	}
	reference, _, err := evaluate(Input{File: "../fixtures/nullzero/topology.jsonnet", Importer: &jsonnet.FileImporter{}})
	if err != nil {
		t.Fatal(err)
	}
	n := spoil(reference, "", func(what string) { judge(what, reference) })
	if len(files) < 200 || n < 3000 {
		t.Errorf("only %d files and %d spoilt stacks", len(files), n)
	}
}

// judges gives a function that lets both validators judge a document.
func judges(t *testing.T) func(what string, doc any) {
	c, err := compile()
	if err != nil {
		t.Fatal(err)
	}
	peer := jsonschema.NewCompiler()
	peer.Draft, peer.AssertFormat, peer.Formats = jsonschema.Draft2020, true, formats()
	if err := peer.AddResource("https://stackgen.invalid/schema.json", bytes.NewReader(Text)); err != nil {
		t.Fatal(err)
	}
	schema, err := peer.Compile("https://stackgen.invalid/schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return func(what string, doc any) {
		t.Helper()
		var walk comparison
		walk.value(c.shape, doc)
		var got, want []string
		for _, v := range walk.found {
			got = append(got, fmt.Sprint(v.path, " ", v.keyword, " ", v.onKey))
		}
		var invalid *jsonschema.ValidationError
		if err := schema.Validate(doc); errors.As(err, &invalid) {
			want = leaves(invalid)
		} else if err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", what, got, want)
		}
	}
}

// leaves are the ends of the peer's tree of causes: path, keyword, and whether it
// is about the name of a key.
func leaves(e *jsonschema.ValidationError) (all []string) {
	for _, cause := range e.Causes {
		all = append(all, leaves(cause)...)
	}
	if len(e.Causes) > 0 {
		return all
	}
	tokens := diag.Split(e.InstanceLocation)
	for i, token := range tokens {
		tokens[i], _ = url.PathUnescape(token) // the peer escapes them for a URL, too
	}
	keyword := e.AbsoluteKeywordLocation[strings.LastIndex(e.AbsoluteKeywordLocation, "/")+1:]
	onKey := slices.Contains(strings.Split(e.KeywordLocation, "/"), "propertyNames")
	return []string{fmt.Sprint(pointer(tokens), " ", keyword, " ", onKey)}
}

// spoil puts each of many wrong values in the place of each value in turn, and
// takes each key away; it calls judge while the document is spoilt.
func spoil(v any, path string, judge func(what string)) (n int) {
	wrong := []any{nil, true, 1.5, -1.0, 1e300, "", "x y", "a\nb", strings.Repeat("é", 300), []any{}, []any{1.0, 1.0}, map[string]any{}, map[string]any{"a b": 1.0, "mysql": 1.0}}
	put := func(below string, set func(any)) {
		for _, w := range wrong {
			set(w)
			judge(fmt.Sprintf("%s is %.80v", below, w))
			n++
		}
	}
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			below, old := diag.Join(path, key), v[key]
			n += spoil(old, below, judge)
			put(below, func(w any) { v[key] = w })
			delete(v, key)
			judge(below + " is gone")
			v[key+" x"] = old
			judge(below + " has another name")
			delete(v, key+" x")
			v[key] = old
			n += 2
		}
	case []any:
		for i, old := range v {
			below := diag.Join(path, i)
			n += spoil(old, below, judge)
			put(below, func(w any) { v[i] = w })
			v[i] = old
		}
	}
	return n
}

// TestShapeRefusesSchema: a keyword that nobody compares values with is no
// promise; neither is a reference to nothing.
func TestShapeRefusesSchema(t *testing.T) {
	for _, text := range []string{
		`{"oneOf": []}`, `{"properties": {"a": {"multipleOf": 2}}}`, `{"$ref": "#/$defs/none"}`, `{"format": "none"}`, `{"items": 1}`,
	} {
		var raw map[string]any
		if err := json.Unmarshal([]byte(text), &raw); err != nil {
			t.Fatal(err)
		}
		c := compiler{raw: raw, defs: map[string]*shape{}}
		if c.shape(raw); c.err == nil {
			t.Errorf("%s is taken for a schema", text)
		}
	}
}
