package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"stackgen/schema/diag"
)

// validate checks the shape of an evaluated document against the schema, and
// that no text of it could be taken for the place of a secret.
func validate(doc any) (diag.List, error) {
	diags, err := validateBy(compile, doc)
	if err == nil && len(diags) == 0 {
		checkMarkers(doc, nil, &diags)
	}
	return diags, err
}

// validateBy checks the shape of an evaluated document against a schema.
func validateBy(compile func() (compiled, error), doc any) (diag.List, error) {
	c, err := compile()
	if err != nil {
		return nil, fmt.Errorf("compiling the schema: %w", err)
	}
	var walk comparison
	walk.value(c.shape, doc)
	if len(walk.found) > 0 {
		v := violations{raw: c.raw}
		v.report(walk.found)
		return v.diags, nil
	}
	return nil, nil
}

// violations turns what the schema refuses, in any order and in its words, into
// findings.
type violations struct {
	raw   any
	diags diag.List
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
