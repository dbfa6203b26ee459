package provenance

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"

	"stackgen/schema/diag"
)

// origins are the leaves and keys of a document whose change changes the line.
func (s *search) origins(doc any) (list []Origin) {
	add := func(o Origin, ok bool) {
		if ok && !slices.ContainsFunc(list, func(e Origin) bool { return slices.Contains(e.With, o.Path) }) {
			list = append(list, o)
		}
	}
	walk(doc, nil, func(path []string, v any) {
		if len(path) > 0 {
			add(s.key(doc, path))
		}
		add(s.value(doc, path, v))
	})
	return list
}

// walk visits a document in order.
func walk(v any, path []string, visit func(path []string, v any)) {
	visit(path, v)
	for _, token := range tokensOf(v) {
		child := append(slices.Clone(path), token)
		walk(diag.Lookup(v, []string{token}), child, visit)
	}
}

// value tries other values for a leaf: the first that makes a valid topology
// decides. If none does, equal values are changed with it.
func (s *search) value(doc any, path []string, v any) (o Origin, ok bool) {
	switch v.(type) {
	case map[string]any, []any, nil:
		return o, false
	}
	o = Origin{Path: diag.Pointer(path), Value: v}
	for _, other := range s.otherNames(v) { // the others are in the whole document only
		if e := s.try(replaced(s.whole, path, other)); e != invalid {
			return o, e == changed
		}
	}
	for _, other := range s.others(v) {
		if other == v {
			continue
		}
		if e := s.try(replaced(doc, path, other)); e != invalid {
			return o, e == changed
		}
	}
	text, isText := v.(string)
	if !isText {
		return o, false
	}
	return s.renameAll(doc, o, path, text)
}

// key tries other names for a member.
func (s *search) key(doc any, path []string) (o Origin, ok bool) {
	last := path[len(path)-1]
	if _, isObject := diag.Lookup(doc, path[:len(path)-1]).(map[string]any); !isObject {
		return o, false
	}
	o = Origin{Path: diag.Pointer(path), Key: true}
	for _, other := range otherTexts(last) {
		if e := s.tryRename(renamed(doc, path, other), last, other); e != invalid {
			return o, e == changed
		}
	}
	return s.renameAll(doc, o, path, last)
}

// renameAll changes all that equals a text.
func (s *search) renameAll(doc any, o Origin, path []string, text string) (Origin, bool) {
	for _, other := range otherTexts(text) {
		switch s.tryRename(substituted(doc, text, other), text, other) {
		case changed:
			o.With = equals(doc, path, text)
			return o, true
		case none, gone:
			return o, false
		}
	}
	return o, false
}

// equals are the paths of other values and keys that equal a text.
func equals(doc any, but []string, text string) (paths []string) {
	walk(doc, nil, func(path []string, v any) {
		if slices.Equal(path, but) {
			return
		}
		if v == any(text) || len(path) > 0 && path[len(path)-1] == text {
			paths = append(paths, diag.Pointer(path))
		}
	})
	return paths
}

// otherNames are the names of things of the same kind as the one that a text
// names: keys beside it.
func (s *search) otherNames(v any) (names []any) {
	text, ok := v.(string)
	if !ok {
		return nil
	}
	walk(s.whole, nil, func(_ []string, v any) {
		object, _ := v.(map[string]any)
		if _, ok := object[text]; !ok {
			return
		}
		for _, k := range tokensOf(object) {
			if k != text && len(names) < maxOthers && !slices.Contains(names, any(k)) {
				names = append(names, k)
			}
		}
	})
	return names
}

// maxOthers is how many other names are tried for one.
const maxOthers = 8

// others are values like a value.
func (s *search) others(v any) (list []any) {
	switch v := v.(type) {
	case bool:
		return []any{!v}
	case float64:
		return []any{v + 1, v - 1, v + 10, v + 100, v * 2, v / 2}
	case string:
		for _, words := range s.enums {
			if slices.Contains(words, v) {
				for _, w := range words {
					if w != v {
						list = append(list, w)
					}
				}
			}
		}
		for _, t := range otherTexts(v) {
			list = append(list, t)
		}
	}
	return list
}

var firstNumber = regexp.MustCompile(`[0-9]+`)

// otherTexts are texts like a text: the next addresses, a wider subnet, a higher
// number, a longer word.
func otherTexts(text string) (list []string) {
	if a, err := netip.ParseAddr(text); err == nil {
		for range 40 {
			a = a.Next()
			list = append(list, a.String())
		}
		return list
	}
	if p, err := netip.ParsePrefix(text); err == nil {
		for _, bits := range []int{p.Bits() - 1, p.Bits() + 1} {
			if q, err := p.Addr().Prefix(bits); err == nil {
				list = append(list, q.String())
			}
		}
		return list
	}
	if m := firstNumber.FindStringIndex(text); m != nil {
		if n, err := strconv.ParseInt(text[m[0]:m[1]], 10, 32); err == nil {
			for _, other := range []int64{n + 1, n + 2, n + 10, n + 100} {
				list = append(list, text[:m[0]]+strconv.FormatInt(other, 10)+text[m[1]:])
			}
		}
	}
	return append(list, text+"x", text+"1", "x"+text)
}
