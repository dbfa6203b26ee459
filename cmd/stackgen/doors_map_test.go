package main

import (
	"go/ast"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// maps are the pages that tell a newcomer where things are.
var maps = []string{"docs/architecture.md", "CONTRIBUTING.md"}

// TestDoorsOnTheMap: the folders, files, functions and tests that these pages name
// are there.
func TestDoorsOnTheMap(t *testing.T) {
	names := declaredNames(packages(t))
	tests := testNames(t)
	for _, page := range maps {
		text, err := os.ReadFile(path.Join("../..", page))
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range onMap(string(text)) {
			if !isThere(word, names, tests) {
				t.Errorf("%s names %s, which is not there", page, word)
			}
		}
	}
}

// TestDoorsMapRefuses shows what is found missing.
func TestDoorsMapRefuses(t *testing.T) {
	names := declaredNames([]source{parse(t, "render/ovs", "package ovs; type Bridge struct{}; func (*Bridge) Add() {}; func lines() {}")})
	for word, want := range map[string]bool{
		"ovs.lines": true, "ovs.Bridge": true, "ovs.Bridge.Add": true, "render/": true, "render/render.go": true, "TestX": true,
		"ovs.Lines": false, "ovs.Bridge.Remove": false, "nowhere/": false, "render/nowhere.go": false, "TestY": false,
	} {
		if got := isThere(word, names, map[string]bool{"TestX": true}); got != want {
			t.Errorf("%s: got %t, want %t", word, got, want)
		}
	}
	if got, want := onMap("see `ovs.lines`, `render/`, `make test`, `go test ./render`, `render/NAME/`, `TestX` and `Check`"), "ovs.lines render/ TestX"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

var (
	quoted = regexp.MustCompile("`([^`\n]+)`")
	named  = regexp.MustCompile(`^([a-z]+\.[A-Za-z]+(\.[A-Za-z]+)?|Test[A-Za-z]+|[.A-Za-z_-]+(/[.A-Za-z_-]*)+)$`)
)

// onMap lists what stands in backticks and names a folder, a file, a test or, by its
// package, a function or type.
func onMap(text string) (words []string) {
	for _, m := range quoted.FindAllStringSubmatch(text, -1) {
		word := m[1]
		isFile := slices.Contains([]string{".jsonnet", ".sh", ".want"}, path.Ext(word)) && !strings.Contains(word, "/")
		if named.MatchString(word) && !strings.Contains(word, "NAME") && !isFile {
			words = append(words, word)
		}
	}
	return words
}

func isThere(word string, names, tests map[string]bool) bool {
	switch {
	case strings.HasPrefix(word, "Test"):
		return tests[word]
	case strings.Contains(word, "/") || strings.HasSuffix(word, ".go"):
		if !strings.Contains(word, "/") {
			word = "cmd/stackgen/" + word
		}
		_, err := os.Stat(path.Join("../..", word))
		return err == nil
	}
	return names[word]
}

// declaredNames are package.Name and package.Type.Method of all that is declared.
func declaredNames(list []source) map[string]bool {
	names := map[string]bool{}
	for _, s := range list {
		room := s.files[0].Name.Name + "."
		for name := range s.packageNames() {
			names[room+name] = true
		}
		for _, f := range s.files {
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil {
					if id := root(fn.Recv.List[0].Type); id != nil {
						names[room+id.Name+"."+fn.Name.Name] = true
					}
				}
			}
		}
	}
	return names
}

var testFunc = regexp.MustCompile(`(?m)^func (Test\w+)\(`)

func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, p := range packages(t) {
		entries, err := os.ReadDir(path.Join("../..", p.dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if strings.HasSuffix(e.Name(), "_test.go") {
				text, err := os.ReadFile(path.Join("../..", p.dir, e.Name()))
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range testFunc.FindAllStringSubmatch(string(text), -1) {
					names[m[1]] = true
				}
			}
		}
	}
	return names
}
