package locate

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stackgen/schema/diag"
	"stackgen/schema/internal/evaluate"

	"github.com/google/go-jsonnet"
)

// The strongest law of positions: what stands at a position that is not
// computed is what makes the value. So when that text is replaced, the value at
// the path is what it was replaced by; and when a key is, the object has the
// other key.

const sentinel = "sentinel_"

// overlay imports a file with one range of it replaced.
type overlay struct {
	next jsonnet.Importer
	pos  diag.Pos
	text string
	made *jsonnet.Contents
}

func (o *overlay) Import(from, name string) (jsonnet.Contents, string, error) {
	c, foundAt, err := o.next.Import(from, name)
	if err != nil || foundAt != o.pos.File {
		return c, foundAt, err
	}
	if o.made == nil {
		m := jsonnet.MakeContents(replaceAt(strings.TrimPrefix(c.String(), utf8Mark), o.pos, o.text))
		o.made = &m
	}
	return *o.made, foundAt, nil
}

// offsets are where a position begins and ends in a text, in bytes.
func offsets(text string, pos diag.Pos) (begin, end int) {
	return offset(text, pos.Line, pos.Column), offset(text, pos.EndLine, pos.EndColumn)
}

func offset(text string, line, column int) int {
	at := 0
	for range line - 1 {
		at += strings.IndexByte(text[at:], '\n') + 1
	}
	for i := range text[at:] {
		if column--; column == 0 {
			return at + i
		}
	}
	return len(text)
}

func replaceAt(text string, pos diag.Pos, by string) string {
	begin, end := offsets(text, pos)
	return text[:begin] + by + text[end:]
}

// lawChecker checks all positions of one topology.
type lawChecker struct {
	t     *testing.T
	in    evaluate.Input
	exact int
	all   int
}

func checkLaw(t *testing.T, in evaluate.Input) (exact, all int) {
	t.Helper()
	l, err := newJsonnetLocator(in, evaluate.NewSources(in.Importer))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := l.evaluate(l.result)
	if err != nil {
		t.Fatal(err)
	}
	c := lawChecker{t: t, in: in}
	c.walk(l, nil, doc)
	return c.exact, c.all
}

func (c *lawChecker) walk(l *jsonnetLocator, tokens []string, v any) {
	c.value(l, tokens, v)
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			below := append(slices.Clone(tokens), k)
			c.key(l, below)
			c.walk(l, below, v[k])
		}
	case []any:
		for i, e := range v {
			c.walk(l, append(slices.Clone(tokens), fmt.Sprint(i)), e)
		}
	}
}

// value checks the position of a value.
func (c *lawChecker) value(l *jsonnetLocator, tokens []string, v any) {
	path := diag.Path(anys(tokens)...)
	pos := l.find(path, false).pos
	c.all++
	if !pos.IsValid() {
		c.t.Errorf("%s: no position", path)
		return
	}
	if pos.Computed {
		return
	}
	c.exact++
	got, err := c.mutated(pos, replacement(v), tokens)
	if err != nil {
		c.t.Logf("%s: %v: cannot be tried: %v", path, pos, lineOne(err.Error()))
		return
	}
	switch want := v.(type) {
	case map[string]any:
		if m, _ := got.(map[string]any); m[sentinel] == nil {
			c.t.Errorf("%s: the object is not made at %v: %.80q", path, pos, c.text(pos))
		}
	case []any:
		if s, _ := got.([]any); !slices.Contains(s, any(sentinel)) {
			c.t.Errorf("%s: the array is not made at %v: %.80q", path, pos, c.text(pos))
		}
	default:
		if s := jsonText(got); s != strings.Trim(replacement(want), "()") {
			c.t.Errorf("%s: %v is not made at %v: %.80q; replaced it is %s", path, want, pos, c.text(pos), s)
		}
	}
}

// replacement is another value of the same type, as Jsonnet.
func replacement(v any) string {
	switch v := v.(type) {
	case bool:
		return fmt.Sprint(!v)
	case float64:
		return "(987654321)"
	case map[string]any:
		return "({" + sentinel + ": 1})"
	case []any:
		return "(['" + sentinel + "'])"
	}
	return `"` + sentinel + `"`
}

// key checks the position of a key.
func (c *lawChecker) key(l *jsonnetLocator, tokens []string) {
	path := diag.Path(anys(tokens)...)
	pos := l.find(path, true).pos
	c.all++
	if !pos.IsValid() {
		c.t.Errorf("%s: no position of the key", path)
		return
	}
	if pos.Computed {
		return
	}
	c.exact++
	by := sentinel
	if strings.ContainsAny(c.text(pos)[:1], `'"@|`) {
		by = "'" + sentinel + "'"
	}
	got, err := c.mutated(pos, by, tokens[:len(tokens)-1])
	if err != nil {
		c.t.Logf("%s: %v: cannot be tried: %v", path, pos, lineOne(err.Error()))
		return
	}
	if m, _ := got.(map[string]any); m[sentinel] == nil {
		c.t.Errorf("%s: the key is not made at %v: %.80q", path, pos, c.text(pos))
	}
}

func (c *lawChecker) text(pos diag.Pos) string {
	contents, _, err := c.in.Importer.Import("", pos.File)
	if err != nil {
		c.t.Fatal(err)
	}
	text := strings.TrimPrefix(contents.String(), utf8Mark)
	begin, end := offsets(text, pos)
	return text[begin:end]
}

// mutated is the value at a path when a range of a file is replaced; an object
// is given by its keys alone.
func (c *lawChecker) mutated(pos diag.Pos, by string, tokens []string) (any, error) {
	in := c.in
	in.Importer = &overlay{next: in.Importer, pos: pos, text: by}
	l, err := newJsonnetLocator(in, evaluate.NewSources(in.Importer))
	if err != nil {
		return nil, err
	}
	return l.evaluate(`
		local at(v, token) = if std.isArray(v) then v[std.parseInt(token)] else v[token];
		local v = std.foldl(at, ` + jsonText(append([]string{}, tokens...)) + `, ` + l.result + `);
		if std.isObject(v) then {[k]: 1 for k in std.objectFields(v)}
		else if std.isArray(v) then [if std.isString(e) then e for e in v]
		else v`)
}

func anys(tokens []string) []any {
	list := make([]any, len(tokens))
	for i, t := range tokens {
		list[i] = t
	}
	return list
}

func TestLawOnFixtures(t *testing.T) {
	files, err := filepath.Glob("../../../fixtures/*/topology.jsonnet")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			exact, all := checkLaw(t, evaluate.Input{File: file, Importer: &jsonnet.FileImporter{}})
			t.Logf("%d of %d positions are exact", exact, all)
		})
	}
}
