package locate

import (
	"fmt"
	"strings"
	"testing"

	"stackgen/schema/diag"
	"stackgen/schema/internal/evaluate"
)

const yamlProgram = `# comment
name: "n\"😀l"   # after
'key': 'it''s'
plain: two words   # and a comment
tab:	x
anchored: &a
  p: 1
  q: [1, "two", 'th''ree', {deep: 😀 y }]
tagged: !!str &t 12
list:
- one
- k: v
- - nested
alias: *a
of: *t
merged:
  <<: *a
  p: 2
merged2:
  <<: [{m: 1}, *a]
10: ten
empty:
block: |
  line
folded: >-
  more
  lines
many: line
  and line
last: end`

func TestYAMLPositions(t *testing.T) {
	for _, tt := range []struct {
		path string
		key  bool
		want string // what stands there
	}{
		{"/name", false, `"n\"😀l"`},
		{"/name", true, "name"},
		{"/key", true, "'key'"},
		{"/key", false, "'it''s'"},
		{"/plain", false, "two words"},
		{"/tab", false, "x"},
		{"/anchored/p", false, "1"},
		{"/anchored/q", false, "[1, \"two\", 'th''ree', {deep: 😀 y }]"},
		{"/anchored/q/1", false, `"two"`},
		{"/anchored/q/2", false, "'th''ree'"},
		{"/anchored/q/3", false, "{deep: 😀 y }"},
		{"/anchored/q/3/deep", false, "😀 y"},
		{"/anchored/q/3/deep", true, "deep"},
		{"/tagged", false, "12"},
		{"/list", false, "- one\n- k: v\n- - nested"},
		{"/list/0", false, "one"},
		{"/list/1/k", false, "v"},
		{"/list/2/0", false, "nested"},
		{"/alias/p", false, "1"},
		{"/alias", true, "alias"},
		{"/of", false, "12"},
		{"/merged/p", false, "2"},
		{"/merged/q/0", false, "1"},
		{"/merged2/m", false, "1"},
		{"/merged2/p", false, "1"},
		{"/10", false, "ten"},
		{"/10", true, "10"},
		{"/empty", false, "empty"},
		{"/block", false, "|"},
		{"/folded", false, ">-"},
		{"/many", false, "line"},
		{"/last", false, "end"},
		{"", true, yamlProgram[len("# comment\n"):]},
	} {
		for _, eol := range []string{"\n", "\r\n"} {
			text := utf8Mark + strings.ReplaceAll(yamlProgram, "\n", eol)
			pos, got := at(t, evaluate.Input{File: "t.yaml", Importer: files(map[string]string{"t.yaml": text})}, tt.path, tt.key)
			if want := strings.ReplaceAll(tt.want, "\n", eol); got != want || pos.Computed {
				t.Errorf("%s (key %t) is at %v computed %t: %q, want %q", tt.path, tt.key, pos, pos.Computed, got, want)
			}
		}
	}
}

// Whatever parses has a position for every value and key, within the file.
func FuzzYAMLPositions(f *testing.F) {
	f.Add(yamlProgram)
	f.Add("a: &x [*x, {b: \"\\\n\"}]\n? [c]\n: d\n")
	f.Add("<<: {<<: [{a: 1}]}\n'b': >\n  x\n\n\ty: z")
	f.Add("--- !!map\n&a : !<tag:yaml.org,2002:str> x # é\u0301\n*a : 😀")
	f.Fuzz(func(t *testing.T, text string) {
		in := evaluate.Input{File: "t.yaml", Importer: files(map[string]string{"t.yaml": text})}
		lines := evaluate.Lines(in)("t.yaml")
		doc, diags, err := evaluate.File(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range diags {
			inside(t, lines, d.Pos)
		}
		if len(diags) > 0 {
			return
		}
		find := locator(in)
		for _, path := range pathsOf(doc, nil, 4) {
			for _, key := range []bool{false, true} {
				inside(t, lines, find(diag.Pointer(path), key).pos)
			}
		}
		inside(t, lines, find("/no/such/0", true).pos)
	})
}

// inside fails when a known position is not within a file.
func inside(t *testing.T, lines []string, p diag.Pos) {
	t.Helper()
	if !p.IsValid() {
		return
	}
	length := func(line int) int { return len([]rune(lines[line-1])) }
	if p.Line > len(lines) || p.EndLine > len(lines) || p.EndLine < p.Line ||
		p.Column < 1 || p.Column > length(p.Line)+1 || p.EndColumn < 1 || p.EndColumn > length(p.EndLine)+1 ||
		p.EndLine == p.Line && p.EndColumn < p.Column {
		t.Errorf("%+v is not in a file of %d lines", p, len(lines))
	}
}

// pathsOf are some of the paths of a document.
func pathsOf(v any, path []string, depth int) [][]string {
	paths := [][]string{path}
	if depth == 0 {
		return paths
	}
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			paths = append(paths, pathsOf(e, append(path[:len(path):len(path)], k), depth-1)...)
		}
	case []any:
		for i, e := range v {
			paths = append(paths, pathsOf(e, append(path[:len(path):len(path)], fmt.Sprint(i)), depth-1)...)
		}
	}
	return paths
}
