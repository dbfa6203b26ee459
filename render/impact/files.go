package impact

import (
	"cmp"
	"slices"
	"strings"

	"stackgen/render/artifact"
)

// FileChange is a file whose meaning changes. Old is nil for a new file, New
// for one that goes.
type FileChange struct {
	Path, Machine, Step string
	Old, New            *artifact.File
}

// Files compares two trees. Files that differ in nothing their program reads
// are left out.
func Files(old, new []artifact.File) (list []FileChange) {
	before := map[string]*artifact.File{}
	for i := range old {
		before[old[i].TreePath()] = &old[i]
	}
	for i := range new {
		f := &new[i]
		o := before[f.TreePath()]
		delete(before, f.TreePath())
		if o == nil || o.Script != f.Script || meaning(*o) != meaning(*f) {
			list = append(list, FileChange{f.TreePath(), f.Machine, f.Step, o, f})
		}
	}
	for _, o := range before {
		list = append(list, FileChange{o.TreePath(), o.Machine, o.Step, o, nil})
	}
	slices.SortFunc(list, func(a, b FileChange) int { return cmp.Compare(a.Path, b.Path) })
	return list
}

// meaning is what a program reads of a file: without comments and the order
// that it ignores, where its kind is known.
func meaning(f artifact.File) string {
	switch {
	case strings.HasSuffix(f.Path, ".xml"):
		if s, ok := canonicalXML(f.Content); ok {
			return s
		}
	case strings.HasSuffix(f.Path, "vyos/commands.txt"):
		return sortedCommands(f.Content)
	case strings.HasSuffix(f.Path, "apt/packages.txt"):
		return sortedCommands(f.Content)
	}
	return f.Content
}

// sortedCommands is for files of independent lines: `set` commands of VyOS
// build a tree, whatever their order.
func sortedCommands(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
