package schema

import (
	"strconv"
	"strings"
)

// wordList writes names as a sentence does: "a", "b" and "c".
func wordList(names []string, conjunction string) string {
	quotedNames := make([]string, len(names))
	for i, n := range names {
		quotedNames[i] = strconv.Quote(n)
	}
	return sentenceList(quotedNames, conjunction)
}

// sentenceList joins words as a sentence does: a, b and c.
func sentenceList(words []string, conjunction string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + conjunction + " " + words[last]
}

// quoted is what a thing is and its name: VM "web01".
func quoted(kind, name string) string { return kind + " " + strconv.Quote(name) }
