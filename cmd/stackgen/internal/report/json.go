package report

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"

	"stackgen/schema/diag"
)

// Schema is the JSON Schema of a report for programs.
//
//go:embed report.schema.json
var Schema []byte

// jsonReport is the report for programs. report.schema.json describes it.
type jsonReport struct {
	Generator string        `json:"generator"` // "stackgen"
	Version   int           `json:"version"`   // of this format: 1
	Errors    int           `json:"errors"`
	Warnings  int           `json:"warnings"`
	Findings  []jsonFinding `json:"findings"`
}

type jsonFinding struct {
	Rule     string        `json:"rule"`
	Severity string        `json:"severity"`
	Message  string        `json:"message"`
	Hint     string        `json:"hint,omitempty"`
	Reason   string        `json:"reason,omitempty"`
	Path     string        `json:"path"`
	OnKey    bool          `json:"onKey,omitempty"`
	Place    *jsonPlace    `json:"place,omitempty"`
	Related  []jsonRelated `json:"related,omitempty"`
	Trace    []jsonFrame   `json:"trace,omitempty"`
}

type jsonPlace struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
	Computed  bool   `json:"computed,omitempty"`
}

type jsonRelated struct {
	Path    string     `json:"path,omitempty"`
	Message string     `json:"message"`
	Place   *jsonPlace `json:"place,omitempty"`
}

type jsonFrame struct {
	Name  string     `json:"name,omitempty"`
	Place *jsonPlace `json:"place,omitempty"`
}

// WriteJSON writes findings for programs, in the form of [Schema].
func WriteJSON(w io.Writer, diags diag.List) error {
	r := jsonReport{
		Generator: "stackgen", Version: 1, Findings: []jsonFinding{},
		Errors: diags.Count(diag.Error), Warnings: diags.Count(diag.Warning),
	}
	for _, d := range diags {
		r.Findings = append(r.Findings, jsonFindingOf(d))
	}
	return WriteIndented(w, r)
}

func jsonFindingOf(d diag.Diagnostic) jsonFinding {
	f := jsonFinding{
		Rule: d.Rule, Severity: d.Severity.String(), Message: d.Message, Hint: d.Hint, Reason: d.Reason,
		Path: d.Path, OnKey: d.OnKey, Place: jsonPlaceOf(d.Pos),
	}
	for _, o := range d.Related {
		f.Related = append(f.Related, jsonRelated{o.Path, o.Message, jsonPlaceOf(o.Pos)})
	}
	for _, t := range d.Trace {
		f.Trace = append(f.Trace, jsonFrame{t.Name, jsonPlaceOf(t.Pos)})
	}
	return f
}

func jsonPlaceOf(p diag.Pos) *jsonPlace {
	if !p.IsValid() {
		return nil
	}
	return &jsonPlace{p.File, p.Line, p.Column, p.EndLine, p.EndColumn, p.Computed}
}

// WriteIndented writes a value as JSON for programs that people may read too.
func WriteIndented(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}
