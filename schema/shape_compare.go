package schema

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"unicode/utf8"
)

// violation is one thing that a schema refuses.
type violation struct {
	path    string // into the document
	keyword string // of the schema: "type", "required" and so on
	onKey   bool   // the name of the property at path is refused, not its value
	schema  map[string]any
	value   any // at path; of a refused name, the name
}

// comparison is a walk through a document that collects violations, in no order.
type comparison struct {
	at    []string // where we are
	onKey bool
	found []violation
}

func (c *comparison) refuse(s *shape, keyword string, v any) {
	c.found = append(c.found, violation{pointer(c.at), keyword, c.onKey, s.raw, v})
}

// value compares a value with a schema. Of a value of the wrong type nothing else
// is said; each other keyword is for some types and lets the rest pass.
func (c *comparison) value(s *shape, v any) {
	if s.types != nil && !slices.ContainsFunc(s.types, func(t string) bool { return isOfType(v, t) }) {
		c.refuse(s, "type", v)
		return
	}
	if s.ref != nil {
		c.value(s.ref, v)
	}
	if s.enum != nil && !slices.ContainsFunc(s.enum, func(e any) bool { return reflect.DeepEqual(e, v) }) {
		c.refuse(s, "enum", v)
	}
	for _, l := range s.limits {
		if !l.allows(v) {
			c.refuse(s, l.keyword, v)
		}
	}
	if s.format != nil && !s.format(v) {
		c.refuse(s, "format", v)
	}
	switch v := v.(type) {
	case string:
		if s.pattern != nil && !s.pattern(v) {
			c.refuse(s, "pattern", v)
		}
	case []any:
		c.array(s, v)
	case map[string]any:
		c.object(s, v)
	}
}

func (c *comparison) array(s *shape, list []any) {
	if _, _, twice := repeated(list); s.unique && twice {
		c.refuse(s, "uniqueItems", list)
	}
	if s.items == nil {
		return
	}
	for i, item := range list {
		c.below(strconv.Itoa(i), func() { c.value(s.items, item) })
	}
}

func (c *comparison) object(s *shape, object map[string]any) {
	lacks := func(key string) bool { _, has := object[key]; return !has }
	if slices.ContainsFunc(s.required, lacks) {
		c.refuse(s, "required", object)
	}
	if s.excluded != nil && !slices.ContainsFunc(s.excluded, lacks) {
		c.refuse(s, "not", object)
	}
	unknown := false
	for key, v := range object {
		c.below(key, func() {
			if s.names != nil {
				c.name(s.names, key)
			}
			switch p := s.properties[key]; {
			case p != nil:
				c.value(p, v)
			case s.others != nil:
				c.value(s.others, v)
			case s.closed:
				unknown = true
			}
		})
	}
	if unknown {
		c.refuse(s, "additionalProperties", object)
	}
}

func (c *comparison) name(s *shape, key string) {
	c.onKey = true
	c.value(s, key)
	c.onKey = false
}

// below does something one step further down the document.
func (c *comparison) below(token string, do func()) {
	c.at = append(c.at, token)
	do()
	c.at = c.at[:len(c.at)-1]
}

func isOfType(v any, name string) bool {
	switch v := v.(type) {
	case map[string]any:
		return name == "object"
	case []any:
		return name == "array"
	case string:
		return name == "string"
	case bool:
		return name == "boolean"
	case float64:
		return name == "number" || name == "integer" && v == math.Trunc(v)
	}
	return name == "null"
}

func (l limit) allows(v any) bool {
	switch v := v.(type) {
	case float64:
		return !(l.keyword == "minimum" && v < l.bound || l.keyword == "maximum" && v > l.bound)
	case string:
		return !(l.keyword == "minLength" && length(v) < l.bound || l.keyword == "maxLength" && length(v) > l.bound)
	case []any:
		return l.keyword != "minItems" || float64(len(v)) >= l.bound
	case map[string]any:
		n := float64(len(v))
		return !(l.keyword == "minProperties" && n < l.bound || l.keyword == "maxProperties" && n > l.bound)
	}
	return true
}

func length(s string) float64 { return float64(utf8.RuneCountInString(s)) }
