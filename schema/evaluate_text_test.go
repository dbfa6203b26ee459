package schema

import (
	"strings"
	"testing"

	"stackgen/schema/internal/evaluate"

	"github.com/google/go-jsonnet"
)

// evaluated evaluates a file among others.
func evaluated(t *testing.T, file string, files map[string]string) (any, string) {
	t.Helper()
	data := map[string]jsonnet.Contents{}
	for name, text := range files {
		data[name] = jsonnet.MakeContents(text)
	}
	in := Input{File: file, Importer: &jsonnet.MemoryImporter{Data: data}}
	doc, diags, err := evaluate.File(in)
	if err != nil {
		t.Fatal(err)
	}
	if len(diags) == 0 {
		return doc, ""
	}
	Locate(in, diags)
	return nil, diags[0].Pos.String() + ": " + diags[0].Message + " (" + diags[0].Rule + ")"
}

// TestNesting refuses what the parser has no stack for, and nothing that only looks
// like it.
// deepest is how deep a topology may nest.
const deepest = 2000

func TestNesting(t *testing.T) {
	n := deepest + 1
	times := strings.Repeat
	for name, tt := range map[string]struct{ program, want string }{
		"lists":         {times("[", 200_000), "p:1:2001"},
		"parentheses":   {times("(", n) + "1" + times(")", n), "p:1:2001"},
		"objects":       {times("{a:\n", 200_000), "p:2001:1"},
		"locals":        {times("local a = 1; ", n) + "a", "p:1:26001"},
		"conditions":    {times("if false then 1 else ", n) + "1", "p:1:42001"},
		"functions":     {times("function(x) ", n) + "1", "p:1:23997"},
		"behind text":   {"['[', " + times("[", n), "p:1:2006"},
		"behind blocks": {"|||\n  ((\n||| + " + times("(", n), "p:3:2007"},

		"not quite":   {times("(", n-1) + "1" + times(")", n-1), ""},
		"elements":    {"[" + times("if true then [1] else error 'no', ", n) + "]", ""},
		"names":       {"local if_ = 1, locals = 2, x9 = 3; [" + times("locals + if_ * x9 + ", n) + "0]", ""},
		"strings":     {"['" + times("[", n) + `\'"', "` + times("{", n) + `\"'", @'` + times("(", n) + `\', @"''` + times("[", n) + `"]`, ""},
		"comments":    {"// " + times("[", n) + "\n# " + times("[", n) + "\n/* ' " + times("[", n) + "*/ 1", ""},
		"block":       {"|||\n  ' " + times("[", n) + "\n|||", ""},
		"division":    {"1 / 2 / " + times("1 / ", n) + "1", ""},
		"closed":      {"[" + times("{a: (1)}, ", n) + "]", ""},
		"not Jsonnet": {times("]", n), "p:1:1: unexpected: "},
		"cut short":   {"[" + times("1, ", n) + "'", "p:1:6005: unterminated String"},
		"escape":      {"[" + times("1, ", n) + `'\`, "p:1:6005: unterminated String"},
		"no block":    {"[" + times("1, ", n) + "|||", "p:1:6005"},
	} {
		_, got := evaluated(t, "p", map[string]string{"p": tt.program})
		deep := strings.HasSuffix(got, ": this is nested more than 2000 deep (jsonnet/limit)")
		if !strings.HasPrefix(got, tt.want) || tt.want == "" && got != "" || deep != (tt.want != "" && !strings.Contains(tt.want, ": ") && name != "no block") {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// TestNotText refuses bytes that would turn into U+FFFD, where they are, and lets
// programs have the bytes of a file.
func TestNotText(t *testing.T) {
	files := map[string]string{
		"latin1.jsonnet": "{\n  a: 'ä', b: 'caf\xe9' }", "latin1": "'caf\xe9'", "utf16.json": "\xff\xfe{\x00}\x00", "utf8.jsonnet": "{ a: 'café \ufffd' }",
		"imports.jsonnet": "{ a: import 'latin1.jsonnet' }", "text.jsonnet": "{ a: importstr 'logo.png' }", "bytes.jsonnet": "{ a: importbin 'logo.png' }",
		"unused.jsonnet": "{ a:: importstr 'logo.png' }", "nested.jsonnet": "{ a: import 'text.jsonnet' }", "logo.png": "PNG\n\x89", "readme": "caf\xc3\xa9",
		"good.jsonnet": "{ a: importstr 'readme', b: importstr 'utf8.jsonnet' }", "latin1.yaml": "a: 1\nb: caf\xe9\n",
	}
	for file, want := range map[string]string{
		"latin1.jsonnet":  "latin1.jsonnet:2:18: the byte 0xe9 is not UTF-8 (jsonnet/syntax)",
		"latin1":          "latin1:1:5: the byte 0xe9 is not UTF-8 (jsonnet/syntax)",
		"imports.jsonnet": "latin1.jsonnet:2:18: the byte 0xe9 is not UTF-8 (jsonnet/syntax)",
		"utf16.json":      "utf16.json:1:1: the text is UTF-16, which is not UTF-8 (jsonnet/syntax)",
		"text.jsonnet":    "text.jsonnet:1:6: logo.png is not text: in line 2 the byte 0x89 is not UTF-8 (jsonnet/import)",
		"nested.jsonnet":  "text.jsonnet:1:6: logo.png is not text: in line 2 the byte 0x89 is not UTF-8 (jsonnet/import)",
		"latin1.yaml":     "latin1.yaml:2:1: incomplete UTF-8 octet sequence (yaml/syntax)",
		"bytes.jsonnet":   "", "unused.jsonnet": "", "utf8.jsonnet": "", "good.jsonnet": "",
	} {
		if _, got := evaluated(t, file, files); got != want {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
}

// TestYAMLWords: dates are what is written, and complaints say where and speak of YAML.
func TestYAMLWords(t *testing.T) {
	for text, want := range map[string]string{
		"a: 1\nb: \"x\x01\"":     "p.yaml:2:1: control characters are not allowed (yaml/syntax)",
		"%YAML 9.9\n---\na: 1":   "p.yaml:1:1: found incompatible YAML document (yaml/syntax)",
		strings.Repeat("[", 1e5): "p.yaml:1:1: exceeded max depth of 10000 (yaml/syntax)",
		"a: 1\n? [b, c]\n: 2":    "p.yaml:2:1: a list or a map is given where a key is wanted (yaml/syntax)",
	} {
		if _, got := evaluated(t, "p.yaml", map[string]string{"p.yaml": text}); got != want {
			t.Errorf("%.20q: %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]any{
		"a: 2026-1-02": "2026-1-02", "a: 2026-01-02T03:04:05Z": "2026-01-02T03:04:05Z", "a: '2026-01-02'": "2026-01-02", "a: 20260102": 20260102.0,
		"a: '010'": "010", "a: 010": "010", "a: 0644": "0644", "a: -07": "-07", "010: x\na: y": "y", "a: 0o10": 8.0, "a: 0": 0.0, "a: 0.5": 0.5, "a: 0x10": 16.0, "a: 00:11": "00:11", "a: 052-1": "052-1",
		"x: &x 2026-01-02\na: *x": "2026-01-02",
	} {
		doc, got := evaluated(t, "p.yaml", map[string]string{"p.yaml": text})
		if m, _ := doc.(map[string]any); got != "" || m["a"] != want {
			t.Errorf("%q: %v %s, want %v", text, doc, got, want)
		}
	}
}

// TestPlaceless: a finding names a file, if nothing else is known of its place.
func TestPlaceless(t *testing.T) {
	for program, want := range map[string]string{
		"{ a: self }":   "p:1:1: max stack frames exceeded (jsonnet/runtime)",
		"function(x) x": "p:1:1: missing argument: x (jsonnet/runtime)",
	} {
		if _, got := evaluated(t, "p", map[string]string{"p": program}); got != want {
			t.Errorf("%s: %q, want %q", program, got, want)
		}
	}
}
