package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"stackgen/cmd/stackgen/internal/provenance"
	"stackgen/cmd/stackgen/internal/report"
	"stackgen/render"
	"stackgen/render/artifact"
	"stackgen/schema"
	"stackgen/schema/diag"

	"github.com/spf13/cobra"
)

// explainLine prints the origins of one line of a rendered tree: data, on
// stdout.
func explainLine(cmd *cobra.Command, flags *topologyFlags, place string, args []string) error {
	name, line, err := fileLine(place)
	if err != nil {
		return usageError{cmd.CommandPath(), err}
	}
	in, err := flags.input(cmd, args)
	if err != nil {
		return err
	}
	c, err := flags.loadReported(cmd, in)
	if err != nil {
		return err
	}
	file, err := renderedFile(c, name)
	if err != nil {
		return err
	}
	if err := unchanged(name, file); err != nil {
		return err
	}
	var text string
	err = flags.limits.within(in, func(in schema.Input) error {
		doc, _, err := schema.Evaluate(in)
		if err != nil {
			return err
		}
		l, ok := provenance.Of(doc, file.TreePath(), line, wordGroups(), rendered)
		if !ok {
			return fmt.Errorf("%s has no line %d", name, line)
		}
		text = explanation(in, place, l)
		return nil
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(cmd.OutOrStdout(), text)
	return err
}

// fileLine reads FILE:LINE.
func fileLine(place string) (file string, line int, err error) {
	i := strings.LastIndexByte(place, ':')
	if i > 0 {
		if line, err = strconv.Atoi(place[i+1:]); err == nil && line > 0 {
			return place[:i], line, nil
		}
	}
	return "", 0, fmt.Errorf("%q is not FILE:LINE", place)
}

// renderedFile finds a file of the tree by a name that ends in its path.
func renderedFile(c checked, name string) (found artifact.File, err error) {
	files, err := c.rendering.Files()
	if err != nil {
		return found, err
	}
	slashed := "/" + filepath.ToSlash(filepath.Clean(name))
	for _, f := range files {
		if strings.HasSuffix(slashed, "/"+f.TreePath()) && len(f.TreePath()) > len(found.TreePath()) {
			found = f
		}
	}
	if found.Path == "" {
		return found, hintedError{fmt.Errorf("%s is not a file of the stack %s", name, c.topo.Name),
			"name a file of its output folder; out/manifest.json lists them"}
	}
	return found, nil
}

// unchanged fails when a file is there and is not what is rendered: its line
// numbers would mean nothing.
func unchanged(name string, f artifact.File) error {
	text, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && string(text) == f.Content:
		return nil
	case err != nil:
		return fmt.Errorf("reading the rendered file: %w", err)
	}
	return hintedError{fmt.Errorf("%s is not what the topology renders", name), "run stackgen render first"}
}

// rendered is one file of the tree of an evaluated topology.
func rendered(doc any, file string) (content string, ok bool) {
	topo, diags, err := schema.LoadValue(doc)
	if err != nil || topo == nil {
		return "", false
	}
	more, rendering := render.Prepare(topo)
	if schema.Judge(topo, append(diags, more...)).HasErrors() {
		return "", false
	}
	files, err := rendering.Files()
	if err != nil {
		return "", false
	}
	for _, f := range files {
		if f.TreePath() == file {
			return f.Content, true
		}
	}
	return "", true
}

// wordGroups are the lists of words in the schema of which a value is one.
func wordGroups() (lists [][]string) {
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			if enum, ok := v["enum"].([]any); ok {
				var list []string
				for _, e := range enum {
					list = append(list, fmt.Sprint(e))
				}
				lists = append(lists, list)
			}
			for _, e := range v {
				walk(e)
			}
		}
	}
	var doc any
	if err := json.Unmarshal(schema.Text, &doc); err != nil {
		panic(err) // the schema is part of the program
	}
	walk(doc)
	return lists
}

// explanation is what is printed: the line, what it is made of, and without
// which parts of the topology it would not be there.
func explanation(in schema.Input, place string, l provenance.Line) string {
	return fmt.Sprintf("%s\n  %s\n%s", place, report.Printable(l.Text), origins(in, l))
}

// origins is what a line is made of, and because of what it is there.
func origins(in schema.Input, l provenance.Line) string {
	var diags diag.List
	var notes []string
	for _, o := range l.Origins {
		d := diags.Errorf("", o.Path, "")
		d.OnKey = o.Key
		note := "its name"
		if !o.Key {
			text, _ := json.Marshal(o.Value) // a leaf
			note = string(text)
		}
		notes = append(notes, note+togetherWith(o.With))
	}
	for _, c := range l.Causes {
		diags.Errorf("", c, "").OnKey = true
		notes = append(notes, "")
	}
	schema.Locate(in, diags)
	var b strings.Builder
	for i, d := range diags {
		switch {
		case i == 0 && len(l.Origins) > 0:
			b.WriteString("made of\n")
		case i == len(l.Origins):
			b.WriteString("because of\n")
		}
		b.WriteString(strings.TrimRight("  "+report.Printable(d.Path+"  "+notes[i]), " ") + "\n    " +
			positionText(d.Pos) + "\n")
	}
	if len(diags) == 0 {
		b.WriteString("no single value of the topology changes this line\n")
	}
	return b.String()
}

// togetherWith names equal values that only make sense when they are changed at once.
func togetherWith(paths []string) string {
	const most = 2
	switch n := len(paths); {
	case n == 0:
		return ""
	case n > most:
		return fmt.Sprintf(", together with %s and %d more", strings.Join(paths[:most], ", "), n-most)
	}
	return ", together with " + strings.Join(paths, ", ")
}

func positionText(p diag.Pos) string {
	switch {
	case !p.IsValid():
		return "place not known"
	case p.Computed:
		return report.Printable(p.String()) + " (computed there)"
	}
	return report.Printable(p.String())
}
