package schema

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
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
	"service/env-address":     "references/no-address",
	"vyos/nat-translation":    "references/no-target",
	"vyos/value":              "schema/value",
}

// noFindings are texts of the program that look like the name of a finding and
// are none. One that ends in a slash stands for all that begin with it.
var noFindings = map[string]string{
	"stackgen/v1":    "the version of the language",
	"path/v1":        "the kind of a fingerprint in SARIF",
	"common/":        "files of stackgen init",
	"etc/":           "files of a guest",
	"plan/":          "parts of the shell library that carries out a plan",
	"tls/dh":         "a path in a tunnel",
	"vyos/user-data": "a file of a router",
}

// TestEveryRuleIsExplained holds the sources and package rules together: what the
// program may find has an entry, and what has an entry is found.
func TestEveryRuleIsExplained(t *testing.T) {
	written := namesInSources(t)
	for _, msg := range unexplained(written) {
		t.Error(msg)
	}
	for _, msg := range unfound(written) {
		t.Error(msg)
	}
	for _, r := range rules.All() {
		if r.What == "" || r.Why == "" || r.Breaks == "" || r.Fix == "" || r.Source == "" {
			t.Errorf("%s is not explained: %+v", r.Name, r)
		}
	}
	for _, n := range rules.Notices() {
		if n.By == "" || n.What == "" || n.Why == "" || n.Fix == "" || n.Source == "" || n.Severity == "" {
			t.Errorf("%s is not explained: %+v", n.Name, n)
		}
	}
}

// TestUnexplainedIsSeen shows what holds sources and entries together what it
// must refuse.
func TestUnexplainedIsSeen(t *testing.T) {
	written := namesInSources(t)
	for _, name := range []string{"tree/lost", "disks/full", "vyos/unsupported-everything", "vyos/supported-"} {
		if len(unexplained(append(slices.Clone(written), name))) == 0 {
			t.Errorf("%s has no entry, and passes", name)
		}
	}
	for _, name := range []string{"tree/edited", "stacks/mac", "addresses/duplicate", "vyos/unsupported-", "etc/hosts"} {
		fewer := slices.DeleteFunc(slices.Clone(written), func(w string) bool {
			return w == name || strings.HasPrefix(name, "etc/") && strings.HasPrefix(w, "etc/")
		})
		if len(unfound(fewer)) == 0 {
			t.Errorf("nothing finds %s, and that passes", name)
		}
	}
}

// unexplained complains about names in sources that have no entry.
func unexplained(written []string) (msgs []string) {
	for _, name := range written {
		if !slices.ContainsFunc(explained(), func(entry string) bool { return standsFor(name, entry) }) &&
			!slices.ContainsFunc(excused(), func(excuse string) bool { return standsFor(excuse, name) }) {
			msgs = append(msgs, name+" has no entry in package rules")
		}
	}
	return msgs
}

// unfound complains about entries and excuses for names that are not in sources.
func unfound(written []string) (msgs []string) {
	for _, entry := range explained() {
		if !slices.ContainsFunc(written, func(name string) bool { return standsFor(name, entry) }) {
			msgs = append(msgs, "nothing finds "+entry)
		}
	}
	for _, excuse := range excused() {
		if !slices.ContainsFunc(written, func(name string) bool { return standsFor(excuse, name) }) {
			msgs = append(msgs, excuse+" is excused, and nowhere")
		}
	}
	return msgs
}

// standsFor reports whether a name is that of an entry, or the beginning of those of
// several: "vyos/unsupported-", "etc/".
func standsFor(name, entry string) bool {
	return name == entry || strings.HasSuffix(name, "-") && strings.HasPrefix(entry, name) ||
		strings.HasSuffix(name, "/") && strings.HasPrefix(entry, name)
}

// explained are the names of all entries.
func explained() []string {
	list := rules.Names()
	for _, n := range rules.Notices() {
		list = append(list, n.Name)
	}
	return list
}

// excused are what needs no entry.
func excused() []string {
	return slices.AppendSeq(slices.Collect(maps.Keys(unreachable)), maps.Keys(noFindings))
}

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

// ruleName matches the name of a finding, or the beginning of those of several.
var ruleName = regexp.MustCompile(`^[a-z0-9]+/[a-z0-9-]+$`)

// namesInSources are all texts of the program that are written like the name of a
// finding. Package rules itself does not count, nor does what is imported.
func namesInSources(t *testing.T) (written []string) {
	t.Helper()
	for _, room := range []string{"cmd", "schema", "render", "templates"} {
		err := filepath.WalkDir(filepath.Join("..", room), func(path string, d fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || filepath.Base(filepath.Dir(path)) == "rules" {
				return err
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			written = append(written, namesIn(t, f)...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(written)
	return slices.Compact(written)
}

func namesIn(t *testing.T, f *ast.File) (written []string) {
	ast.Inspect(f, func(n ast.Node) bool {
		if _, imports := n.(*ast.ImportSpec); imports {
			return false
		}
		if s, ok := n.(*ast.BasicLit); ok && s.Kind == token.STRING {
			text, err := strconv.Unquote(s.Value)
			if err != nil {
				t.Fatal(err)
			}
			if ruleName.MatchString(text) {
				written = append(written, text)
			}
		}
		return true
	})
	return written
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
