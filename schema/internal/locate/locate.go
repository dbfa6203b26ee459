// Package locate finds where in its sources a value of a topology is written.
package locate

import (
	"path"
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/internal/evaluate"
)

// Findings gives findings about a topology their positions in its sources. It
// reads and evaluates the topology again, as far as the findings need: without
// findings, positions cost nothing.
//
// A position that is marked as computed is the nearest place that is written
// down; one that is not is where the value or key itself stands. Where nothing is
// known of a place it is the beginning of the file.
func Findings(in evaluate.Input, diags diag.List) {
	if !slices.ContainsFunc(diags, isPlaceless) {
		return // and a program that never ends is not evaluated again
	}
	find := locator(in)
	for i := range diags {
		d := &diags[i]
		for j := range d.Related {
			if r := &d.Related[j]; !r.Pos.IsValid() {
				r.Pos = markedAt(find, r.Path, false).pos
			}
		}
		if d.Pos.IsValid() {
			continue
		}
		p := markedAt(find, d.Path, d.OnKey)
		if d.Pos = p.pos; !d.Pos.IsValid() {
			d.Pos = evaluate.Start(in) // the file at least
		}
		for _, c := range p.calls[:min(len(p.calls), evaluate.MaxCalls)] {
			d.Related = append(d.Related, diag.Related{Pos: c, Message: "called from here"})
		}
	}
}

func isPlaceless(d diag.Diagnostic) bool {
	return !d.Pos.IsValid() || slices.ContainsFunc(d.Related, func(r diag.Related) bool { return !r.Pos.IsValid() })
}

// position is a position, and the calls that led there if it is in a function: the
// innermost first.
type position struct {
	pos   diag.Pos
	calls []diag.Pos
}

// finder finds the place of a value, or of its key, by its path. The position
// is not valid if it is not known.
type finder func(path string, key bool) position

// markedAt is the place to point at: of a value of many lines, its key.
func markedAt(find finder, pointer string, key bool) position {
	p := find(pointer, key)
	if key || p.pos.Computed || p.pos.Line == p.pos.EndLine {
		return p
	}
	if k := find(pointer, true); k.pos.IsValid() && !k.pos.Computed {
		return k
	}
	return p
}

func locator(in evaluate.Input) finder {
	files := evaluate.NewSources(in.Importer)
	switch path.Ext(in.File) {
	case ".yaml", ".yml":
		if l, err := newYAMLLocator(in.File, files); err == nil {
			return l.find
		}
	default:
		if l, err := newJsonnetLocator(in, files); err == nil {
			return l.find
		}
	}
	return func(string, bool) position { return position{} } // and the findings say why
}
