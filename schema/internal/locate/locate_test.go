package locate

import (
	"maps"
	"strings"
	"testing"

	"stackgen/schema/diag"
	"stackgen/schema/internal/evaluate"

	"github.com/google/go-jsonnet"
)

// utf8Mark is what some editors begin a file with.
const utf8Mark = "\ufeff"

// lineOne is the first line of a text.
func lineOne(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// files are sources in memory.
func files(text map[string]string) jsonnet.Importer {
	m := &jsonnet.MemoryImporter{Data: map[string]jsonnet.Contents{}}
	for name, t := range text {
		m.Data[name] = jsonnet.MakeContents(t)
	}
	return m
}

// at locates a path and gives the position and the text that stands there.
func at(t *testing.T, in evaluate.Input, path string, key bool) (diag.Pos, string) {
	t.Helper()
	pos := locator(in)(path, key).pos
	if !pos.IsValid() {
		return pos, ""
	}
	c, _, err := in.Importer.Import("", pos.File)
	if err != nil {
		t.Fatalf("%s is in a file that cannot be read: %v", path, err)
	}
	text := strings.TrimPrefix(c.String(), utf8Mark)
	begin, end := offsets(text, pos)
	return pos, text[begin:end]
}

func with(text map[string]string, name, t string) map[string]string {
	text = maps.Clone(text)
	text[name] = t
	return text
}

func cutPrefix(s, prefix string) (string, bool) {
	return strings.TrimPrefix(s, prefix), strings.HasPrefix(s, prefix)
}

// variants are the same program as other editors would save it.
func variants(program string) []string {
	return []string{program, "\n\n" + strings.ReplaceAll(program, "\n", "\r\n"), utf8Mark + program}
}

// unify takes a text as on one kind of system.
func unify(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
