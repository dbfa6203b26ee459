// Package provenance tells which values of a topology a rendered line comes
// from.
//
// It keeps no books while rendering: it changes one value at a time, renders
// again, and sees whether the line changes. So it is right for every renderer,
// and cannot be out of date. It takes the evaluated topology and a function that
// renders one file of it; positions in the sources are left to the caller.
package provenance

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"stackgen/schema/diag"
)

// Render renders a file of the tree. It is not ok if the document is not a valid
// topology; the content is empty if there is no such file.
type Render func(doc any, file string) (content string, ok bool)

// Origin is a value that the line is made of: when it changes, the line does.
type Origin struct {
	Path  string // RFC 6901
	Key   bool   // the key at Path, not its value
	Value any    // unless Key

	// With are paths of equal values that had to change with it for the
	// topology to remain valid.
	With []string
}

// Line is what is known of a rendered line.
type Line struct {
	Text    string
	Origins []Origin

	// Causes are the innermost parts of the topology without which there is no
	// such line or, if there is none, no such file.
	Causes []string
}

// Of explains the line of a file of the tree, counted from one. enums are the
// words that may stand for one another. It is not ok if the file has no such
// line.
func Of(doc any, file string, line int, enums [][]string, render Render) (l Line, ok bool) {
	content, ok := render(doc, file)
	lines := strings.Split(strings.TrimSuffix(content, "\n"), "\n")
	if !ok || content == "" || line < 1 || line > len(lines) {
		return l, false
	}
	s := search{whole: doc, file: file, lines: lines, line: line - 1, enums: enums, render: render}
	l.Text = lines[line-1]
	small := s.reduce(doc)
	l.Causes = innermost(s.causes)
	if len(l.Causes) == 0 {
		l.Causes = innermost(s.holders)
	}
	l.Origins = s.origins(small)
	return l, true
}

// search is the explanation of one line.
type search struct {
	whole  any
	file   string
	lines  []string
	line   int
	enums  [][]string
	render Render

	causes  []string // without which there is no such line
	holders []string // without which there is no such file
}

// effect is what a change of the topology does to the line.
type effect int

const (
	invalid effect = iota // the changed topology is refused
	none
	changed
	gone // with the whole file
)

func (s *search) try(doc any) effect { return s.tryAs(doc, s.file) }

// tryRename also looks for the file under the name that a new name gives it.
func (s *search) tryRename(doc any, old, by string) effect {
	e := s.try(doc)
	if e != gone {
		return e
	}
	parts := strings.Split(s.file, "/")
	for i, p := range parts {
		name, ext, dotted := strings.Cut(p, ".")
		if p == old {
			parts[i] = by
		} else if dotted && name == old {
			parts[i] = by + "." + ext
		}
	}
	return s.tryAs(doc, strings.Join(parts, "/"))
}

func (s *search) tryAs(doc any, file string) effect {
	content, ok := s.render(doc, file)
	switch {
	case !ok:
		return invalid
	case content == "":
		return gone
	case survives(s.lines, s.line, strings.Split(strings.TrimSuffix(content, "\n"), "\n")):
		return none
	}
	return changed
}

// reduce leaves out of a document what the line does not need. What remains is
// small, however large the topology is.
func (s *search) reduce(doc any) any {
	for queue := [][]string{nil}; len(queue) > 0; queue = queue[1:] {
		path := queue[0]
		doc = s.reduceObject(doc, path)
		queue = append(queue, below(doc, path)...)
	}
	return doc
}

// reduceObject leaves out members of one object: many at once as long as that works.
func (s *search) reduceObject(doc any, path []string) any {
	object, _ := diag.Lookup(doc, path).(map[string]any)
	keys := slices.Sorted(maps.Keys(object))
	for size := len(keys); size > 0; size /= 2 {
		var kept []string
		for chunk := range slices.Chunk(keys, size) {
			smaller := without(doc, path, chunk)
			switch e := s.try(smaller); {
			case e == none:
				doc = smaller
				continue
			case e == changed && size == 1:
				s.causes = append(s.causes, diag.Pointer(append(slices.Clone(path), chunk[0])))
			case e == gone && size == 1:
				s.holders = append(s.holders, diag.Pointer(append(slices.Clone(path), chunk[0])))
			}
			kept = append(kept, chunk...)
		}
		keys = kept
	}
	return doc
}

// below are the paths of the objects and arrays in an object or array, the largest
// first: without the machines that a line is not about, all other trials are short.
func below(doc any, path []string) (paths [][]string) {
	for _, token := range tokensOf(diag.Lookup(doc, path)) {
		child := append(slices.Clone(path), token)
		switch diag.Lookup(doc, child).(type) {
		case map[string]any, []any:
			paths = append(paths, child)
		}
	}
	size := func(path []string) int { return len(tokensOf(diag.Lookup(doc, path))) }
	slices.SortStableFunc(paths, func(a, b []string) int { return cmp.Compare(size(b), size(a)) })
	return paths
}

// innermost leaves out paths that others are in.
func innermost(paths []string) (list []string) {
	for _, p := range paths {
		if !slices.ContainsFunc(paths, func(o string) bool { return strings.HasPrefix(o, p+"/") }) {
			list = append(list, p)
		}
	}
	slices.Sort(list)
	return list
}

// tokensOf are the keys or indexes of a value, in order.
func tokensOf(v any) (tokens []string) {
	switch v := v.(type) {
	case map[string]any:
		return slices.Sorted(maps.Keys(v))
	case []any:
		for i := range v {
			tokens = append(tokens, strconv.Itoa(i))
		}
	}
	return tokens
}
