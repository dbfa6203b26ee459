package validate

import (
	"slices"
	"strings"

	"stackgen/schema/diag"
)

// marker begins what apply takes for the place of a secret. A text with it in
// would have a secret put into a place of the user's choosing.
const marker = "@@secret:"

// Markers finds the texts of a document that could be taken for the place of
// a secret.
func Markers(doc any) (diags diag.List) {
	if hasMarker(doc) {
		checkMarkers(doc, nil, &diags)
	}
	return diags
}

// hasMarker reports whether it is in any text of a document, keys included.
func hasMarker(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, marker)
	case []any:
		return slices.ContainsFunc(v, hasMarker)
	case map[string]any:
		for key, e := range v {
			if strings.Contains(key, marker) || hasMarker(e) {
				return true
			}
		}
	}
	return false
}

// checkMarkers finds it in any text of a document, keys included.
func checkMarkers(v any, path []any, diags *diag.List) {
	switch v := v.(type) {
	case string:
		reportMarker(v, path, diags)
	case []any:
		for i, e := range v {
			checkMarkers(e, append(path, i), diags)
		}
	case map[string]any:
		for key, e := range v {
			below := append(path, key)
			if d := reportMarker(key, below, diags); d != nil {
				d.AtKey()
			}
			checkMarkers(e, below, diags)
		}
	}
}

func reportMarker(text string, path []any, diags *diag.List) *diag.Diagnostic {
	if !strings.Contains(text, marker) {
		return nil
	}
	return diags.Errorf("secrets/marker", diag.Path(path...),
		"the text contains %q, which stands for a secret in rendered files", marker).
		Hintf("write the text in another way; for a secret, use a field that takes { secret: 'name' }")
}
