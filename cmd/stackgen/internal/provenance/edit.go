package provenance

import (
	"maps"
	"slices"
	"strconv"
)

// A document is never changed in place: what follows gives changed copies that
// share what is equal.

// edit is a document with the value at a path replaced by what f makes of it.
func edit(v any, path []string, f func(any) any) any {
	if len(path) == 0 {
		return f(v)
	}
	switch c := v.(type) {
	case map[string]any:
		c = maps.Clone(c)
		c[path[0]] = edit(c[path[0]], path[1:], f)
		return c
	case []any:
		c = slices.Clone(c)
		i, _ := strconv.Atoi(path[0]) // the path exists
		c[i] = edit(c[i], path[1:], f)
		return c
	}
	return v
}

// without is a document without some members of the object at a path.
func without(doc any, path, keys []string) any {
	return edit(doc, path, func(v any) any {
		object := maps.Clone(v.(map[string]any))
		for _, k := range keys {
			delete(object, k)
		}
		return object
	})
}

func replaced(doc any, path []string, by any) any {
	return edit(doc, path, func(any) any { return by })
}

// renamed is a document with another key for a member.
func renamed(doc any, path []string, key string) any {
	last := len(path) - 1
	return edit(doc, path[:last], func(v any) any {
		object := maps.Clone(v.(map[string]any))
		object[key] = object[path[last]]
		delete(object, path[last])
		return object
	})
}

// substituted is a document in which every text and key that equals one is
// another.
func substituted(v any, old, by string) any {
	switch c := v.(type) {
	case string:
		if c == old {
			return by
		}
	case map[string]any:
		object := make(map[string]any, len(c))
		for k, e := range c {
			if k == old {
				k = by
			}
			object[k] = substituted(e, old, by)
		}
		return object
	case []any:
		list := make([]any, len(c))
		for i, e := range c {
			list[i] = substituted(e, old, by)
		}
		return list
	}
	return v
}
