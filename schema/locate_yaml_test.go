package schema

import (
	"strings"
	"testing"
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
			text := byteOrderMark + strings.ReplaceAll(yamlProgram, "\n", eol)
			pos, got := at(t, Input{File: "t.yaml", Importer: files(map[string]string{"t.yaml": text})}, tt.path, tt.key)
			if want := strings.ReplaceAll(tt.want, "\n", eol); got != want || pos.Computed {
				t.Errorf("%s (key %t) is at %v computed %t: %q, want %q", tt.path, tt.key, pos, pos.Computed, got, want)
			}
		}
	}
}
