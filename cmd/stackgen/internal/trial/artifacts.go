package trial

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/diag"
	"stackgen/schema/suite"
)

// artifacts looks into the files that render would write.
func (t *trial) artifacts(wanted []suite.Artifact) {
	if len(wanted) == 0 || !t.renders(diag.Join(t.path, "artifacts")) {
		return
	}
	for _, w := range wanted {
		at := diag.Join(t.path, "artifacts", w.Path)
		i := slices.IndexFunc(t.files, func(f artifact.File) bool { return f.TreePath() == w.Path })
		switch {
		case i < 0 && !w.Absent:
			t.failures.Errorf("test/artifact", at, "there is no file %q", w.Path).AtKey().Hintf("%s", t.neighbours(w.Path))
		case i >= 0 && w.Absent:
			t.failures.Errorf("test/artifact", at, "there is a file %q", w.Path).AtKey()
		case i >= 0:
			t.content(t.files[i], w, at)
		}
	}
}

// neighbours says what else is in the folder of a file that is missing, or of
// that name elsewhere.
func (t *trial) neighbours(name string) string {
	var beside, elsewhere []string
	for _, f := range t.files {
		switch p := f.TreePath(); {
		case path.Dir(p) == path.Dir(name):
			beside = append(beside, p)
		case path.Base(p) == path.Base(name):
			elsewhere = append(elsewhere, p)
		}
	}
	list := append(elsewhere, beside...)
	if len(list) == 0 {
		return "stackgen render writes all files"
	}
	return "there is " + strings.Join(list[:min(len(list), 4)], ", ")
}

// content compares a file with all that is expected of it.
func (t *trial) content(f artifact.File, w suite.Artifact, at string) {
	if w.Equals != "" {
		t.equal(f.Content, w.Equals, diag.Join(at, "equals"))
	}
	lines := strings.Split(f.Content, "\n")
	for i, text := range w.Contains {
		if !strings.Contains(f.Content, text) {
			t.failures.Errorf("test/artifact", diag.Join(at, "contains", i), "the file has no text %q", text).
				Hintf("%s", near(text, lines))
		}
	}
	for i, text := range w.Lacks {
		if strings.Contains(f.Content, text) {
			t.failures.Errorf("test/artifact", diag.Join(at, "lacks", i), "the file has the text %q, in line %d", text,
				lineOf(f.Content, text))
		}
	}
	for i, text := range w.Lines {
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.TrimSpace(l) == strings.TrimSpace(text) }) {
			t.failures.Errorf("test/artifact", diag.Join(at, "lines", i), "the file has no line %q", text).
				Hintf("%s", near(text, lines))
		}
	}
	for _, v := range w.XML {
		t.xml(f.Content, v, diag.Join(at, "xml", v.Path))
	}
}

func lineOf(content, text string) int {
	return 1 + strings.Count(content[:strings.Index(content, text)], "\n")
}

// equal tells the first line that differs.
func (t *trial) equal(got, want, at string) {
	g, w := strings.Split(strings.TrimRight(got, "\n"), "\n"), strings.Split(strings.TrimRight(want, "\n"), "\n")
	for i := range max(len(g), len(w)) {
		switch {
		case i >= len(g):
			t.failures.Errorf("test/artifact", at, "the file ends before line %d: %q", i+1, w[i])
		case i >= len(w):
			t.failures.Errorf("test/artifact", at, "the file goes on in line %d: %q", i+1, g[i])
		case g[i] != w[i]:
			t.failures.Errorf("test/artifact", at, "line %d is %q, and %q was expected", i+1, g[i], w[i])
		default:
			continue
		}
		return
	}
}

// near is the line that has most in common with a text: its beginning first,
// then its words.
func near(text string, lines []string) string {
	best, score := "", 0
	for _, l := range lines {
		if n := likeness(strings.TrimSpace(text), strings.TrimSpace(l)); n > score {
			best, score = strings.TrimSpace(l), n
		}
	}
	if best == "" {
		return "the file is nothing like it"
	}
	return fmt.Sprintf("there is %q", best)
}

func likeness(a, b string) (score int) {
	for score < min(len(a), len(b)) && a[score] == b[score] {
		score++
	}
	for _, word := range strings.Fields(a) {
		if slices.Contains(strings.Fields(b), word) {
			score += len(word)
		}
	}
	return score
}

func (t *trial) xml(content string, v suite.Values, at string) {
	got, err := valuesAt(content, v.Path)
	switch {
	case err != nil:
		t.failures.Errorf("test/artifact", at, "the file is not XML: %v", err).AtKey()
	case !slices.Equal(got, v.Want):
		t.failures.Errorf("test/artifact", at, "%s is %q, and %q was expected", v.Path, got, v.Want)
	}
}
