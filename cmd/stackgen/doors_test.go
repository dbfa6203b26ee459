package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The house: which room may import which. A key is a folder or, with a slash
// at the end, all folders below one; the longest that fits counts. Rooms whose
// name ends in "test" are for tests only and go where they like.
var doors = map[string][]string{
	"cmd/stackgen/internal/report": {"schema/diag"},

	"cmd/":                     {"cmd/", "schema", "schema/", "render", "render/", "templates"},
	"schema":                   {"schema/topology", "schema/diag", "schema/flow", "schema/release", "schema/rules", "schema/suite", "schema/project", "schema/internal/"},
	"schema/flow":              {"schema/topology", "schema/diag"},
	"schema/release":           {},
	"schema/rules":             {},
	"schema/suite":             {},
	"schema/project":           {},
	"schema/internal/":         {}, // what is not named here stands alone
	"schema/internal/origin":   {},
	"schema/internal/evaluate": {"schema/diag", "schema/internal/pattern"},
	"schema/internal/locate":   {"schema/diag", "schema/internal/evaluate", "schema/internal/origin"},
	"schema/internal/validate": {"schema/topology", "schema/diag", "schema/internal/pattern", "schema/internal/wording"},
	"schema/internal/decode":   {"schema/topology", "schema/diag", "schema/release", "schema/suite", "schema/project"},
	"schema/internal/check":    {"schema/topology", "schema/diag", "schema/flow", "schema/release", "schema/rules", "schema/internal/pattern", "schema/internal/wording"},
	"schema/topology":          {},
	"schema/diag":              {},
	"render":                   {"render/", "schema/topology", "schema/diag"},
	"render/":                  {"schema/topology", "schema/diag", "schema/release", "render/artifact", "render/internal/", "templates"},
	"render/internal/":         {"schema/topology", "schema/diag", "render/internal/"},
	"render/plan":              {"schema/topology", "schema/diag", "render/artifact", "render/internal/", "templates"},
	"render/artifact":          {},
	"templates":                {"render/artifact"},
}

// worldly packages touch what is outside the program; only cmd may.
var worldly = []string{"os", "os/exec", "os/signal", "os/user", "net", "net/http", "syscall", "math/rand", "math/rand/v2",
	"crypto/rand", "time", "log", "log/slog", "runtime", "runtime/debug"}

// allowedWorld are the exceptions, each with its reason.
var allowedWorld = map[string][]string{
	"schema/topology": {"time"},    // time.Duration, to read "10s"
	"schema":          {"runtime"}, // the number of processors
}

func TestDoors(t *testing.T) {
	for _, p := range packages(t) {
		for _, msg := range p.badImports() {
			t.Error(msg)
		}
	}
}

func TestEveryPackageHasComment(t *testing.T) {
	for _, p := range packages(t) {
		if msg := p.badComment(); msg != "" {
			t.Error(msg)
		}
	}
}

func TestNoInitNoMutableVariables(t *testing.T) {
	for _, p := range packages(t) {
		for _, msg := range p.badGlobals() {
			t.Error(msg)
		}
	}
}

// TestFunctionLength holds functions to the length that fits a head: half of
// them have at most 12 lines, nine of ten at most 42. No file is over 600.
func TestFunctionLength(t *testing.T) {
	var lengths []int
	for _, p := range packages(t) {
		lengths = append(lengths, p.functionLengths()...)
		for _, f := range p.files {
			if n := p.fset.File(f.Pos()).LineCount(); n > 600 {
				t.Errorf("%s has %d lines, more than 600", p.fset.File(f.Pos()).Name(), n)
			}
		}
	}
	slices.Sort(lengths)
	median, p90 := lengths[len(lengths)/2], lengths[len(lengths)*9/10]
	t.Logf("%d functions: median %d lines, 90%% at most %d, longest %d", len(lengths), median, p90, lengths[len(lengths)-1])
	if median > 12 || p90 > 42 {
		t.Errorf("median %d, 90%% at most %d; want 12 and 42", median, p90)
	}
}

// TestDoorsRefuse shows each check what it must refuse.
func TestDoorsRefuse(t *testing.T) {
	refused := func(dir, source string, check func(source) []string) {
		t.Helper()
		if len(check(parse(t, dir, source))) == 0 {
			t.Errorf("in %s this passes:\n%s", dir, source)
		}
	}
	accepted := func(dir, source string, check func(source) []string) {
		t.Helper()
		if msgs := check(parse(t, dir, source)); len(msgs) > 0 {
			t.Errorf("in %s this is refused: %v\n%s", dir, msgs, source)
		}
	}
	comment := func(s source) []string {
		if msg := s.badComment(); msg != "" {
			return []string{msg}
		}
		return nil
	}
	refused("render/ovs", `package ovs; import "os"`, source.badImports)
	refused("render/ovs", `package ovs; import "time"`, source.badImports)
	refused("schema", `package schema; import "math/rand"`, source.badImports)
	refused("schema", `package schema; import "net/http"`, source.badImports)
	refused("render/ovs", `package ovs; import "stackgen/schema"`, source.badImports)
	refused("render/ovs", `package ovs; import "stackgen/render/plan"`, source.badImports)
	refused("render/ovs", `package ovs; import "github.com/google/go-jsonnet"`, source.badImports)
	refused("schema/topology", `package topology; import "stackgen/schema/diag"`, source.badImports)
	refused("schema", `package schema; import "stackgen/render"`, source.badImports)
	refused("cmd/stackgen/internal/report", `package report; import "github.com/spf13/pflag"`, source.badImports)
	refused("cmd/stackgen/internal/report", `package report; import "stackgen/schema"`, source.badImports)
	for _, wall := range [][2]string{
		{"check", "evaluate"}, {"check", "decode"}, {"check", "validate"}, {"check", "locate"},
		{"decode", "check"}, {"decode", "validate"}, {"decode", "evaluate"}, {"decode", "locate"},
		{"validate", "check"}, {"validate", "decode"}, {"validate", "evaluate"}, {"validate", "locate"},
		{"evaluate", "check"}, {"evaluate", "decode"}, {"evaluate", "validate"}, {"evaluate", "locate"},
		{"locate", "check"}, {"locate", "decode"}, {"locate", "validate"},
	} {
		refused("schema/internal/"+wall[0], "package "+wall[0]+`; import "stackgen/schema/internal/`+wall[1]+`"`, source.badImports)
	}
	refused("schema/internal/evaluate", `package evaluate; import "stackgen/schema/topology"`, source.badImports)
	refused("schema/internal/wording", `package wording; import "stackgen/schema/diag"`, source.badImports)
	accepted("schema/internal/check", `package check; import "stackgen/schema/flow"`, source.badImports)
	accepted("render/ovs", `package ovs; import "stackgen/render/internal/shell"`, source.badImports)
	accepted("schema/topology", `package topology; import "time"`, source.badImports)
	accepted("cmd/stackgen", `package main; import ("os"; "stackgen/render")`, source.badImports)
	accepted("render/internal/rendertest", `package rendertest; import ("os"; "stackgen/schema")`, source.badImports)
	refused("schema", "package schema", comment)
	refused("schema", "// Schema is.\npackage schema", comment)
	accepted("schema", "// Package schema is the front end.\npackage schema", comment)
	refused("schema", `package schema; func init() {}`, source.badGlobals)
	refused("schema", `package schema; var cache map[string]int; func f() { cache = nil }`, source.badGlobals)
	refused("schema", `package schema; var n int; func f() { n++ }`, source.badGlobals)
	refused("schema", `package schema; var m = map[string]int{}; func f() { m["a"] = 1 }`, source.badGlobals)
	refused("schema", `package schema; var l []int; func f() *[]int { return &l }`, source.badGlobals)
	two := parse(t, "schema", `package schema; var count int`)
	two.files = append(two.files, parse(t, "schema", `package schema; func f() { count++ }`).files...)
	if len(two.badGlobals()) == 0 {
		t.Error("a change in another file passes")
	}
	accepted("schema", `package schema; var table = []int{1}; func f() int { return table[0] }`, source.badGlobals)
	accepted("schema", `package schema; func f() { n := 1; n++; _ = n }`, source.badGlobals)
}

// source is a package as its files say it.
type source struct {
	dir   string // from the top of the repository, with slashes
	fset  *token.FileSet
	files []*ast.File
}

// packages parses all that is not a test.
func packages(t *testing.T) []source {
	t.Helper()
	const top = "../.."
	found := map[string]*source{}
	fset := token.NewFileSet()
	for _, room := range []string{"cmd", "render", "schema", "templates"} {
		err := filepath.WalkDir(filepath.Join(top, room), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			f, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
			if err != nil {
				return err
			}
			dir, err := filepath.Rel(top, filepath.Dir(path))
			dir = filepath.ToSlash(dir)
			if found[dir] == nil {
				found[dir] = &source{dir: dir, fset: fset}
			}
			found[dir].files = append(found[dir].files, f)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var list []source
	for _, s := range found {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b source) int { return strings.Compare(a.dir, b.dir) })
	return list
}

func parse(t *testing.T, dir, text string) source {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "x.go", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return source{dir: dir, fset: fset, files: []*ast.File{f}}
}

// forTests reports whether a package is only there for tests.
func (s source) forTests() bool { return strings.HasSuffix(s.dir, "test") }

func (s source) badImports() (msgs []string) {
	if s.forTests() {
		return nil
	}
	for _, f := range s.files {
		for _, i := range f.Imports {
			path := strings.Trim(i.Path.Value, `"`)
			if !s.mayImport(path) {
				msgs = append(msgs, fmt.Sprintf("%s: %s imports %s", s.fset.Position(i.Pos()), s.dir, path))
			}
		}
	}
	return msgs
}

func (s source) mayImport(path string) bool {
	computes := strings.HasPrefix(s.dir, "schema") || strings.HasPrefix(s.dir, "render") || s.dir == "templates"
	if ours, ok := strings.CutPrefix(path, "stackgen/"); ok {
		return slices.ContainsFunc(doors[room(s.dir)], func(door string) bool {
			return ours == door || strings.HasSuffix(door, "/") && strings.HasPrefix(ours, door)
		})
	}
	if computes && slices.Contains(worldly, path) {
		return slices.Contains(allowedWorld[s.dir], path)
	}
	if strings.HasPrefix(s.dir, "cmd/stackgen/internal/") && strings.HasPrefix(path, "github.com/spf13/") {
		return false // flags are the driver's
	}
	return !strings.HasPrefix(s.dir, "render") || !strings.HasPrefix(path, "github.com/google/go-jsonnet")
}

// room is the longest key of doors that a folder is in.
func room(dir string) (longest string) {
	for key := range doors {
		in := dir == key || strings.HasSuffix(key, "/") && strings.HasPrefix(dir, key)
		if in && len(key) > len(longest) {
			longest = key
		}
	}
	return longest
}

func (s source) badComment() string {
	for _, f := range s.files {
		text := f.Doc.Text()
		if strings.HasPrefix(text, "Package "+f.Name.Name+" ") || f.Name.Name == "main" && strings.HasPrefix(text, "Command ") {
			return ""
		}
	}
	return fmt.Sprintf("%s has no package comment that begins with its name", s.dir)
}

// badGlobals finds init functions and package variables that are changed or
// whose address is taken. (A call through one, as of a sync.OnceValues, is not
// a change.)
func (s source) badGlobals() (msgs []string) {
	globals := s.packageVariables()
	for _, f := range s.files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if fn.Name.Name == "init" && fn.Recv == nil {
				msgs = append(msgs, fmt.Sprintf("%s: init function", s.fset.Position(fn.Pos())))
			}
			locals := declared(fn)
			for _, e := range changed(fn) {
				if id := root(e); id != nil && globals[id.Name] && !locals[id.Name] {
					msgs = append(msgs, fmt.Sprintf("%s: package variable %s changes", s.fset.Position(id.Pos()), id.Name))
				}
			}
		}
	}
	return msgs
}

// changed lists what a function assigns to, counts or takes the address of.
func changed(fn *ast.FuncDecl) (list []ast.Expr) {
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			list = append(list, n.Lhs...)
		case *ast.IncDecStmt:
			list = append(list, n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				list = append(list, n.X)
			}
		}
		return true
	})
	return list
}

// declared is the set of names that a function declares for itself.
func declared(fn *ast.FuncDecl) map[string]bool {
	names := map[string]bool{}
	add := func(e ast.Expr) {
		if id, ok := e.(*ast.Ident); ok {
			names[id.Name] = true
		}
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			for _, id := range n.Names {
				names[id.Name] = true
			}
		case *ast.ValueSpec:
			for _, id := range n.Names {
				names[id.Name] = true
			}
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				for _, e := range n.Lhs {
					add(e)
				}
			}
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE {
				add(n.Key)
				add(n.Value)
			}
		}
		return true
	})
	return names
}

func (s source) packageVariables() map[string]bool {
	vars := map[string]bool{}
	for _, f := range s.files {
		for _, d := range f.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR {
				continue
			}
			for _, spec := range gen.Specs {
				for _, id := range spec.(*ast.ValueSpec).Names {
					vars[id.Name] = true
				}
			}
		}
	}
	return vars
}

// root is the variable that an expression such as a.b[c] begins with.
func root(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return root(e.X)
	case *ast.IndexExpr:
		return root(e.X)
	case *ast.StarExpr:
		return root(e.X)
	case *ast.ParenExpr:
		return root(e.X)
	}
	return nil
}

func (s source) functionLengths() (lengths []int) {
	for _, f := range s.files {
		ast.Inspect(f, func(n ast.Node) bool {
			if d, ok := n.(*ast.FuncDecl); ok && d.Body != nil {
				lengths = append(lengths, s.fset.Position(d.End()).Line-s.fset.Position(d.Pos()).Line+1)
			}
			return true
		})
	}
	return lengths
}
