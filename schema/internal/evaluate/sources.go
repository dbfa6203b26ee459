package evaluate

import (
	"strings"
	"unicode/utf8"

	"stackgen/schema/diag"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
)

// Sources are the files of a topology as lines, read when needed.
type Sources struct {
	importer *importer
	lines    map[string][]string
}

func NewSources(i jsonnet.Importer) *Sources {
	return &Sources{importer: newImporter(i), lines: map[string][]string{}}
}

// Lines gives the lines of a source file of a topology, as positions count
// them; none if it cannot be read.
func Lines(in Input) func(file string) []string { return NewSources(in.Importer).File }

// File is the lines of a file, without their ends; none if it cannot be read.
func (s *Sources) File(name string) []string {
	lines, seen := s.lines[name]
	if !seen {
		if c, _, err := s.importer.read("", name); err == nil {
			lines = strings.Split(strings.TrimPrefix(c.String(), byteOrderMark), "\n")
		}
		s.lines[name] = lines
	}
	return lines
}

// Position makes columns of bytes columns of code points.
func (s *Sources) Position(loc ast.LocationRange) diag.Pos {
	return diag.Pos{
		File: loc.FileName,
		Line: loc.Begin.Line, Column: s.column(loc.FileName, loc.Begin),
		EndLine: loc.End.Line, EndColumn: s.column(loc.FileName, loc.End),
	}
}

func (s *Sources) column(file string, l ast.Location) int {
	lines := s.File(file)
	if l.Line < 1 || l.Line > len(lines) {
		return l.Column
	}
	line := lines[l.Line-1]
	return utf8.RuneCountInString(line[:min(max(l.Column-1, 0), len(line))]) + 1
}
