package render_test

import (
	"os"
	"strings"
	"testing"
)

// routerManual is the page of the documentation that the table is.
const routerManual = "../docs/router.md"

// document compares the table of features with the documentation.
func document(t *testing.T, outcomes [][][]outcome) {
	t.Helper()
	got := manual(outcomes)
	if *update {
		if err := os.WriteFile(routerManual, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(routerManual)
	if err != nil {
		t.Fatalf("%v; `make golden` writes it", err)
	}
	if got != string(want) {
		t.Errorf("%s differs %s\n`make golden` writes it", routerManual, firstDifference(string(want), got))
	}
}

func manual(outcomes [][][]outcome) string {
	var b strings.Builder
	b.WriteString(`<!-- Written by TestGoldenFeatures of package render; make golden. -->

# What a router can do, release by release

*yes*: the feature is rendered, and the command tree of the release accepts every line. *no*: ` + "`stackgen validate`" + ` refuses it,
and says which release can and what to write instead. Nothing is left out in silence. The command trees come with no package:
where they do not lie beside the repository, the tests skip this judgement, and ` + "`make test`" + ` says so at its end.
`)
	for i, g := range groups() {
		b.WriteString("\n## " + g.title + "\n\n| feature |")
		rule := "\n|---|"
		for _, p := range platforms() {
			b.WriteString(" " + p.name + " |")
			rule += "---|"
		}
		b.WriteString(rule + "\n")
		for j, f := range g.features {
			b.WriteString("| " + f.name + " |")
			for _, o := range outcomes[i][j] {
				b.WriteString(cell(o))
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

func cell(o outcome) string {
	if o.refusal != nil {
		return " no |"
	}
	return " yes |"
}
