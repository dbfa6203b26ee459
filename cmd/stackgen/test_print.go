package main

import (
	"fmt"
	"io"
	"strings"

	"stackgen/cmd/stackgen/internal/report"
	"stackgen/cmd/stackgen/internal/trial"
	"stackgen/schema/diag"
)

// testedFile is a test file and what became of its tests.
type testedFile struct {
	name    string
	results []trial.Result
}

func (f testedFile) failed() (n int) {
	for _, r := range f.results {
		if r.Failed() {
			n++
		}
	}
	return n
}

// testRun is all files of a run.
type testRun []testedFile

func (run testRun) failed() (n int) {
	for _, f := range run {
		n += f.failed()
	}
	return n
}

func (run testRun) print(w io.Writer, flags *testFlags) error {
	switch flags.format.value {
	case "tap":
		return run.printTAP(w)
	case "junit":
		return run.printJUnit(w)
	case "github":
		var all diag.List
		for _, f := range run {
			for _, r := range f.results {
				all = append(all, r.Failures...)
			}
		}
		return report.WriteAnnotations(w, all)
	}
	_, err := io.WriteString(w, run.text(flags.verbose))
	return err
}

// text is in the manner of go test: what fails, then a line for each file.
func (run testRun) text(verbose bool) string {
	var b strings.Builder
	for _, f := range run {
		for _, r := range f.results {
			switch {
			case r.Failed():
				b.WriteString("--- FAIL: " + report.Printable(r.Name) + "\n" + indentBy("    ", failureText(r)))
			case verbose:
				b.WriteString("--- PASS: " + report.Printable(r.Name) + "\n")
			}
		}
		switch n := f.failed(); {
		case n > 0:
			fmt.Fprintf(&b, "FAIL  %s: %d of %s failed\n", f.name, n, report.Plural(len(f.results), "test"))
		case len(f.results) == 0:
			fmt.Fprintf(&b, "ok    %s: no tests to run\n", f.name)
		default:
			fmt.Fprintf(&b, "ok    %s: %s\n", f.name, report.Plural(len(f.results), "test"))
		}
	}
	return b.String()
}

// failureText says what does not hold, each with its place and where it went.
func failureText(r trial.Result) string {
	var b strings.Builder
	for _, d := range r.Failures {
		if d.Pos.IsValid() {
			b.WriteString(d.Pos.String() + ": ")
		}
		fmt.Fprintf(&b, "%s (%s)\n", report.Printable(d.Message), d.Rule)
		for _, o := range d.Related {
			place := ""
			if o.Pos.IsValid() {
				place = o.Pos.String() + ": "
			}
			b.WriteString("    " + place + report.Printable(o.Message) + "\n")
		}
		if d.Hint != "" {
			b.WriteString("    hint: " + report.Printable(d.Hint) + "\n")
		}
	}
	return b.String()
}

// indentBy puts something before each line of a text.
func indentBy(by, text string) string {
	return by + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+by) + "\n"
}
