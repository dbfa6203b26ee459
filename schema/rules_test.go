package schema

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stackgen/schema/diag"
	"stackgen/schema/rules"

	"github.com/google/go-jsonnet"
)

// unreachable are rules of renderers that a topology file cannot break: a rule
// of the schema or of ours is before each. They are for those who build the model
// in another way.
var unreachable = map[string]string{
	"varnish/backend-address": "references/no-address",
	"php/env-address":         "references/no-address",
	"vyos/nat-translation":    "references/no-target",
	"vyos/value":              "schema/value",
}

// TestEveryRuleIsExplained holds the sources and package rules together.
func TestEveryRuleIsExplained(t *testing.T) {
	called, used := rulesInSources(t)
	for _, rule := range called {
		if _, ok := explanation(rule); !ok && unreachable[rule] == "" {
			t.Errorf("%s has no entry in package rules", rule)
		}
	}
	for _, r := range rules.All() {
		if !slices.ContainsFunc(used, func(rule string) bool { return rule == r.Name || isFamily(rule) && strings.HasPrefix(r.Name, rule) }) {
			t.Errorf("nothing finds %s", r.Name)
		}
		if r.What == "" || r.Why == "" || r.Breaks == "" || r.Fix == "" || r.Source == "" {
			t.Errorf("%s is not explained: %+v", r.Name, r)
		}
	}
}

// explanation is the entry of a rule, or one of a family: "vyos/unsupported-".
func explanation(rule string) (rules.Rule, bool) {
	if !isFamily(rule) {
		return rules.Find(rule)
	}
	for _, r := range rules.All() {
		if strings.HasPrefix(r.Name, rule) {
			return r, true
		}
	}
	return rules.Rule{}, false
}

func isFamily(rule string) bool { return strings.HasSuffix(rule, "-") }

// TestEveryRuleHasFixture wants a file in fixtures/bad for each rule.
func TestEveryRuleHasFixture(t *testing.T) {
	found := map[string]bool{}
	for _, file := range badFixtures(t) {
		_, diags := loaded(t, Input{File: file, Importer: &jsonnet.FileImporter{}})
		for _, d := range diags {
			found[d.Rule] = true
		}
	}
	for _, r := range rules.All() {
		if !found[r.Name] {
			t.Errorf("no file in fixtures/bad breaks %s", r.Name)
		}
	}
}

// TestExamples runs what the explanations give as examples: one breaks the rule,
// the other comes close, and breaks nothing that a topology could not be
// rendered with.
func TestExamples(t *testing.T) {
	for _, r := range rules.All() {
		if subject, _, _ := strings.Cut(r.Name, "/"); subject == "jsonnet" || subject == "yaml" {
			continue // whole files; fixtures/bad has them
		}
		t.Run(r.Name, func(t *testing.T) {
			if _, diags := patched(t, r.Breaks); !broken(diags, r.Name) {
				t.Errorf("%s does not break it:\n%s", r.Breaks, rulesOf(diags))
			}
			_, diags := patched(t, r.Passes)
			if r.Passes == "" || broken(diags, r.Name) || diags.HasErrors() {
				t.Errorf("%s breaks something:\n%s", r.Passes, rulesOf(diags))
			}
		})
	}
}

func broken(diags diag.List, rule string) bool {
	return slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return d.Rule == rule })
}

// ruleName matches the name of a rule, or the beginning of those of several.
var ruleName = regexp.MustCompile(`^[a-z0-9]+/[a-z0-9-]+$`)

// rulesInSources are the rules that Errorf and Warningf are called with, here
// and in the renderers, and all that is written like one. One that ends in a
// hyphen is the beginning of several.
func rulesInSources(t *testing.T) (called, written []string) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && path != ".." && filepath.Dir(path) == ".." && d.Name() != "schema" && d.Name() != "render" {
			return cmp.Or(err, filepath.SkipDir)
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || filepath.Base(filepath.Dir(path)) == "rules" {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if rule, ok := ruleOf(t, n); ok && ruleName.MatchString(rule) {
				called = append(called, rule)
			}
			if s, ok := n.(*ast.BasicLit); ok && ruleName.MatchString(strings.Trim(s.Value, `"`)) {
				written = append(written, strings.Trim(s.Value, `"`))
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(called)
	return slices.Compact(called), written
}

// ruleOf is the rule of a call that adds a finding.
func ruleOf(t *testing.T, n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) < 3 {
		return "", false
	}
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || f.Sel.Name != "Errorf" && f.Sel.Name != "Warningf" {
		return "", false
	}
	if x, ok := f.X.(*ast.Ident); ok && x.Name == "fmt" {
		return "", false
	}
	arg := call.Args[0]
	if sum, ok := arg.(*ast.BinaryExpr); ok {
		arg = sum.X
	}
	name, ok := arg.(*ast.BasicLit)
	if !ok {
		return "", false // a variable: its values are literals elsewhere
	}
	rule, err := strconv.Unquote(name.Value)
	if err != nil {
		t.Fatal(err)
	}
	return rule, true
}

// TestBadFixturesPointAtWhatExists walks fixtures/bad.
func TestBadFixturesPointAtWhatExists(t *testing.T) {
	for _, file := range badFixtures(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			doc, diags := loaded(t, Input{File: file, Importer: &jsonnet.FileImporter{}})
			if len(diags) == 0 {
				t.Error("nothing is found in it")
			}
			pathsExist(t, doc, diags)
			for _, d := range diags {
				wellWritten(t, d)
			}
		})
	}
}

// wellWritten fails when a finding is not in the style of ours.
func wellWritten(t *testing.T, d diag.Diagnostic) {
	t.Helper()
	subject, name, ok := strings.Cut(d.Rule, "/")
	if !ok || subject == "" || name == "" {
		t.Errorf("rule %q is not subject/name", d.Rule)
	}
	for _, text := range []string{d.Message, d.Hint} {
		if strings.HasSuffix(text, ".") || strings.ContainsAny(text, "\n\t") || strings.Contains(text, "%!") {
			t.Errorf("%s: %q has a full stop, a line break or a broken format", d.Rule, text)
		}
	}
	if d.Message == "" {
		t.Errorf("%s has no message", d.Rule)
	}
}

func badFixtures(t *testing.T) (files []string) {
	t.Helper()
	for _, pattern := range []string{"*.jsonnet", "*.json", "*.yaml", "seed-as-published/*.jsonnet"} {
		matches, err := filepath.Glob("../fixtures/bad/" + pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, matches...)
	}
	if len(files) == 0 {
		t.Fatal("no files in fixtures/bad")
	}
	return files
}

// TestWantsHaveFixtures fails on an expected report whose topology is gone.
func TestWantsHaveFixtures(t *testing.T) {
	wants, err := filepath.Glob("../fixtures/bad/*.want")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range wants {
		base := strings.TrimSuffix(want, ".want")
		if !slices.ContainsFunc([]string{".jsonnet", ".json", ".yaml"}, func(ext string) bool {
			_, err := os.Stat(base + ext)
			return err == nil
		}) {
			t.Errorf("%s has no topology", want)
		}
	}
}
