package evaluate

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"stackgen/schema/diag"
	"stackgen/schema/internal/pattern"

	"gopkg.in/yaml.v3"
)

// evaluateYAML reads one YAML document.
func evaluateYAML(file string, lines []string) (any, diag.List, error) {
	var doc any
	var first, next yaml.Node
	var diags diag.List
	decoder := yaml.NewDecoder(strings.NewReader(strings.Join(lines, "\n")))
	err := decoder.Decode(&first)
	if err == nil {
		err = cmp.Or(asWritten(&first), first.Decode(&doc))
	}
	if err != nil && !errors.Is(err, io.EOF) {
		yamlFindings(&diags, err, file, lines)
		return nil, diags, nil
	}
	if err == nil && !errors.Is(decoder.Decode(&next), io.EOF) {
		d := diags.Errorf("yaml/documents", "", "the file has more than one document").
			Hintf("a topology is one document; leave out the second ---")
		d.Pos = wholeLine(file, lines, next.Line)
		return nil, diags, nil
	}
	plain := plainJSON(doc, "", &diags)
	return plain, diags, nil
}

// zeroFirst is a number of two meanings: 010 is 8 in YAML 1.1, and to the parser, and
// 10 in YAML 1.2.
var zeroFirst = pattern.Lazy(`^[-+]?0[0-9_]+$`)

// asWritten makes text of dates and of numbers with two meanings, so that they are what
// is written. The parser would make points in time of dates, which JSON does not have.
// It fails on keys that JSON does not have either.
func asWritten(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode && n.Style == 0 && (n.ShortTag() == "!!timestamp" || zeroFirst().MatchString(n.Value)) {
		n.Tag = "!!str"
	}
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && Resolve(c).Kind != yaml.ScalarNode {
			return fmt.Errorf("line %d: a list or a map is given where a key is wanted", c.Line)
		}
		if err := asWritten(c); err != nil {
			return err
		}
	}
	return nil
}

// yamlLine is how the parser tells the place of an error: by its line alone.
var yamlLine = pattern.Lazy(`^line (\d+): `)

// yamlFindings reports a syntax error, or each key that is given twice, and
// points at the whole line.
func yamlFindings(diags *diag.List, err error, file string, lines []string) {
	var several *yaml.TypeError
	if !errors.As(err, &several) {
		several = &yaml.TypeError{Errors: []string{strings.TrimPrefix(firstLine(err.Error()), "yaml: ")}}
	}
	for _, message := range several.Errors {
		n := oddLine(lines)
		if m := yamlLine().FindStringSubmatch(message); m != nil {
			n, _ = strconv.Atoi(m[1]) // digits
		}
		d := diags.Errorf("yaml/syntax", "", "%s", yamlLine().ReplaceAllString(message, ""))
		d.Pos = wholeLine(file, lines, n)
	}
}

// oddLine is the first line with a byte or character that YAML does not allow, of
// which the parser does not tell the place; the first of all if there is none.
func oddLine(lines []string) int {
	control := func(r rune) bool { return r < ' ' && r != '\t' && r != '\r' || r == 0x7f }
	for i, line := range lines {
		if !utf8.ValidString(line) || strings.ContainsFunc(line, control) {
			return i + 1
		}
	}
	return 1
}

// wholeLine is a line without the space around it.
func wholeLine(file string, lines []string, n int) diag.Pos {
	if n < 1 || n > len(lines) {
		return diag.Pos{}
	}
	text := strings.TrimRight(lines[n-1], " \t\r")
	indent := len(text) - len(strings.TrimLeft(text, " \t"))
	return diag.Pos{File: file, Line: n, Column: indent + 1, EndLine: n, EndColumn: utf8.RuneCountInString(text) + 1}
}

// plainJSON turns what YAML gives into what JSON gives: keys are text (a rule
// number is often written without quotes) and numbers are float64. What JSON
// cannot hold is reported.
func plainJSON(v any, path string, diags *diag.List) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = plainJSON(e, diag.Join(path, k), diags)
		}
	case map[any]any:
		return plainMap(v, path, diags)
	case []any:
		for i, e := range v {
			v[i] = plainJSON(e, diag.Join(path, i), diags)
		}
	case int:
		return float64(v)
	case int64:
		return float64(v)
	case uint64:
		return float64(v)
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			diags.Errorf("yaml/number", path, "%v is not a number that JSON knows", v).Hintf("write a finite number")
		}
	case string, bool, nil:
	default:
		return fmt.Sprint(v) // of a tag, such as a timestamp
	}
	return v
}

// plainMap makes text of keys that are not.
func plainMap(v map[any]any, path string, diags *diag.List) map[string]any {
	m := make(map[string]any, len(v))
	for k, e := range v {
		name := fmt.Sprint(k)
		if _, taken := m[name]; taken {
			diags.Errorf("yaml/duplicate-key", diag.Join(path, name), "key %q is given twice, in two ways of writing it", name).
				AtKey().Hintf("leave one of them out")
		}
		m[name] = plainJSON(e, diag.Join(path, name), diags)
	}
	return m
}

// Resolve is the node that an alias stands for.
func Resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}
