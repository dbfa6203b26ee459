package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"stackgen/schema/diag"
)

// Text is the report for people:
//
//	stackgen: error: unknown key "memroy" in a VM (schema/unknown-key)
//	  --> topology.jsonnet:31:7
//	   |
//	31 |       memroy: '4GiB',
//	   |       ^^^^^^ did you mean "memory"?
//	   |
//	   = path: /vms/lb01/memroy
type Text struct {
	Lines   func(file string) []string // of a source; none if it cannot be read
	Colour  Palette
	Verbose bool // with the calls that made a value
}

// maxLabel is how long a line may be for a hint to stand behind its underline.
const maxLabel = 100

// Of is the report of findings, which is nothing for none.
func (r *Text) Of(diags diag.List) string {
	if len(diags) == 0 {
		return ""
	}
	var b strings.Builder
	for _, d := range diags {
		b.WriteString(r.finding(d))
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "stackgen: %s; more: stackgen explain %s\n", Count(diags), diags[worst(diags)].Rule)
	return b.String()
}

// worst is the first error, or the first finding if there is none.
func worst(diags diag.List) int {
	return max(0, slices.IndexFunc(diags, func(d diag.Diagnostic) bool { return d.Severity == diag.Error }))
}

func (r *Text) finding(d diag.Diagnostic) string {
	b := block{report: r, width: gutter(d)}
	b.line("stackgen: %s: %s (%s)", r.Colour.severity(d.Severity), r.Colour.strong(Printable(d.Message)), d.Rule)
	hint := d.Hint
	if d.Pos.IsValid() {
		label, room := hint, maxLabel
		if d.Pos.Computed {
			label, room = "computed here", math.MaxInt
		}
		if b.source("-->", d.Pos, '^', label, room, hidesSecret(d)) && !d.Pos.Computed {
			hint = ""
		}
	}
	for _, o := range d.Related {
		if o.Pos.IsValid() && o.Pos != d.Pos {
			b.edge("|", "")
			b.source(":::", o.Pos, '-', o.Message, math.MaxInt, false)
		}
	}
	b.notes(d, hint)
	return b.text.String()
}

// gutter is the width of the longest line number of a finding.
func gutter(d diag.Diagnostic) int {
	last := d.Pos.Line
	for _, o := range d.Related {
		last = max(last, o.Pos.Line)
	}
	return len(fmt.Sprint(last))
}

// block is the text of one finding.
type block struct {
	report *Text
	text   strings.Builder
	width  int // of line numbers
}

func (b *block) line(format string, args ...any) {
	b.text.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

// edge is a line without a number.
func (b *block) edge(mark, text string) {
	b.line("%*s %s %s", b.width, "", b.report.Colour.frame(mark), text)
}

// source shows a position and its first line, underlined. It reports whether the
// label stands behind the underline: it does if there is room.
func (b *block) source(arrow string, pos diag.Pos, mark rune, label string, room int, hide bool) bool {
	c := b.report.Colour
	b.line("%*s%s %s", b.width, "", c.frame(arrow), Printable(pos.String()))
	lines := b.report.Lines(pos.File)
	if pos.Line > len(lines) {
		return false
	}
	line, within := nearby(lines[pos.Line-1], pos, maxMasked)
	s := cut(maskSecrets(line, within, hide), within)
	b.edge("|", "")
	b.line("%s %s", c.frame(fmt.Sprintf("%*d |", b.width, pos.Line)), s.text)
	label = Printable(label)
	fits := s.before+s.length+1+Width(label) <= room
	if !fits {
		label = ""
	}
	b.edge("|", strings.Repeat(" ", s.before)+c.mark(mark,
		strings.TrimRight(strings.Repeat(string(mark), s.length)+" "+label, " ")))
	return fits
}

// notes are what stands below the places.
func (b *block) notes(d diag.Diagnostic, hint string) {
	notes := paths(d)
	if hint != "" {
		notes = append(notes, "hint: "+hint)
	}
	if d.Reason != "" {
		notes = append(notes, "policy: "+d.Reason)
	}
	if b.report.Verbose {
		for _, f := range d.Trace {
			if n := "from: " + frame(f); !slices.Contains(notes, n) { // a recursion says the same again and again
				notes = append(notes, n)
			}
		}
	}
	if d.Pos.IsValid() && len(notes) > 0 {
		b.edge("|", "")
	}
	for _, n := range notes {
		b.edge("=", Printable(n))
	}
}

// maxPaths is how many paths of a finding are named.
const maxPaths = 3

// paths are where in the document the finding is, and the related places that
// have no snippet.
func paths(d diag.Diagnostic) (notes []string) {
	if d.Path != "" {
		notes = append(notes, "path: "+d.Path)
	}
	more := 0
	for _, o := range d.Related {
		switch {
		case !o.Pos.IsValid():
			notes = append(notes, "also: "+o.Path+": "+o.Message)
		case o.Pos == d.Pos && len(notes) < maxPaths:
			notes = append(notes, "path: "+o.Path)
		case o.Pos == d.Pos:
			more++
		}
	}
	if more > 0 {
		notes = append(notes, fmt.Sprintf("path: and %d more", more))
	}
	return notes
}

func frame(f diag.Frame) string {
	switch {
	case !f.Pos.IsValid():
		return f.Name
	case f.Name == "":
		return f.Pos.String()
	}
	return f.Pos.String() + " in " + f.Name
}
