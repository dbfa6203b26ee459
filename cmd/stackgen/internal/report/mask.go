package report

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"stackgen/schema/diag"
)

// keyed is a key with text as its value, in Jsonnet, JSON or YAML, or a local.
// The text may go on in the next line.
var keyed = regexp.MustCompile(`["']?([\w.-]+)["']?\s*(?:\+?:{1,3}|=)\s*(` +
	`@"(?:[^"]|"")*"?|@'(?:[^']|'')*'?|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.|'')*'?|[^\s{\["'#@(][^,}#]*)`)

// maxMasked is how far from a place secrets are looked for, in characters: much farther
// than a line is shown, for a key may stand long before the end of its value.
const maxMasked = 100_000

// maskSecrets hides what may be a secret in a line: text whose key has the name
// of one, and the place itself if hide is set. A report ends up in logs.
// The line keeps its length.
func maskSecrets(line string, pos diag.Pos, hide bool) string {
	runes := []rune(line)
	at, before := 0, 0 // a byte of the line, and how many characters come before it
	for _, m := range keyed.FindAllStringSubmatchIndex(line, -1) {
		if key := line[m[2]:m[3]]; diag.NamesSecret(key) && key != "secret" {
			before += utf8.RuneCountInString(line[at:m[4]])
			at = m[4]
			mask(runes[before : before+utf8.RuneCountInString(line[m[4]:m[5]])])
		}
	}
	if hide {
		begin := min(max(pos.Column-1, 0), len(runes))
		end := len(runes)
		if pos.EndLine == pos.Line {
			end = min(max(pos.EndColumn-1, begin), len(runes))
		}
		mask(runes[begin:end])
	}
	return string(runes)
}

// mask hides text, but not the quotes around it.
func mask(text []rune) {
	const quotes = `@'"`
	begin, end := 0, len(text)
	for begin < end && strings.ContainsRune(quotes, text[begin]) {
		begin++
	}
	if begin > 0 && end > begin && strings.ContainsRune(quotes, text[end-1]) {
		end--
	}
	for i := begin; i < end; i++ {
		if !unicode.IsSpace(text[i]) {
			text[i] = '*'
		}
	}
}

// hidesSecret tells whether the value that a finding is about may be a secret
// that was written where its name belongs.
func hidesSecret(d diag.Diagnostic) bool {
	if d.Hidden {
		return true
	}
	if d.OnKey || d.Pos.Computed {
		return false
	}
	tokens := diag.Split(d.Path)
	for len(tokens) > 0 {
		last := tokens[len(tokens)-1]
		if _, err := strconv.Atoi(last); err != nil {
			return diag.NamesSecret(last) && last != "secret"
		}
		tokens = tokens[:len(tokens)-1]
	}
	return false
}
