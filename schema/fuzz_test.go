package schema

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"stackgen/schema/diag"
	"stackgen/schema/internal/check"
	"stackgen/schema/internal/decode"
	"stackgen/schema/internal/evaluate"

	"github.com/google/go-jsonnet"
)

// FuzzValidate has two laws for any JSON: no panic, and the same findings each
// time, all about something that is there.
func FuzzValidate(f *testing.F) {
	f.Add([]byte(`{"apiVersion":"stackgen/v1","name":"x","networks":{},"hosts":{"a":{}},"vms":{}}`))
	f.Add([]byte(`{"vms":{"a/b~":{"disks":[],"memroy":1e400,"%2F":null}}}`))
	f.Add([]byte(`[1,[2,{"a":-0.5}]]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var doc any
		if json.Unmarshal(text, &doc) != nil {
			return
		}
		diags, err := validated(doc)
		if err != nil {
			t.Fatal(err)
		}
		diags.Sort()
		pathsExist(t, doc, diags)
		again, _ := validated(doc)
		again.Sort()
		if !reflect.DeepEqual(diags, again) {
			t.Errorf("findings differ:\n%v\n%v", diags, again)
		}
	})
}

// FuzzCheck changes the reference stack at random. Whatever passes the schema is
// decoded and checked without a panic, and every finding is about something that
// is there.
func FuzzCheck(f *testing.F) {
	doc, _ := patched(f, "{}")
	reference, err := json.Marshal(doc)
	if err != nil {
		f.Fatal(err)
	}
	var values []any
	for _, p := range pathsIn(doc, nil) {
		values = append(values, diag.Lookup(doc, p))
	}
	values = append(values, "::/0", "0.0.0.0/0", "fd00::1", "255.255.255.255", "10.0.1.4", "eth1", 1.0, 65535.0, "1-65535", true, map[string]any{}, []any{})
	f.Add([]byte{})
	f.Add([]byte{0, 10, 0, 40, 0, 20, 0, 80})
	f.Fuzz(func(t *testing.T, script []byte) {
		var doc any
		if err := json.Unmarshal(reference, &doc); err != nil {
			t.Fatal(err)
		}
		for ; len(script) >= 4; script = script[4:] {
			paths := pathsIn(doc, nil)
			at := paths[(int(script[0])<<8|int(script[1]))%len(paths)]
			alike := like(diag.Lookup(doc, at), values)
			with := (int(script[2])<<8 | int(script[3])) % (len(alike) + 1)
			mutate(doc, at, append(alike, nil)[with], with == len(alike))
		}
		acceptedIsChecked(t, doc)
	})
}

func acceptedIsChecked(t *testing.T, doc any) {
	t.Helper()
	diags, err := validated(doc)
	if err != nil {
		t.Fatal(err)
	}
	if len(diags) > 0 {
		return
	}
	topo, err := decode.Topology(doc)
	if err != nil {
		t.Fatalf("the schema accepts what decode does not: %v", err)
	}
	diags = check.Topology(topo)
	check.Anchor(diags, doc)
	pathsExist(t, doc, diags)
	for _, d := range diags {
		wellWritten(t, d)
	}
}

// pathsIn lists the paths of all values in a document but the whole.
func pathsIn(v any, base []string) (paths [][]string) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range diag.Keys(v) {
			p := append(slices.Clone(base), k)
			paths = append(append(paths, p), pathsIn(v[k], p)...)
		}
	case []any:
		for i := range v {
			p := append(slices.Clone(base), diag.Split(diag.Path(i))[0])
			paths = append(append(paths, p), pathsIn(v[i], p)...)
		}
	}
	return paths
}

// mutate replaces or removes a member of an object, or replaces an item of a list.
func mutate(doc any, path []string, value any, remove bool) {
	last := path[len(path)-1]
	switch parent := diag.Lookup(doc, path[:len(path)-1]).(type) {
	case map[string]any:
		if remove {
			delete(parent, last)
		} else {
			parent[last] = cloned(value)
		}
	case []any:
		for i := range parent {
			if diag.Split(diag.Path(i))[0] == last && !remove {
				parent[i] = cloned(value)
			}
		}
	}
}

// like are the values of the type of another: they have a chance to be accepted.
func like(v any, values []any) (alike []any) {
	for _, o := range values {
		if reflect.TypeOf(o) == reflect.TypeOf(v) {
			alike = append(alike, o)
		}
	}
	return alike
}

// cloned is a value that shares nothing, so that no document holds itself.
func cloned(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, e := range v {
			m[k] = cloned(e)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, e := range v {
			l[i] = cloned(e)
		}
		return l
	}
	return v
}

// FuzzYAML: a YAML text gives a document that is JSON, or a finding.
func FuzzYAML(f *testing.F) {
	f.Add("a: 1\nb: [x, {c: null}]\n")
	f.Add("a: .inf\n")
	f.Add("1: a\n'1': b\n")
	f.Add("a: &x [1]\nb: *x\nc: !!binary aGVsbG8=\nd: 2001-12-14\n<<: {e: 1}\n")
	f.Fuzz(func(t *testing.T, text string) {
		doc, diags, err := evaluate.File(Input{File: "a.yaml", Importer: &jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{"a.yaml": jsonnet.MakeContents(text)}}})
		if err != nil {
			t.Fatal(err)
		}
		if diags.HasErrors() {
			return
		}
		if _, err := json.Marshal(doc); err != nil {
			t.Errorf("not JSON: %v", err)
		}
		if _, err := validated(doc); err != nil {
			t.Fatal(err)
		}
	})
}
