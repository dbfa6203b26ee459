package schema

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stackgen/render"
	"stackgen/schema/diag"

	"github.com/google/go-jsonnet"
)

// TestEveryRuleHasFixtureAndNearMiss reads the names of our rules from the
// sources.
func TestEveryRuleHasFixtureAndNearMiss(t *testing.T) {
	found := map[string]bool{}
	for _, file := range badFixtures(t) {
		_, diags := loaded(t, Input{File: file, Importer: &jsonnet.FileImporter{}})
		for _, d := range diags {
			found[d.Rule] = true
		}
	}
	for _, rule := range rulesInSources(t) {
		if !found[rule] {
			t.Errorf("no file in fixtures/bad breaks %s", rule)
		}
		if subject, _, _ := strings.Cut(rule, "/"); subject == "jsonnet" || subject == "yaml" {
			continue // every other fixture is a near miss of a syntax error
		}
		if !slices.ContainsFunc(nearMisses, func(m nearMiss) bool { return m.rule == rule }) {
			t.Errorf("no near miss of %s", rule)
		}
	}
}

// rulesInSources are the rules that Errorf and Warningf are called with.
func rulesInSources(t *testing.T) (rules []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if rule, ok := ruleOf(t, n); ok {
				rules = append(rules, rule)
			}
			return true
		})
	}
	slices.Sort(rules)
	return slices.Compact(rules)
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
	name, ok := call.Args[0].(*ast.BasicLit)
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
			in := Input{File: file, Importer: &jsonnet.FileImporter{}}
			doc, diags := loaded(t, in)
			if topo, _, _ := Load(in); topo != nil { // what a target cannot express is in fixtures/bad as well
				diags = append(diags, render.Check(topo)...)
			}
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
	for _, ext := range []string{"jsonnet", "json", "yaml"} {
		matches, err := filepath.Glob("../fixtures/bad/*." + ext)
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
