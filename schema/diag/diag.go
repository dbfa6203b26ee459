// Package diag holds findings: what is wrong with a topology, as data.
//
// A finding is a value and not an error. Checks make them; only schema's
// locate.go adds positions, and only the driver decides how they look.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says what a finding stops. The zero value is invalid.
type Severity int

// An Error stops rendering; a Warning does not. What is Off is known and
// accepted, and not reported.
const (
	Error Severity = iota + 1
	Warning
	Off
)

// String is the word for a severity in a report.
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Off:
		return "off"
	}
	return fmt.Sprintf("Severity(%d)", int(s))
}

// Pos is a range in a source file. Lines and columns count from one, columns
// in Unicode code points, as most editors do: a tab, a wide character and a
// combining mark are one each, a byte order mark is none. The end is just behind
// the last character. The zero value is unknown.
type Pos struct {
	File      string
	Line      int
	Column    int
	EndLine   int
	EndColumn int
	Computed  bool // the value is computed; the range is the nearest place that is written down
}

// IsValid reports whether the position is known.
func (p Pos) IsValid() bool { return p.Line > 0 }

// String is file:line:column.
func (p Pos) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// Related is another place that a finding is about.
type Related struct {
	Path    string // RFC 6901
	Pos     Pos
	Message string // such as "already used here"
}

// Diagnostic is one finding.
type Diagnostic struct {
	Severity Severity
	Rule     string // subject/name, stable: "addresses/duplicate"
	Path     string // RFC 6901 into the evaluated document; "" is all of it
	Pos      Pos    // set by package locate alone, but for errors of a program
	OnKey    bool   // the finding is about the key at Path, not its value
	Hidden   bool   // what is at Path may be a secret: a report does not show it
	Message  string // what is wrong; lower case, no full stop, values quoted
	Hint     string // what to write instead, if that is known
	Reason   string // why a policy of the topology changed the severity, if one did
	Related  []Related
	Trace    []Frame // of an error of the program itself, innermost first
}

// Frame is one step of how a program came to an error.
type Frame struct {
	Name string // such as "function <f>"; may be empty
	Pos  Pos    // may be invalid
}

// List is the findings of one or more stages. It is not an error: ask HasErrors.
type List []Diagnostic

// Errorf adds an error and returns it for a hint or related places. The
// pointer is good until the next addition.
func (l *List) Errorf(rule, path, format string, args ...any) *Diagnostic {
	return l.add(Error, rule, path, fmt.Sprintf(format, args...))
}

// Warningf adds a warning, as [List.Errorf] does an error.
func (l *List) Warningf(rule, path, format string, args ...any) *Diagnostic {
	return l.add(Warning, rule, path, fmt.Sprintf(format, args...))
}

func (l *List) add(s Severity, rule, path, message string) *Diagnostic {
	*l = append(*l, Diagnostic{Severity: s, Rule: rule, Path: path, Message: message})
	return &(*l)[len(*l)-1]
}

// Hintf says what to write instead.
func (d *Diagnostic) Hintf(format string, args ...any) *Diagnostic {
	d.Hint = fmt.Sprintf(format, args...)
	return d
}

// Also names another place the finding is about.
func (d *Diagnostic) Also(path, message string) *Diagnostic {
	d.Related = append(d.Related, Related{Path: path, Message: message})
	return d
}

// AtKey says that the key at Path is at fault, not its value.
func (d *Diagnostic) AtKey() *Diagnostic {
	d.OnKey = true
	return d
}

// Hide says that what is at Path may be a secret, and must not be shown.
func (d *Diagnostic) Hide() *Diagnostic {
	d.Hidden = true
	return d
}

// HasErrors reports whether any finding is an error.
func (l List) HasErrors() bool { return l.Count(Error) > 0 }

// Reported are the findings that people want to see: not those that are Off.
func (l List) Reported() (shown List) {
	for _, d := range l {
		if d.Severity != Off {
			shown = append(shown, d)
		}
	}
	return shown
}

// Count is the number of findings of a severity.
func (l List) Count(s Severity) (n int) {
	for _, d := range l {
		if d.Severity == s {
			n++
		}
	}
	return n
}

// Sort orders findings by path, then rule, then message, numbers within a path
// by value, and drops exact repetitions.
func (l *List) Sort() {
	slices.SortStableFunc(*l, func(a, b Diagnostic) int {
		return cmp.Or(comparePaths(a.Path, b.Path), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Message, b.Message))
	})
	*l = slices.CompactFunc(*l, func(a, b Diagnostic) bool {
		return a.Path == b.Path && a.Rule == b.Rule && a.Message == b.Message
	})
}

func comparePaths(a, b string) int {
	return slices.CompareFunc(Split(a), Split(b), compareTokens)
}

// compareTokens puts 9 before 10 and numbers before words.
func compareTokens(a, b string) int {
	na, nb := isNumber(a), isNumber(b)
	switch {
	case na && nb:
		return cmp.Or(len(a)-len(b), strings.Compare(a, b))
	case na:
		return -1
	case nb:
		return 1
	}
	return strings.Compare(a, b)
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == "" && (s[0] != '0' || s == "0")
}
