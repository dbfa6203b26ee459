package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"stackgen/schema/diag"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// schemaURL names our schema inside the validator. A bare name would be made
// absolute with the working directory, and so differ between machines.
const schemaURL = "https://stackgen.invalid/v1/topology.schema.json"

// compiled is the schema twice: for the validator, and as plain JSON for
// looking up what a finding needs to say.
type compiled struct {
	schema *jsonschema.Schema
	raw    any
}

// compile is done once a process: it takes longer than validating.
var compile = sync.OnceValues(func() (compiled, error) {
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.AssertFormat = true // off by default from draft 2019-09 on
	c.Formats = formats()
	if err := c.AddResource(schemaURL, bytes.NewReader(Text)); err != nil {
		return compiled{}, err
	}
	s, err := c.Compile(schemaURL)
	if err != nil {
		return compiled{}, err
	}
	var raw any
	err = json.Unmarshal(Text, &raw)
	return compiled{s, raw}, err
})

// validate checks the shape of an evaluated document against the schema.
func validate(doc any) (diag.List, error) {
	c, err := compile()
	if err != nil {
		return nil, fmt.Errorf("compiling the topology schema: %w", err)
	}
	err = c.schema.Validate(doc)
	var invalid *jsonschema.ValidationError
	if errors.As(err, &invalid) {
		v := violations{raw: c.raw, doc: doc}
		v.walk(invalid)
		return v.diags, nil
	}
	if err != nil {
		return nil, fmt.Errorf("validating the topology: %w", err)
	}
	return nil, nil
}

// violations turns the validator's tree of causes, whose order is random and
// whose texts speak of the schema, into findings of ours.
type violations struct {
	raw, doc any
	diags    diag.List
}

// walk reports the leaves: an inner node only says that something below is wrong.
func (v *violations) walk(e *jsonschema.ValidationError) {
	for _, cause := range e.Causes {
		v.walk(cause)
	}
	if len(e.Causes) == 0 {
		v.leaf(e)
	}
}

func (v *violations) leaf(e *jsonschema.ValidationError) {
	_, fragment, _ := strings.Cut(e.AbsoluteKeywordLocation, "#")
	tokens := diag.Split(fragment)
	keyword := tokens[len(tokens)-1]
	schema, _ := lookup(v.raw, tokens[:len(tokens)-1]).(map[string]any)
	value := lookup(v.doc, diag.Split(e.InstanceLocation))
	switch keyword {
	case "additionalProperties":
		v.unknownKeys(e.InstanceLocation, schema, value)
	case "required":
		v.missingKeys(e.InstanceLocation, schema, value)
	case "enum":
		v.notInEnum(e.InstanceLocation, schema, value)
	case "type":
		v.wrongType(e.InstanceLocation, schema, value)
	default:
		if isKey(e) {
			v.badKey(e.InstanceLocation, schema)
			return
		}
		v.badValue(keyword, e.InstanceLocation, schema, value)
	}
}

// unknownKeys reports each key that a closed object does not have.
func (v *violations) unknownKeys(path string, schema map[string]any, value any) {
	known, _ := schema["properties"].(map[string]any)
	for _, key := range sortedKeys(value) {
		if _, ok := known[key]; ok {
			continue
		}
		d := v.diags.Errorf("schema/unknown-key", diag.Join(path, key), "unknown key %q", key).AtKey()
		if near := nearest(key, sortedKeys(known)); near != "" {
			d.Hintf("did you mean %q?", near)
		} else {
			d.Hintf("known here: %s", strings.Join(sortedKeys(known), ", "))
		}
	}
}

func (v *violations) missingKeys(path string, schema map[string]any, value any) {
	has, _ := value.(map[string]any)
	required, _ := schema["required"].([]any)
	for _, r := range required {
		key := r.(string)
		if _, ok := has[key]; ok {
			continue
		}
		d := v.diags.Errorf("schema/missing-key", path, "key %q is missing", key)
		if text := describe(v.raw, schema, key); text != "" {
			d.Hintf("%s: %s", key, text)
		}
	}
}

func (v *violations) notInEnum(path string, schema map[string]any, value any) {
	var allowed []string
	for _, e := range schema["enum"].([]any) {
		allowed = append(allowed, fmt.Sprint(e))
	}
	d := v.diags.Errorf("schema/enum", path, "%s is not one of the values allowed here", quote(value))
	if near := nearest(fmt.Sprint(value), allowed); near != "" {
		d.Hintf("did you mean %q?", near)
	} else {
		d.Hintf("write one of: %s", strings.Join(allowed, ", "))
	}
}

func (v *violations) wrongType(path string, schema map[string]any, value any) {
	want := fmt.Sprint(schema["type"])
	if many, ok := schema["type"].([]any); ok {
		words := make([]string, len(many))
		for i, t := range many {
			words[i] = typeWord(t.(string))
		}
		want = strings.Join(words, " or ")
	} else {
		want = typeWord(want)
	}
	v.diags.Errorf("schema/type", path, "%s is given where %s is wanted", kindOf(value), want).Hintf("%s", textOf(schema))
}

// badValue reports a value of the right type that its pattern, format or range
// refuses.
func (v *violations) badValue(keyword, path string, schema map[string]any, value any) {
	title, _ := schema["title"].(string)
	switch keyword {
	case "minimum", "maximum":
		v.diags.Errorf("schema/range", path, "%s is not between %s", quote(value), bounds(schema)).Hintf("%s", textOf(schema))
	case "minProperties", "minItems":
		v.diags.Errorf("schema/empty", path, "at least %v wanted here", schema[keyword]).Hintf("%s", textOf(schema))
	case "maxProperties":
		v.diags.Errorf("schema/too-many", path, "at most %v wanted here", schema[keyword]).Hintf("%s", textOf(schema))
	case "uniqueItems":
		v.diags.Errorf("schema/repeated", path, "a value is given more than once").Hintf("%s", textOf(schema))
	default:
		if title == "" {
			title = "right here"
		}
		v.diags.Errorf("schema/"+keyword, path, "%s is not %s", quote(value), title).Hintf("%s", textOf(schema))
	}
}

// badKey reports a map key that the schema of the map's keys refuses. The
// validator gives it the path of the map with the key at the end.
func (v *violations) badKey(path string, schema map[string]any) {
	tokens := diag.Split(path)
	key := tokens[len(tokens)-1]
	v.diags.Errorf("schema/key", path, "key %q is not %s", key, schema["title"]).AtKey().Hintf("%s", textOf(schema))
}

// isKey reports whether a violation is about the name of a property.
func isKey(e *jsonschema.ValidationError) bool {
	return slices.Contains(strings.Split(e.KeywordLocation, "/"), "propertyNames")
}

// bounds writes the range of a number, open or closed.
func bounds(schema map[string]any) string {
	low, hasLow := schema["minimum"].(float64)
	high, hasHigh := schema["maximum"].(float64)
	switch {
	case hasLow && hasHigh:
		return fmt.Sprintf("%.0f and %.0f", low, high)
	case hasLow:
		return fmt.Sprintf("%.0f and any higher number", low)
	}
	return fmt.Sprintf("any lower number and %.0f", high)
}

// describe is the description of a property, or of what it refers to.
func describe(raw any, schema map[string]any, key string) string {
	properties, _ := schema["properties"].(map[string]any)
	p, _ := properties[key].(map[string]any)
	if text := textOf(p); text != "" {
		return text
	}
	ref, _ := p["$ref"].(string)
	target, _ := lookup(raw, diag.Split(strings.TrimPrefix(ref, "#"))).(map[string]any)
	return textOf(target)
}

// textOf is a description as a hint: without its full stop.
func textOf(schema map[string]any) string {
	text, _ := schema["description"].(string)
	return strings.TrimSuffix(text, ".")
}

// lookup follows a JSON Pointer; it is nil where there is nothing.
func lookup(v any, tokens []string) any {
	for _, t := range tokens {
		switch c := v.(type) {
		case map[string]any:
			v = c[t]
		case []any:
			i, err := strconv.Atoi(t)
			if err != nil || i < 0 || i >= len(c) {
				return nil
			}
			v = c[i]
		default:
			return nil
		}
	}
	return v
}

func sortedKeys(v any) []string {
	m, _ := v.(map[string]any)
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// quote writes a value as it would stand in JSON, shortened when it is long.
func quote(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return kindOf(v)
	}
	if r := []rune(string(b)); len(r) > 80 {
		return string(r[:77]) + "…" + string(r[len(r)-1:])
	}
	return string(b)
}

func kindOf(v any) string {
	switch v := v.(type) {
	case map[string]any:
		return "an object"
	case []any:
		return "an array"
	case string:
		return "the text " + quote(v)
	case nil:
		return "null"
	default:
		return "the value " + quote(v)
	}
}

func typeWord(t string) string {
	switch t {
	case "object":
		return "an object"
	case "array":
		return "an array"
	case "string":
		return "text"
	case "integer":
		return "a whole number"
	case "number":
		return "a number"
	case "boolean":
		return "true or false"
	}
	return t
}
