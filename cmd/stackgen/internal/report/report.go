// Package report shows findings to people and to programs: as text with the lines
// of the sources, as JSON, as SARIF, and as annotations of a pull request.
//
// It takes findings and gives bytes; which form is wanted, and where the bytes go,
// is the caller's business. Equal findings make equal reports: their order is that
// of the sources, and colour is for terminals only.
package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"stackgen/schema/diag"
)

// Merge puts findings in the order of their sources, and those that say the same
// about the same place together.
func Merge(diags diag.List) diag.List { return merged(inOrder(diags)) }

// inOrder sorts findings as their places stand in the sources: by file, line,
// column, rule and path. Those without a place come first.
func inOrder(diags diag.List) diag.List {
	diags = slices.Clone(diags)
	slices.SortStableFunc(diags, func(a, b diag.Diagnostic) int {
		return cmp.Or(
			strings.Compare(a.Pos.File, b.Pos.File),
			a.Pos.Line-b.Pos.Line, a.Pos.Column-b.Pos.Column,
			strings.Compare(a.Rule, b.Rule), strings.Compare(a.Path, b.Path))
	})
	return diags
}

// merged makes one finding of those that say the same about the same place: a
// value that a function or a local makes for many. The paths of the others
// become related places.
func merged(diags diag.List) (list diag.List) {
	for _, d := range diags {
		n := len(list)
		if n == 0 || !d.Pos.IsValid() || !sameMistake(list[n-1], d) {
			list = append(list, d)
			continue
		}
		list[n-1].Related = append(slices.Clip(list[n-1].Related), diag.Related{Path: d.Path, Pos: d.Pos, Message: alsoMade})
	}
	return list
}

const alsoMade = "made by the same place"

func sameMistake(a, b diag.Diagnostic) bool {
	return a.Rule == b.Rule && a.Pos == b.Pos && a.Message == b.Message && a.Hint == b.Hint && a.Severity == b.Severity
}

// Count is how many findings there are, in words.
func Count(diags diag.List) string {
	return Plural(diags.Count(diag.Error), "error") + ", " + Plural(diags.Count(diag.Warning), "warning")
}

// Plural is a number with its word: "2 tests".
func Plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
