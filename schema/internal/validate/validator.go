package validate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"

	"stackgen/schema/diag"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Validator validates documents by a schema. To compile a schema takes longer than
// to validate by it, and most of ours is about what few topologies have. So no more
// is compiled than can apply to the documents so far: the rest has nothing to say
// about them.
type Validator struct {
	url   string // names the schema
	parse func() (parsed, error)

	mu   sync.Mutex
	part schemaPart // about the documents so far
}

// schemaPart is what of a schema is about some properties. It does not change.
type schemaPart struct {
	keys   map[string]bool
	schema *jsonschema.Schema // nil: no document yet
}

// parsed is a whole schema as plain JSON, and the names of all properties in it.
type parsed struct {
	raw   map[string]any
	names map[string]bool
}

// New is a validator by a schema that goes by a URL.
func New(url string, text []byte) *Validator {
	return &Validator{url: url, parse: sync.OnceValues(func() (parsed, error) {
		p := parsed{names: map[string]bool{}}
		err := json.Unmarshal(text, &p.raw)
		addProperties(p.names, p.raw)
		return p, err
	})}
}

// Prepare reads the schema before the first document is there. That document meets
// the error, if there is one.
func (v *Validator) Prepare() { _, _ = v.parse() }

// addProperties adds the names of all properties in a schema to a set.
func addProperties(names map[string]bool, schema any) {
	switch schema := schema.(type) {
	case map[string]any:
		properties, _ := schema["properties"].(map[string]any)
		for name := range properties {
			names[name] = true
		}
		for _, s := range schema {
			addProperties(names, s)
		}
	case []any:
		for _, s := range schema {
			addProperties(names, s)
		}
	}
}

// Validate checks the shape of a document.
func (v *Validator) Validate(doc any) (diag.List, error) {
	schema, err := v.parse()
	if err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}
	part, err := v.about(doc)
	if err != nil {
		return nil, fmt.Errorf("compiling the schema: %w", err)
	}
	err = part.Validate(doc)
	var invalid *jsonschema.ValidationError
	if errors.As(err, &invalid) {
		found := violations{raw: schema.raw, doc: doc}
		found.report(leaves(invalid, schema.raw, doc))
		return found.diags, nil
	}
	if err != nil {
		return nil, fmt.Errorf("validating: %w", err)
	}
	return nil, nil
}

// about gives the part of the schema that can apply to a document.
func (v *Validator) about(doc any) (*jsonschema.Schema, error) {
	schema, err := v.parse()
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	p := v.part
	v.mu.Unlock()
	more := map[string]bool{}
	addKeys(more, schema.names, p.keys, doc)
	if p.schema != nil && len(more) == 0 {
		return p.schema, nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.grow(schema, more)
}

// grow makes the part be about more properties. It is called with the lock.
func (v *Validator) grow(schema parsed, more map[string]bool) (*jsonschema.Schema, error) {
	maps.Copy(more, v.part.keys)
	compiled, err := compile(v.url, partOf(schema.raw, more))
	if err == nil {
		v.part = schemaPart{keys: more, schema: compiled}
	}
	return compiled, err
}

// addKeys adds to a set those of names that are keys of objects in a document and
// not known.
func addKeys(keys, names, known map[string]bool, doc any) {
	switch doc := doc.(type) {
	case map[string]any:
		for k, v := range doc {
			if !known[k] && names[k] {
				keys[k] = true
			}
			addKeys(keys, names, known, v)
		}
	case []any:
		for _, v := range doc {
			addKeys(keys, names, known, v)
		}
	}
}

// partOf is a schema without the properties that are not among keys, without the
// definitions that nothing refers to then, and without words for people. Each part
// has the place that it has in the whole.
func partOf(schema map[string]any, keys map[string]bool) map[string]any {
	all, _ := schema["$defs"].(map[string]any)
	p := pruner{keys: keys, all: all, defs: map[string]any{}}
	part := p.schema(schema)
	part["$defs"] = p.defs
	return part
}

type pruner struct {
	keys map[string]bool
	all  map[string]any // the definitions of the whole schema
	defs map[string]any // those of the part
}

func (p *pruner) schema(schema map[string]any) map[string]any {
	part := make(map[string]any, len(schema))
	for keyword, value := range schema {
		switch keyword {
		case "$schema", "$defs", "title", "description", "default", "examples":
		case "properties":
			part[keyword] = p.properties(value.(map[string]any))
		case "$ref":
			p.refer(value.(string))
			part[keyword] = value
		default:
			if s, ok := value.(map[string]any); ok { // additionalProperties, items, propertyNames, not
				value = p.schema(s)
			}
			part[keyword] = value
		}
	}
	return part
}

func (p *pruner) properties(properties map[string]any) map[string]any {
	part := map[string]any{}
	for name, s := range properties {
		if p.keys[name] {
			part[name] = p.schema(s.(map[string]any))
		}
	}
	return part
}

// refer keeps a definition.
func (p *pruner) refer(ref string) {
	name := strings.TrimPrefix(ref, "#/$defs/")
	if _, ok := p.defs[name]; !ok {
		p.defs[name] = true // of a definition that refers to itself, while it is pruned
		p.defs[name] = p.schema(p.all[name].(map[string]any))
	}
}

// compile compiles a part of a schema. What we use of draft 2020-12 means the same in
// draft 7, and the compiler checks a schema by that of its draft: the schema of a
// schema is many in draft 2020-12, and that takes longer than all else.
func compile(url string, schema any) (*jsonschema.Schema, error) {
	text, err := json.Marshal(schema)
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft7
	c.Formats = Formats()
	if err := c.AddResource(url, bytes.NewReader(text)); err != nil {
		return nil, err
	}
	compiled, err := c.Compile(url)
	if err != nil {
		return nil, err
	}
	return followed(compiled, map[*jsonschema.Schema]bool{}), nil
}

// followed gives a schema that has the definitions where it had references to them:
// to follow one takes the validator as long as to validate a value.
func followed(s *jsonschema.Schema, done map[*jsonschema.Schema]bool) *jsonschema.Schema {
	for s.Ref != nil {
		s = s.Ref // there are but words beside it
	}
	if done[s] {
		return s
	}
	done[s] = true
	for name, p := range s.Properties {
		s.Properties[name] = followed(p, done)
	}
	if more, ok := s.AdditionalProperties.(*jsonschema.Schema); ok {
		s.AdditionalProperties = followed(more, done)
	}
	if s.PropertyNames != nil {
		s.PropertyNames = followed(s.PropertyNames, done)
	}
	if items, ok := s.Items.(*jsonschema.Schema); ok {
		s.Items = followed(items, done)
	}
	return s
}
