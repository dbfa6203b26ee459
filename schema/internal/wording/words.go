// Package wording puts names and lists into sentences, and finds what a mistyped
// word most likely meant.
package wording

import (
	"strconv"
	"strings"
)

// QuotedList writes names as a sentence does: "a", "b" and "c".
func QuotedList(names []string, conjunction string) string {
	quotedNames := make([]string, len(names))
	for i, n := range names {
		quotedNames[i] = strconv.Quote(n)
	}
	return List(quotedNames, conjunction)
}

// List joins words as a sentence does: a, b and c.
func List(words []string, conjunction string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + conjunction + " " + words[last]
}

// Quoted is what a thing is and its name: VM "web01".
func Quoted(kind, name string) string { return kind + " " + strconv.Quote(name) }
