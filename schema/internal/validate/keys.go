package validate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"stackgen/schema/diag"
	"stackgen/schema/internal/wording"
)

// unknownKeys reports each key that a closed object does not have.
func (v *violations) unknownKeys(e violation) {
	known, _ := e.schema["properties"].(map[string]any)
	for _, key := range diag.Keys(e.value) {
		if _, ok := known[key]; ok {
			continue
		}
		d := v.diags.Errorf("schema/unknown-key", diag.Join(e.path, key), "unknown key %q in %s", key, e.object()).AtKey()
		near, owners := wording.Nearest(key, diag.Keys(known)), ownersOf(v.raw, key)
		switch {
		case near != "":
			d.Hintf("did you mean %q?", near)
		case len(owners) > 0 && len(owners) <= 4:
			d.Hintf("%q belongs in %s", key, wording.List(owners, "or"))
		default:
			d.Hintf("known here: %s", strings.Join(diag.Keys(known), ", "))
		}
	}
}

// object is what the object of a violation is called.
func (e violation) object() string {
	if title, _ := e.schema["title"].(string); title != "" && !strings.Contains(title, " or ") {
		return title
	}
	return e.name()
}

// name is the key under which the value at fault stands.
func (e violation) name() string {
	tokens := diag.Split(e.path)
	if len(tokens) == 0 {
		return fmt.Sprint(e.schema["title"])
	}
	return strconv.Quote(tokens[len(tokens)-1])
}

// ownersOf are the kinds of object that have a key, by their titles.
func ownersOf(schema any, key string) (titles []string) {
	switch s := schema.(type) {
	case map[string]any:
		properties, _ := s["properties"].(map[string]any)
		if title, _ := s["title"].(string); title != "" && properties[key] != nil {
			titles = append(titles, title)
		}
		for _, k := range diag.Keys(s) {
			titles = append(titles, ownersOf(s[k], key)...)
		}
	case []any:
		for _, item := range s {
			titles = append(titles, ownersOf(item, key)...)
		}
	}
	return titles
}

// missingKeys reports each key that an object must have. One that is there but
// misspelt is reported as unknown.
func (v *violations) missingKeys(e violation) {
	has, _ := e.value.(map[string]any)
	known, _ := e.schema["properties"].(map[string]any)
	required, _ := e.schema["required"].([]any)
	for _, r := range required {
		key := r.(string)
		if _, ok := has[key]; ok || misspelt(key, has, known) {
			continue
		}
		d := v.diags.Errorf("schema/missing-key", e.path, "key %q is missing in %s", key, e.object())
		if text := v.describe(e.schema, key); text != "" {
			d.Hintf("%s: %s", key, text)
		}
	}
}

// exclusiveKeys reports two keys of which an object may have only one.
func (v *violations) exclusiveKeys(e violation) {
	excluded, _ := e.schema["not"].(map[string]any)
	keys, _ := excluded["required"].([]any)
	first, second := keys[0].(string), keys[1].(string)
	v.diags.Errorf("schema/exclusive-keys", diag.Join(e.path, second), "%s has both %q and %q", e.object(), first, second).
		AtKey().Also(diag.Join(e.path, first), "the other").Hintf("leave one of them out")
}

// misspelt reports whether an object has a key that was meant to be another.
func misspelt(key string, has, known map[string]any) bool {
	return slices.ContainsFunc(diag.Keys(has), func(k string) bool {
		_, ok := known[k]
		return !ok && wording.Nearest(k, diag.Keys(known)) == key
	})
}

// describe is the description of a property, or of what it refers to.
func (v *violations) describe(schema map[string]any, key string) string {
	properties, _ := schema["properties"].(map[string]any)
	p, _ := properties[key].(map[string]any)
	if text := textOf(p); text != "" {
		return text
	}
	ref, _ := p["$ref"].(string)
	target, _ := diag.Lookup(v.raw, diag.Split(strings.TrimPrefix(ref, "#"))).(map[string]any)
	return textOf(target)
}

// textOf is a description as a hint: without its capital letter and full stop.
func textOf(schema map[string]any) string {
	text, _ := schema["description"].(string)
	text = strings.TrimSuffix(text, ".")
	if len(text) < 2 || unicode.IsUpper(rune(text[1])) {
		return text // nothing, or an abbreviation
	}
	return strings.ToLower(text[:1]) + text[1:]
}
