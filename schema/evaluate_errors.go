package schema

import (
	"errors"
	"strings"

	"stackgen/schema/diag"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
)

// jsonnetFinding turns an error of the Jsonnet VM into a finding: a syntax
// error, a missing import, or an error of the running program.
func jsonnetFinding(err error, files *sources) (diags diag.List) {
	var runtime jsonnet.RuntimeError
	var static interface{ Loc() ast.LocationRange }
	switch {
	case errors.As(err, &runtime):
		runtimeFinding(&diags, runtime, files)
	case errors.As(err, &static):
		d := diags.Errorf("jsonnet/syntax", "", "%s", staticMessage(err, static.Loc()))
		d.Pos = files.position(static.Loc())
	default:
		diags.Errorf("jsonnet/import", "", "%s", firstLine(err.Error()))
	}
	return diags
}

func runtimeFinding(diags *diag.List, err jsonnet.RuntimeError, files *sources) {
	rule := "jsonnet/runtime"
	if strings.HasPrefix(err.Msg, "couldn't open import") {
		rule = "jsonnet/import"
	}
	d := diags.Errorf(rule, "", "%s", strings.TrimSuffix(firstLine(err.Msg), "."))
	if strings.HasPrefix(err.Msg, "max stack frames exceeded") {
		d.Hintf("a value or function that is defined by itself never ends; break the cycle")
	}
	// The innermost frame that is written in a file of the user, not in std.
	for _, f := range err.StackTrace {
		if f.Loc.IsSet() && f.Loc.File != nil && !strings.HasPrefix(f.Loc.FileName, "<") {
			d.Pos = files.position(f.Loc)
			break
		}
	}
}

// staticMessage is the message of a static error without its position, which
// the report prints in its own way.
func staticMessage(err error, loc ast.LocationRange) string {
	msg := strings.TrimPrefix(err.Error(), loc.String())
	return firstLine(strings.TrimSpace(msg))
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
