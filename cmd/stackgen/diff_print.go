package main

import (
	"fmt"
	"io"
	"strings"

	"stackgen/cmd/stackgen/internal/report"
	"stackgen/render/impact"
)

// printAll prints the differences of one stack or of several: for programs, those
// of several are a list.
func printAll(w io.Writer, list []difference, several bool, flags *diffFlags) error {
	if several && flags.output.value == "json" {
		reports := []diffReport{}
		for _, d := range list {
			reports = append(reports, d.json())
		}
		return report.WriteIndented(w, reports)
	}
	for i, d := range list {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := d.print(w, flags); err != nil {
			return err
		}
	}
	return nil
}

func (d difference) print(w io.Writer, flags *diffFlags) error {
	if flags.output.value == "json" {
		return report.WriteIndented(w, d.json())
	}
	text := d.text
	if flags.output.value == "markdown" {
		text = d.markdown
	}
	_, err := io.WriteString(w, text(!flags.summary && !flags.stat, flags.stat))
	return err
}

// headline is the difference in a line.
func (d difference) headline() string {
	if d.none() {
		return fmt.Sprintf("%s: no difference to %s", d.stack, d.against)
	}
	return fmt.Sprintf("%s against %s: %d changes, %d files; worst: %s", d.stack, d.against, len(d.impacts), len(d.files),
		impact.Worst(d.impacts))
}

func (d difference) text(withHunks, stat bool) string {
	var b strings.Builder
	b.WriteString(d.headline() + "\n")
	for n, i := range d.impacts {
		fmt.Fprintf(&b, "%3d %-8s %-16s %s\n", n+1, i.Class, stepOf(i), changeText(i))
		fmt.Fprintf(&b, "%*s%s\n", 13, "", i.Reason)
		if len(i.Drags) > 0 {
			fmt.Fprintf(&b, "%*sdrags along: %s\n", 13, "", strings.Join(i.Drags, "; "))
		}
	}
	for _, f := range d.files {
		switch {
		case stat:
			fmt.Fprintf(&b, "%-60s +%d -%d\n", f.name(), f.plus, f.minus)
		case withHunks && len(f.machines) == 0: // follows from the files of the machines
			fmt.Fprintf(&b, "\n%s: %s, +%d -%d lines\n", f.name(), f.change, f.plus, f.minus)
		case withHunks && f.change == "changed":
			fmt.Fprintf(&b, "\n%s\n%s", f.name(), f.hunks)
		case withHunks:
			fmt.Fprintf(&b, "\n%s: %s, %d lines\n", f.name(), f.change, f.plus+f.minus)
		}
	}
	return b.String()
}

// stepOf is the step that brings a change into effect, or whose it is.
func stepOf(i impact.Impact) string {
	switch {
	case i.Step != "":
		return i.Step
	case i.Machine != "":
		return i.Machine
	}
	return "the stack"
}

// changeText is the change in a line.
func changeText(i impact.Impact) string {
	s := "follows from a change elsewhere"
	if i.Path != "" {
		s = i.Path + ": " + i.Change
	}
	if i.Prune {
		s += " (only with apply.sh --prune)"
	}
	return s
}

// markdown is for a comment on a pull request.
func (d difference) markdown(withHunks, stat bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n", markdownText(d.headline()))
	if len(d.impacts) > 0 {
		b.WriteString("\n| | impact | step | change | why | drags along |\n|-:|---|---|---|---|---|\n")
	}
	for n, i := range d.impacts {
		fmt.Fprintf(&b, "| %d | **%s** | %s | %s | %s | %s |\n", n+1, i.Class, markdownText(stepOf(i)),
			markdownText(changeText(i)),
			markdownText(i.Reason), markdownText(strings.Join(i.Drags, "; ")))
	}
	for _, f := range d.files {
		if !withHunks && !stat {
			break
		}
		fmt.Fprintf(&b, "\n<details><summary>%s (+%d −%d, %s)</summary>\n", markdownText(f.name()), f.plus, f.minus, f.change)
		if withHunks && f.hunks != "" && len(f.machines) > 0 {
			fence := strings.Repeat("`", longestRun(f.hunks, '`')+3)
			fmt.Fprintf(&b, "\n%sdiff\n%s%s\n", fence, f.hunks, fence)
		}
		b.WriteString("\n</details>\n")
	}
	return b.String()
}

// markdownText escapes what Markdown or HTML would take for its own, the bar of
// tables too.
func markdownText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch r {
		case '\n', '\r':
			b.WriteByte(' ')
		case '<':
			b.WriteString("&lt;")
		case '&':
			b.WriteString("&amp;")
		case '|', '*', '_', '`', '[', ']', '\\', '#', '~', '!', '@':
			fmt.Fprintf(&b, "&#%d;", r) // an @ would call a person
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func longestRun(s string, char byte) (longest int) {
	length := 0
	for i := range len(s) {
		if s[i] != char {
			length = 0
			continue
		}
		length++
		longest = max(longest, length)
	}
	return longest
}

// diffReport is the difference for programs.
type diffReport struct {
	Generator string       `json:"generator"` // "stackgen"
	Version   int          `json:"version"`   // of this format: 1
	Stack     string       `json:"stack"`
	Against   string       `json:"against"`
	Worst     string       `json:"worst"`
	Impacts   []diffImpact `json:"impacts"`
	Files     []diffFile   `json:"files"`
}

type diffImpact struct {
	Class   string   `json:"class"`
	Machine string   `json:"machine,omitempty"`
	Step    string   `json:"step,omitempty"`
	Path    string   `json:"path,omitempty"`
	Change  string   `json:"change"`
	Reason  string   `json:"reason"`
	Drags   []string `json:"drags,omitempty"`
	Prune   bool     `json:"prune,omitempty"`
}

type diffFile struct {
	Machines []string `json:"machines,omitempty"`
	Path     string   `json:"path"`
	Change   string   `json:"change"`
	Added    int      `json:"added"`
	Removed  int      `json:"removed"`
	Hunks    string   `json:"hunks,omitempty"`
}

func (d difference) json() diffReport {
	r := diffReport{
		Generator: "stackgen", Version: 1, Stack: d.stack, Against: d.against,
		Worst: impact.Worst(d.impacts).String(), Impacts: []diffImpact{}, Files: []diffFile{},
	}
	for _, i := range d.impacts {
		r.Impacts = append(r.Impacts,
			diffImpact{i.Class.String(), i.Machine, i.Step, i.Path, i.Change, i.Reason, i.Drags, i.Prune})
	}
	for _, f := range d.files {
		r.Files = append(r.Files, diffFile{f.machines, f.path, f.change, f.plus, f.minus, f.hunks})
	}
	return r
}
