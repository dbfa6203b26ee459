package main

import (
	"fmt"
	"io"

	"stackgen/schema/diag"
)

// report prints findings. The rules of our output: data goes to stdout and all
// else to stderr; one finding says severity, message and rule in its first line,
// then what helps; the last line is a count.
func report(w io.Writer, diags diag.List) {
	for _, d := range diags {
		where := ""
		if d.Pos.IsValid() {
			where = d.Pos.String() + ": "
		}
		fmt.Fprintf(w, "stackgen: %s: %s%s (%s)\n", d.Severity, where, d.Message, d.Rule)
		if d.Path != "" {
			fmt.Fprintf(w, "  path: %s\n", d.Path)
		}
		for _, r := range d.Related {
			fmt.Fprintf(w, "  also: %s: %s\n", r.Path, r.Message)
		}
		if d.Hint != "" {
			fmt.Fprintf(w, "  hint: %s\n", d.Hint)
		}
	}
	if len(diags) > 0 {
		fmt.Fprintf(w, "stackgen: %d errors, %d warnings\n", diags.Count(diag.Error), diags.Count(diag.Warning))
	}
}
