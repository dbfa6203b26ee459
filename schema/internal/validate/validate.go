// Package validate checks the shape of a JSON value by a JSON Schema, and words what
// is wrong with it for people.
package validate

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"stackgen/schema/diag"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// violation is one thing that the validator refuses, in words of its own.
type violation struct {
	path    string // into the document
	keyword string // of the schema: "type", "required" and so on
	onKey   bool   // the name of the property at path is refused, not its value
	schema  map[string]any
	value   any // at path; of a refused name, the name
}

// leaves are the violations at the ends of the validator's tree of causes: an
// inner node only says that something below is wrong.
func leaves(e *jsonschema.ValidationError, raw, doc any) (all []violation) {
	for _, cause := range e.Causes {
		all = append(all, leaves(cause, raw, doc)...)
	}
	if len(e.Causes) > 0 {
		return all
	}
	_, fragment, _ := strings.Cut(e.AbsoluteKeywordLocation, "#")
	tokens := unescaped(fragment)
	at := unescaped(e.InstanceLocation)
	onKey := slices.Contains(strings.Split(e.KeywordLocation, "/"), "propertyNames")
	if onKey && diag.Exists(doc, append(slices.Clip(at), "")) {
		at = append(at, "") // the validator leaves an empty name out
	}
	v := violation{path: diag.Pointer(at), keyword: tokens[len(tokens)-1], onKey: onKey}
	v.schema, _ = diag.Lookup(raw, tokens[:len(tokens)-1]).(map[string]any)
	if v.onKey {
		v.value = at[len(at)-1]
	} else {
		v.value = diag.Lookup(doc, at)
	}
	return []violation{v}
}

// unescaped splits a JSON Pointer of the validator, which is also escaped as a
// part of a URL.
func unescaped(pointer string) []string {
	tokens := diag.Split(pointer)
	for i, t := range tokens {
		if plain, err := url.PathUnescape(t); err == nil {
			tokens[i] = plain
		}
	}
	return tokens
}

// violations turns what the validator refuses, in random order and in words of
// the schema, into findings of ours.
type violations struct {
	raw, doc any
	diags    diag.List
}

// rank orders the keywords that may refuse one value together: the first says
// what is wrong, the others follow from it.
var rank = []string{"type", "enum", "minLength", "maxLength", "pattern", "format", "minimum", "maximum"}

func (v *violations) report(all []violation) {
	slices.SortFunc(all, func(a, b violation) int {
		return cmp.Or(strings.Compare(a.path, b.path), compareBools(a.onKey, b.onKey),
			slices.Index(rank, a.keyword)-slices.Index(rank, b.keyword), strings.Compare(a.keyword, b.keyword))
	})
	for i, e := range all {
		again := i > 0 && all[i-1].path == e.path && all[i-1].onKey == e.onKey
		if again && slices.Contains(rank, e.keyword) && slices.Contains(rank, all[i-1].keyword) {
			continue
		}
		v.finding(e)
	}
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func (v *violations) finding(e violation) {
	switch e.keyword {
	case "additionalProperties":
		v.unknownKeys(e)
	case "required":
		v.missingKeys(e)
	case "type":
		v.wrongType(e)
	case "enum":
		v.notInEnum(e)
	case "minimum", "maximum":
		v.outOfRange(e)
	case "minItems", "minProperties", "maxProperties":
		v.wrongCount(e)
	case "uniqueItems":
		v.repeated(e)
	case "not":
		v.exclusiveKeys(e)
	default: // pattern, format and the lengths
		v.badText(e)
	}
}
