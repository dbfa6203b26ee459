package schema

import (
	"strings"
	"unicode/utf8"

	"stackgen/schema/diag"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
)

// sources are the files of a topology as lines, read when needed.
type sources struct {
	importer *importer
	lines    map[string][]string
}

func newSources(i jsonnet.Importer) *sources {
	return &sources{importer: newImporter(i), lines: map[string][]string{}}
}

// Lines gives the lines of a source file of a topology, as positions count
// them; none if it cannot be read.
func Lines(in Input) func(file string) []string { return newSources(in.Importer).file }

// file is the lines of a file, without their ends; none if it cannot be read.
func (s *sources) file(name string) []string {
	lines, seen := s.lines[name]
	if !seen {
		if c, _, err := s.importer.read("", name); err == nil {
			lines = strings.Split(strings.TrimPrefix(c.String(), byteOrderMark), "\n")
		}
		s.lines[name] = lines
	}
	return lines
}

// position makes columns of bytes columns of code points.
func (s *sources) position(loc ast.LocationRange) diag.Pos {
	return diag.Pos{
		File: loc.FileName,
		Line: loc.Begin.Line, Column: s.column(loc.FileName, loc.Begin),
		EndLine: loc.End.Line, EndColumn: s.column(loc.FileName, loc.End),
	}
}

func (s *sources) column(file string, l ast.Location) int {
	lines := s.file(file)
	if l.Line < 1 || l.Line > len(lines) {
		return l.Column
	}
	line := lines[l.Line-1]
	return utf8.RuneCountInString(line[:min(max(l.Column-1, 0), len(line))]) + 1
}
