package diag

import (
	"slices"
	"strconv"
)

// Lookup follows a JSON Pointer; it is nil where there is nothing.
func Lookup(v any, tokens []string) any {
	v, _ = find(v, tokens)
	return v
}

// find follows a JSON Pointer and reports whether there is something.
func find(v any, tokens []string) (any, bool) {
	for _, t := range tokens {
		var ok bool
		switch c := v.(type) {
		case map[string]any:
			v, ok = c[t]
		case []any:
			i, err := strconv.Atoi(t)
			if ok = err == nil && i >= 0 && i < len(c); ok {
				v = c[i]
			}
		}
		if !ok {
			return nil, false
		}
	}
	return v, true
}

func Exists(v any, tokens []string) bool {
	_, ok := find(v, tokens)
	return ok
}

// Anchored is the longest part of a path that exists in a document.
func Anchored(path string, doc any) string {
	tokens := Split(path)
	for n := len(tokens); n > 0; n-- {
		if Exists(doc, tokens[:n]) {
			return Pointer(tokens[:n])
		}
	}
	return ""
}

func Pointer(tokens []string) string {
	path := ""
	for _, t := range tokens {
		path = Join(path, t)
	}
	return path
}

func Keys(v any) []string {
	m, _ := v.(map[string]any)
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
