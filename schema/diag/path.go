package diag

import (
	"fmt"
	"strconv"
	"strings"
)

// Path makes a JSON Pointer (RFC 6901) of keys and indexes.
func Path(tokens ...any) string { return Join("", tokens...) }

// Join extends a JSON Pointer by keys and indexes.
func Join(base string, tokens ...any) string {
	var room [80]byte // nearly all fit: rules make many that nobody sees
	b := append(room[:0], base...)
	for _, t := range tokens {
		b = append(b, '/')
		switch t := t.(type) {
		case string:
			b = append(b, escape(t)...)
		case int:
			b = strconv.AppendInt(b, int64(t), 10)
		default:
			b = append(b, escape(fmt.Sprint(t))...)
		}
	}
	return string(b)
}

// Split is the keys and indexes of a JSON Pointer, unescaped.
func Split(path string) []string {
	if path == "" {
		return nil
	}
	tokens := strings.Split(path[1:], "/")
	for i, t := range tokens {
		tokens[i] = unescape(t)
	}
	return tokens
}

// escape writes "~" as "~0" and "/" as "~1", RFC 6901 section 3.
func escape(s string) string {
	if strings.IndexByte(s, '~') < 0 && strings.IndexByte(s, '/') < 0 {
		return s // nearly all; a replacer is much to build
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1")
}

// unescape undoes escape, "~1" first so that "~01" becomes "~1", RFC 6901 section 4.
func unescape(s string) string {
	if !strings.Contains(s, "~") {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
}
