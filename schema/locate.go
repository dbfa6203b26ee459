package schema

import (
	"path"

	"stackgen/schema/diag"
)

// Locate gives findings about a topology their positions in its sources. It
// reads and evaluates the topology again, as far as the findings need: without
// findings, positions cost nothing.
//
// A position that is marked as computed is the nearest place that is written
// down; one that is not is where the value or key itself stands.
func Locate(in Input, diags diag.List) {
	if len(diags) == 0 {
		return
	}
	find := locator(in)
	for i := range diags {
		d := &diags[i]
		if !d.Pos.IsValid() {
			d.Pos = find(d.Path, d.OnKey)
		}
		for j := range d.Related {
			r := &d.Related[j]
			if !r.Pos.IsValid() {
				r.Pos = find(r.Path, false)
			}
		}
	}
}

// locator finds the position of a value, or of its key, by its path. The
// position is not valid if it is not known.
func locator(in Input) func(path string, key bool) diag.Pos {
	none := func(string, bool) diag.Pos { return diag.Pos{} }
	files := newSources(in.Importer)
	switch path.Ext(in.File) {
	case ".yaml", ".yml":
		l, err := newYAMLLocator(in.File, files)
		if err != nil {
			return none
		}
		return l.find
	}
	l, err := newJsonnetLocator(in, files)
	if err != nil {
		return none
	}
	return l.find
}
