// Package shell writes words for a POSIX shell. It takes text and gives the
// word that a shell reads back as exactly that text.
package shell

import (
	"fmt"
	"strings"
)

// isPlain reports whether a character means nothing to a POSIX shell in an
// argument. (As the first word of a command "=" makes an assignment; no caller
// puts foreign text there.)
func isPlain(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return true
	}
	return strings.ContainsRune("_@%+=:,./-", r)
}

// Quote makes one word of s. Text of plain characters stays as it is; all else
// stands in single quotes, where only the single quote itself is special (POSIX
// shell, 2.2.2). A NUL cannot be in a word; the schema refuses it.
func Quote(s string) string {
	special := func(r rune) bool { return !isPlain(r) }
	if s != "" && !strings.ContainsFunc(s, special) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// Join makes a command line of an argument list.
func Join(argv ...string) string {
	words := make([]string, len(argv))
	for i, a := range argv {
		words[i] = Quote(a)
	}
	return strings.Join(words, " ")
}

// Until makes a line of bash that repeats a command until it succeeds. When it
// has not done so after some seconds, the line says what is wrong and fails.
func Until(seconds int, command, wrong string) string {
	loop := "until " + command + "; do sleep 0.2; done >/dev/null 2>&1"
	return fmt.Sprintf("timeout %d bash -c %s || { echo %s >&2; false; }", seconds, Quote(loop), Quote(wrong))
}
