package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"stackgen/cmd/stackgen/internal/report"
)

// printTAP writes the Test Anything Protocol, version 14. A # in a description
// would begin a directive and is escaped.
func (run testRun) printTAP(w io.Writer) error {
	var b strings.Builder
	count := 0
	for _, f := range run {
		for _, r := range f.results {
			count++
			word := "ok"
			if r.Failed() {
				word = "not ok"
			}
			name := strings.NewReplacer(`\`, `\\`, `#`, `\#`).Replace(f.name + ": " + report.Printable(r.Name))
			fmt.Fprintf(&b, "%s %d - %s\n", word, count, name)
			if r.Failed() {
				b.WriteString(indentBy("# ", failureText(r)))
			}
		}
	}
	_, err := fmt.Fprintf(w, "TAP version 14\n1..%d\n%s", count, b.String())
	return err
}

// The parts of a JUnit report that CI systems read: a suite for each file.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr"`
		Failure *junitFailure `xml:"failure"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

func (run testRun) printJUnit(w io.Writer) error {
	all := junitSuites{Failures: run.failed()}
	for _, f := range run {
		s := junitSuite{Name: f.name, Tests: len(f.results), Failures: f.failed()}
		for _, r := range f.results {
			c := junitCase{Name: r.Name, Class: strings.TrimSuffix(f.name, testEnd), File: f.name}
			if r.Failed() {
				c.Failure = &junitFailure{report.Printable(r.Failures[0].Message), failureText(r)}
			}
			s.Cases = append(s.Cases, c)
		}
		all.Tests += s.Tests
		all.Suites = append(all.Suites, s)
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}
