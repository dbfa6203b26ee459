package verify

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"stackgen/render/artifact"
)

// longScript has as many functions as a stack of many machines has steps.
func longScript(functions int) string {
	var b strings.Builder
	b.WriteString("#!/bin/bash\nset -eu\nname=x\nlog() { printf '%s\\n' \"$*\"; }\n")
	for i := range functions {
		fmt.Fprintf(&b, "\n# The step of machine %d.\nstep_%d() {\n", i, i)
		for j := range 20 {
			fmt.Fprintf(&b, "  log \"step %d line %d of $name\"\n  if ! test -e \"/srv/%d\"; then\n    mkdir -p \"/srv/%d\"\n  fi\n", i, j, j, j)
		}
		b.WriteString("}\n")
	}
	b.WriteString("\nfor i in 1 2 3; do\n  \"step_$i\"\ndone\n")
	return b.String()
}

// TestPartsOf: every line is in some part at its own number, what is not of a function
// in all, and a function is not cut.
func TestPartsOf(t *testing.T) {
	script := longScript(300)
	parts := partsOf(script)
	if len(parts) < 3 {
		t.Fatalf("%d bytes in %d parts", len(script), len(parts))
	}
	split := make([][]string, len(parts))
	for p, part := range parts {
		split[p] = strings.Split(part, "\n")
		if opened, closed := strings.Count(part, "() {\n"), strings.Count(part, "\n}\n"); opened != closed {
			t.Errorf("part %d begins %d functions and ends %d", p, opened, closed)
		}
	}
	for i, line := range strings.Split(script, "\n") {
		n := 0
		for p := range parts {
			if split[p][i] == line {
				n++
			} else if split[p][i] != "" {
				t.Fatalf("part %d has %q in line %d", p, split[p][i], i+1)
			}
		}
		if common := !strings.HasPrefix(line, " "); n == 0 || n != len(parts) && common && line != "}" && !strings.HasSuffix(line, "{") && !strings.HasPrefix(line, "log()") {
			t.Fatalf("line %d, %q, is in %d of %d parts", i+1, line, n, len(parts))
		}
	}
	if got := partsOf("a\nb\n"); len(got) != 1 || got[0] != "a\nb\n" {
		t.Errorf("a short script is cut: %q", got)
	}
}

// TestLongScript: a fault in a script of a large stack is found where it is, in whichever
// part, and nothing else is.
func TestLongScript(t *testing.T) {
	f := artifact.File{Path: "apply.sh", Format: artifact.Shell, Content: longScript(60)}
	lines := strings.Split(f.Content, "\n")
	at := len(lines) * 3 / 4
	for !strings.HasPrefix(lines[at], "  log") {
		at++
	}
	lines[at] = "  for f in $(ls); do rm \"$f\"; done"
	f.Content = strings.Join(lines, "\n")
	for _, r := range ran(t, []artifact.File{f}, nil) {
		if settle(t, r); r.Checker == "shellcheck" && r.State != Skipped && (r.State != Failed || r.Line != at+1) {
			t.Errorf("%s in line %d, want %d: %s", r.State, r.Line, at+1, r.Output)
		}
	}
}

// TestLate: what is not done in time is neither passed nor refused.
func TestLate(t *testing.T) {
	ran(t, nil, nil)
	f := artifact.File{Path: "apply.sh", Format: artifact.Shell, Content: longScript(300)}
	results, err := Run(t.Context(), []artifact.File{f}, Options{Patience: 150 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		settle(t, r)
		if r.Checker == "shellcheck" && (r.State != Late || r.Output != "shellcheck is not done after 150ms") && !r.Missing {
			t.Errorf("%s: %s", r.State, r.Output)
		}
	}
}
