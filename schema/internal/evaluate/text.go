package evaluate

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// CheckText fails on text that the parser of Jsonnet does not survive, or reads as
// something else: what is nested so deeply that it runs out of stack, which ends the
// process, and bytes that are not UTF-8, of which each becomes U+FFFD without a word.
// The error begins with file, line and column as those of the parser do.
func CheckText(file, text string) error {
	if err := checkUTF8(text); err != nil {
		line, column := lineColumn(text, invalidByte(text))
		return fmt.Errorf("%s:%d:%d-%d %w", file, line, column, column+1, err)
	}
	if at, ok := tooDeep(text); ok {
		line, column := lineColumn(text, at)
		return fmt.Errorf("%s:%d:%d-%d %s %d deep", file, line, column, column+1, nestedMore, maxNesting)
	}
	return nil
}

// How to know the complaints again.
const (
	notUTF8    = "is not UTF-8"
	notText    = " is not text:"
	nestedMore = "this is nested more than"
)

// maxNesting is how deep brackets and expressions may be nested. The parser takes five
// times as much of the worst, objects, and a topology needs a dozen.
const maxNesting = 2000

func checkUTF8(text string) error {
	switch {
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"):
		return errors.New("the text is UTF-16, which " + notUTF8)
	case !utf8.ValidString(text):
		return fmt.Errorf("the byte 0x%x %s", text[invalidByte(text)], notUTF8)
	}
	return nil
}

// invalidByte is the index of the first byte that is not UTF-8.
func invalidByte(text string) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(text)
}

// lineColumn counts lines and, in bytes, columns from 1, as the parser does.
func lineColumn(text string, at int) (line, column int) {
	before := text[:at]
	return 1 + strings.Count(before, "\n"), at - strings.LastIndexByte(before, '\n')
}

// tooDeep is where a program is nested too deeply, by brackets or by words that an
// expression follows: local a = 1; local b = 2; … is nested as ((…)) is.
func tooDeep(text string) (at int, ok bool) {
	if len(text) < maxNesting {
		return 0, false
	}
	depth := 0
	var around []int // the depth around each bracket that is open
	for i := 0; i < len(text); {
		start := i
		i = afterToken(text, i)
		switch token := text[start:i]; token {
		case "(", "[", "{":
			around = append(around, depth)
			depth++
		case ")", "]", "}":
			if n := len(around); n > 0 {
				depth, around = around[n-1], around[:n-1]
			}
		case ",": // what follows is beside it
			if n := len(around); n > 0 {
				depth = around[n-1] + 1
			}
		case "local", "assert", "if", "function", "error":
			depth++
		}
		if depth > maxNesting {
			return start, true
		}
	}
	return 0, false
}

// afterToken is where a token ends. Spaces, comments and texts are tokens, too.
func afterToken(text string, i int) int {
	rest := text[i:]
	switch c := rest[0]; {
	case isWord(c):
		for i < len(text) && isWord(text[i]) {
			i++
		}
		return i
	case c == '#', strings.HasPrefix(rest, "//"):
		return after(text, i, "\n")
	case strings.HasPrefix(rest, "/*"):
		return after(text, i+2, "*/")
	case strings.HasPrefix(rest, "|||"):
		return afterBlock(text, after(text, i, "\n"))
	case c == '@' && len(rest) > 1 && strings.IndexByte(`'"`, rest[1]) >= 0:
		return after(text, i+2, rest[1:2]) // a doubled quote begins another one
	case c == '\'', c == '"':
		for i++; i < len(text) && text[i] != c; i++ {
			if text[i] == '\\' {
				i++
			}
		}
	}
	return min(i+1, len(text))
}

// afterBlock is the end of a block of text: a line that begins with three bars.
func afterBlock(text string, i int) int {
	for i < len(text) {
		next := after(text, i, "\n")
		if line := strings.TrimLeft(text[i:next], " \t"); strings.HasPrefix(line, "|||") {
			return next - len(line) + len("|||")
		}
		i = next
	}
	return i
}

func isWord(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// after is the end of the next occurrence of a text, or of all.
func after(text string, i int, end string) int {
	if n := strings.Index(text[min(i, len(text)):], end); n >= 0 {
		return i + n + len(end)
	}
	return len(text)
}
