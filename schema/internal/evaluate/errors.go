package evaluate

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/internal/pattern"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
)

// jsonnetFinding turns an error of the Jsonnet VM into a finding: a syntax
// error, a missing import, or an error of the running program.
func jsonnetFinding(err error, files *Sources) (diags diag.List) {
	var runtime jsonnet.RuntimeError
	var static interface{ Loc() ast.LocationRange }
	switch {
	case errors.As(err, &runtime):
		runtimeFinding(&diags, runtime, files)
	case errors.As(err, &static):
		d := diags.Errorf("jsonnet/syntax", "", "%s", staticMessage(err, static.Loc()))
		d.Pos = files.Position(static.Loc())
		if loc := static.Loc(); loc.FileName == "" && loc.File != nil {
			d.Pos.File = string(loc.File.DiagnosticFileName) // of an argument or external variable
		}
	case located(&diags, err.Error(), files) != nil:
	default:
		diags.Errorf("jsonnet/import", "", "%s", sentence(err.Error()))
	}
	return diags
}

// runtimeFinding points at the innermost place in a file of the user, or at the
// value that was being evaluated.
func runtimeFinding(diags *diag.List, err jsonnet.RuntimeError, files *Sources) {
	if d := brokenImport(diags, err, files); d != nil {
		return
	}
	rule := "jsonnet/runtime"
	switch {
	case strings.HasPrefix(err.Msg, "couldn't open import"), strings.Contains(err.Msg,
		beyondFile), strings.Contains(err.Msg, notText):
		rule = "jsonnet/import"
	case strings.HasPrefix(err.Msg, limitMark):
		rule, err.Msg = "jsonnet/limit", strings.TrimPrefix(err.Msg, limitMark)
	}
	d := diags.Errorf(rule, manifested(err.StackTrace), "%s", sentence(err.Msg))
	if hint := runtimeHint(err.Msg); hint != "" {
		d.Hintf("%s", hint)
	}
	if rule == "jsonnet/limit" {
		d.Hintf(limitHint)
	}
	d.Trace = frames(err.StackTrace, files)
	pointInto(d)
}

// frames are the steps to an error, the innermost first.
func frames(trace []jsonnet.TraceFrame, files *Sources) (list []diag.Frame) {
	for _, f := range slices.Backward(trace) {
		frame := diag.Frame{Name: f.Name}
		switch {
		case f.Loc.IsSet() && f.Loc.File != nil:
			frame.Pos = files.Position(f.Loc)
			frame.Pos.File = string(f.Loc.File.DiagnosticFileName) // "<std>" is no file
		case f.Name == "":
			frame.Name = lowerFirst(f.Loc.FileName)
		}
		if frame.Name != "" || frame.Pos.IsValid() {
			list = append(list, frame)
		}
	}
	return list
}

// pointInto points at the innermost place of the trace that is in a file of the
// user, and at the places that led there from elsewhere.
func pointInto(d *diag.Diagnostic) {
	for _, f := range d.Trace {
		switch {
		case !f.Pos.IsValid() || strings.HasPrefix(f.Pos.File, "<"):
		case !d.Pos.IsValid():
			d.Pos = f.Pos
		case len(d.Related) < MaxCalls && !isAround(f.Pos, d):
			d.Related = append(d.Related, diag.Related{Pos: f.Pos, Message: "reached from here"})
		}
	}
}

// isAround tells whether a place says nothing new: one of the finding is within.
func isAround(p diag.Pos, d *diag.Diagnostic) bool {
	within := func(in diag.Pos) bool {
		return p.File == in.File && (p.Line < in.Line || p.Line == in.Line && p.Column <= in.Column) &&
			(p.EndLine > in.EndLine || p.EndLine == in.EndLine && p.EndColumn >= in.EndColumn)
	}
	return within(d.Pos) || slices.ContainsFunc(d.Related, func(r diag.Related) bool { return within(r.Pos) })
}

// manifested is the path of the value that was being evaluated: the VM says so
// in frames that have no place.
func manifested(trace []jsonnet.TraceFrame) string {
	path := ""
	for _, f := range trace {
		if f.Loc.IsSet() {
			continue
		}
		if index, ok := strings.CutPrefix(f.Loc.FileName, "Array element "); ok {
			path = diag.Join(path, index)
		}
		if field, ok := strings.CutPrefix(f.Loc.FileName, "Field "); ok {
			if name, err := strconv.Unquote(field); err == nil {
				path = diag.Join(path, name)
			}
		}
	}
	return path
}

// staticError is how the VM writes an error in an imported file: the file, the
// range, and the message.
var staticError = pattern.Lazy(`^(.+?):(?:(\d+):(\d+)(?:-(\d+))?|\((\d+):(\d+)\)-\((\d+):(\d+)\)) (.+)$`)

// brokenImport reports a mistake in an imported file where it is.
func brokenImport(diags *diag.List, err jsonnet.RuntimeError, files *Sources) *diag.Diagnostic {
	d := located(diags, err.Msg, files)
	if n := len(err.StackTrace); d != nil && n > 0 && err.StackTrace[n-1].Loc.IsSet() {
		d.Related = []diag.Related{{Pos: files.Position(err.StackTrace[n-1].Loc), Message: "imported here"}}
	}
	return d
}

// located reports an error in a file, if its text says where.
func located(diags *diag.List, text string, files *Sources) *diag.Diagnostic {
	m := staticError().FindStringSubmatch(firstLine(text))
	if m == nil || files.File(m[1]) == nil {
		return nil
	}
	n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
	loc := ast.LocationRange{FileName: m[1]}
	switch {
	case m[5] != "":
		loc.Begin, loc.End = ast.Location{Line: n(5), Column: n(6)}, ast.Location{Line: n(7), Column: n(8)}
	case m[4] != "":
		loc.Begin, loc.End = ast.Location{Line: n(2), Column: n(3)}, ast.Location{Line: n(2), Column: n(4)}
	default:
		loc.Begin = ast.Location{Line: n(2), Column: n(3)}
		loc.End = loc.Begin
	}
	d := diags.Errorf("jsonnet/syntax", "", "%s", sentence(m[9]))
	d.Pos = files.Position(loc)
	switch {
	case strings.Contains(d.Message, notUTF8):
		d.Hintf("save the file as UTF-8")
	case strings.HasPrefix(d.Message, nestedMore):
		d.Rule = "jsonnet/limit"
		d.Hintf("make it flatter")
	}
	return d
}

// runtimeHint says what to do about errors whose words do not.
func runtimeHint(msg string) string {
	if strings.Contains(msg, beyondFile) {
		return "import a file with no more than the topology needs"
	}
	if strings.Contains(msg, notText) {
		return "save the file as UTF-8; a topology cannot hold what is not text"
	}
	for _, h := range []struct{ prefix, hint string }{
		{"max stack frames exceeded", "a value or function that is defined by itself never ends; break the cycle"},
		{"Missing argument: ", "give the parameter a default, or the topology its argument: --tla-str NAME=TEXT"},
		{"Undefined external variable: ", "set it with --ext-str NAME=TEXT"},
		{"couldn't open import", "add the folder that has it with -J"},
		{"couldn't manifest function", "make the field hidden with ::, or call the function"},
	} {
		if strings.HasPrefix(msg, h.prefix) {
			return h.hint
		}
	}
	return ""
}

// staticMessage is the message of a static error without its position, which
// the report prints in its own way.
func staticMessage(err error, loc ast.LocationRange) string {
	return sentence(strings.TrimSpace(strings.TrimPrefix(err.Error(), loc.String())))
}

// sentence is a message of the VM as ours are: on one line, lower case, without
// a full stop.
func sentence(msg string) string {
	return lowerFirst(strings.TrimSuffix(strings.Join(strings.Fields(msg), " "), "."))
}

// lowerFirst leaves words alone that begin with two capitals.
func lowerFirst(s string) string {
	if len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && (s[1] < 'A' || s[1] > 'Z') {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// MaxCalls is how many calls on the way to a place a finding names.
const MaxCalls = 3
