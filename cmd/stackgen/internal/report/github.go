package report

import (
	"fmt"
	"io"
	"strings"

	"stackgen/schema/diag"
)

// WriteAnnotations writes findings as GitHub Actions workflow commands, which
// show them beside the lines of a pull request.
func WriteAnnotations(w io.Writer, diags diag.List) error {
	for _, d := range diags {
		if _, err := fmt.Fprintln(w, annotation(d)); err != nil {
			return fmt.Errorf("writing the report: %w", err)
		}
	}
	return nil
}

func annotation(d diag.Diagnostic) string {
	var properties []string
	add := func(name string, value any) {
		properties = append(properties, name+"="+annotationProperty.Replace(fmt.Sprint(value)))
	}
	if p := d.Pos; p.IsValid() {
		add("file", p.File)
		add("line", p.Line)
		add("endLine", p.EndLine)
		if p.Line == p.EndLine { // else columns are refused
			add("col", p.Column)
			add("endColumn", p.EndColumn)
		}
	}
	add("title", d.Rule)
	text := d.Message
	if d.Path != "" {
		text += "\npath: " + d.Path
	}
	if d.Hint != "" {
		text += "\nhint: " + d.Hint
	}
	return "::" + d.Severity.String() + " " + strings.Join(properties, ",") + "::" + annotationText.Replace(text)
}

// The characters that mean something in a workflow command, in its text and in
// its properties: actions/toolkit, packages/core/src/command.ts.
var (
	annotationText     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	annotationProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
