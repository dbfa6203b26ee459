package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// TestDoorsNoShadows: a name means one thing in a file. No local variable,
// parameter or result has the name of something that its package declares, or of a
// package that its file imports.
func TestDoorsNoShadows(t *testing.T) {
	for _, p := range packages(t) {
		for _, msg := range p.shadows() {
			t.Error(msg)
		}
	}
}

// maxLine is how many characters a line of code has at most. A row of a table may have
// more, and a line around one string of longString characters: a command of a shell is
// read as a whole.
const (
	maxLine    = 120
	longString = 70
)

// TestDoorsLineLength counts characters, a tab as one.
func TestDoorsLineLength(t *testing.T) {
	for _, p := range packages(t) {
		for _, f := range p.files {
			name := p.fset.File(f.Pos()).Name()
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, msg := range p.longLines(f, text) {
				t.Error(msg)
			}
		}
	}
}

// TestDoorsNamesRefuse shows both checks what they must refuse.
func TestDoorsNamesRefuse(t *testing.T) {
	for text, want := range map[string]int{
		`package p; func size() {}; func f() { size := 1; _ = size }`:                         1,
		`package p; type size int; func f(size int) {}`:                                       1,
		`package p; const size = 1; func f() (size int) { return }`:                           1,
		`package p; func size() {}; func f() { for size := range 3 { _ = size } }`:            1,
		`package p; func size() {}; func f() { var size int; _ = size }`:                      1,
		`package p; func size() {}; func f() { _ = func(size int) {} }`:                       1,
		`package p; import "net/netip"; var _ netip.Addr; func f() { netip := 1; _ = netip }`: 1,
		`package p; import own "net/netip"; var _ own.Addr; func f(own int) {}`:               1,
		`package p; type t struct{ size int }; func (t) size2() {}; func f(size int) {}`:      0,
		`package p; type t int; func (t) size() {}; func f(size int) {}`:                      0,
		`package p; func size() {}; type t struct{ size int }`:                                0,
		`package p; func f() { size := 1; _ = size }`:                                         0,
	} {
		if got := parse(t, "p", text).shadows(); len(got) != want {
			t.Errorf("%s\n got %q, want %d", text, got, want)
		}
	}
	long := strings.Repeat("x", maxLine)
	for text, want := range map[string]int{
		"package p\n\nvar " + long + " = 1\n":                                       1,
		"package p\n\n// " + long + "\nvar x = 1\n":                                 0,
		"package p\n\nvar x = `\n" + long + long + "\n`\n":                          0,
		"package p\n\nvar x = [][]string{\n\t{\"" + long + "\", \"b\"},\n}\n":       0,
		"package p\n\nvar x = []string{\n\t\"" + long + "\", \"b\",\n}\n":           0,
		"package p\n\nvar x = 1 + 2 + " + strings.Repeat("1 + ", maxLine/4) + "1\n": 1,
	} {
		p := parse(t, "p", text)
		if got := p.longLines(p.files[0], []byte(text)); len(got) != want {
			t.Errorf("%s\n got %q, want %d", text, got, want)
		}
	}
}

// shadows lists the local names that are also names of the package or of an import.
func (s source) shadows() (msgs []string) {
	names := s.packageNames()
	for _, f := range s.files {
		imports := importNames(f)
		for _, id := range locals(f) {
			switch {
			case names[id.Name]:
				msgs = append(msgs, fmt.Sprintf("%s: %s is a name of the package, too", s.fset.Position(id.Pos()), id.Name))
			case imports[id.Name]:
				msgs = append(msgs, fmt.Sprintf("%s: %s is a package that the file imports", s.fset.Position(id.Pos()), id.Name))
			}
		}
	}
	return msgs
}

// packageNames are all that a package declares but methods.
func (s source) packageNames() map[string]bool {
	names := s.packageVariables()
	for _, f := range s.files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				names[d.Name.Name] = names[d.Name.Name] || d.Recv == nil
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						names[spec.Name.Name] = true
					case *ast.ValueSpec:
						for _, id := range spec.Names {
							names[id.Name] = true
						}
					}
				}
			}
		}
	}
	delete(names, "_")
	return names
}

func importNames(f *ast.File) map[string]bool {
	names := map[string]bool{}
	for _, i := range f.Imports {
		name := path.Base(strings.Trim(i.Path.Value, `"`))
		if i.Name != nil {
			name = i.Name.Name
		}
		names[name] = name != "_"
	}
	return names
}

// locals are the variables, parameters and results that the functions of a file
// declare. Receivers and fields are none.
func locals(f *ast.File) (list []*ast.Ident) {
	fields := func(l *ast.FieldList) {
		if l == nil {
			return
		}
		for _, field := range l.List {
			list = append(list, field.Names...)
		}
	}
	exprs := func(all ...ast.Expr) {
		for _, e := range all {
			if id, ok := e.(*ast.Ident); ok {
				list = append(list, id)
			}
		}
	}
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if ok {
			fields(fn.Type.Params)
			fields(fn.Type.Results)
		}
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				fields(n.Type.Params)
				fields(n.Type.Results)
			case *ast.AssignStmt:
				if n.Tok == token.DEFINE {
					exprs(n.Lhs...)
				}
			case *ast.RangeStmt:
				if n.Tok == token.DEFINE {
					exprs(n.Key, n.Value)
				}
			case *ast.DeclStmt:
				for _, spec := range n.Decl.(*ast.GenDecl).Specs {
					if v, ok := spec.(*ast.ValueSpec); ok {
						list = append(list, v.Names...)
					}
				}
			}
			return true
		})
	}
	return list
}

// longLines lists the lines of code over maxLine.
func (s source) longLines(f *ast.File, text []byte) (msgs []string) {
	exempt := s.exemptLines(f)
	number := 0
	for line := range bytes.Lines(text) {
		number++
		if n := len([]rune(strings.TrimRight(string(line), "\n"))); n > maxLine && !exempt[number] {
			msgs = append(msgs, fmt.Sprintf("%s:%d: %d characters, more than %d", s.fset.File(f.Pos()).Name(), number, n, maxLine))
		}
	}
	return msgs
}

func (s source) exemptLines(f *ast.File) map[int]bool {
	exempt := map[int]bool{}
	mark := func(n ast.Node) {
		for l := s.fset.Position(n.Pos()).Line; l <= s.fset.Position(n.End()).Line; l++ {
			exempt[l] = true
		}
	}
	for _, g := range f.Comments {
		mark(g)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if n.Kind == token.STRING && len(n.Value) >= longString {
				mark(n)
			}
		case *ast.CompositeLit:
			if s.isTable(n) {
				mark(n)
			}
		}
		return true
	})
	return exempt
}

// isTable reports whether a literal is a list with a row a line.
func (s source) isTable(n *ast.CompositeLit) bool {
	switch n.Type.(type) {
	case *ast.ArrayType, *ast.MapType:
	default:
		return false
	}
	lines := map[int]bool{}
	for _, e := range n.Elts {
		lines[s.fset.Position(e.Pos()).Line] = true
	}
	return len(n.Elts) > 0 && !lines[s.fset.Position(n.Pos()).Line] && slices.IndexFunc(n.Elts, func(e ast.Expr) bool { return e == nil }) < 0
}
