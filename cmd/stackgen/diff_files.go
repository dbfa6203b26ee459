package main

import (
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/impact"
	"stackgen/render/plan"

	"github.com/rogpeppe/go-internal/diff"
)

// fileDiff is a change of a file, the same on one or more machines.
type fileDiff struct {
	machines    []string // none is the top of the tree
	path        string   // below the folder of the machine
	change      string   // added, removed or changed
	hunks       string   // unified, without file names; only of changed files
	plus, minus int      // lines
}

// name is the file in a line, its machines first.
func (f fileDiff) name() string {
	if len(f.machines) == 0 {
		return f.path
	}
	return strings.Join(f.machines, ", ") + ": " + f.path
}

// fileDiffs groups changes that are the same on several machines; those of the
// whole stack come last. The manifest says nothing that the files do not say.
func fileDiffs(changes []impact.FileChange) (list []fileDiff) {
	for _, c := range changes {
		if c.Path == plan.ManifestName {
			continue
		}
		d := diffOf(c)
		same := func(o fileDiff) bool {
			return c.Machine != "" && len(o.machines) > 0 && o.path == d.path && o.change == d.change && o.hunks == d.hunks &&
				o.plus == d.plus
		}
		if i := slices.IndexFunc(list, same); i >= 0 {
			list[i].machines = append(list[i].machines, c.Machine)
			continue
		}
		list = append(list, d)
	}
	slices.SortStableFunc(list, func(a, b fileDiff) int { return min(len(b.machines), 1) - min(len(a.machines), 1) })
	return list
}

func diffOf(c impact.FileChange) fileDiff {
	d := fileDiff{path: strings.TrimPrefix(c.Path, c.Machine+"/")}
	if c.Machine != "" {
		d.machines = []string{c.Machine}
	}
	switch {
	case c.Old == nil:
		d.change, d.plus = "added", lineCount(c.New)
	case c.New == nil:
		d.change, d.minus = "removed", lineCount(c.Old)
	default:
		d.change = "changed"
		d.hunks = hunks(c.Old.Content, c.New.Content)
		for line := range strings.Lines(d.hunks) {
			switch line[0] {
			case '+':
				d.plus++
			case '-':
				d.minus++
			}
		}
	}
	return d
}

func lineCount(f *artifact.File) int { return strings.Count(f.Content, "\n") }

// hunks are the differing lines with their surroundings, without the lines that
// name the files.
func hunks(old, new string) string {
	text := string(diff.Diff("old", []byte(old), "new", []byte(new)))
	if i := strings.Index(text, "@@"); i >= 0 {
		return text[i:]
	}
	return "" // only the mode differs
}
