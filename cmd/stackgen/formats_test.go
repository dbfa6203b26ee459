package main

import (
	"go/ast"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stackgen/cmd/stackgen/internal/outdir"
	"stackgen/cmd/stackgen/internal/verify"
	"stackgen/render/artifact"
)

// TestEveryFileStatesItsFormat: nobody guesses what a file is by its path. Each place
// that makes a file says it, and each file of the golden trees has it.
func TestEveryFileStatesItsFormat(t *testing.T) {
	for _, p := range packages(t) {
		if !strings.HasPrefix(p.dir, "render") || p.forTests() {
			continue
		}
		for _, f := range p.files {
			for _, lit := range filesMade(f) {
				if !hasKey(lit, "Format") && !hasKey(lit, "ManifestName") {
					t.Errorf("%s: a file without a format", p.fset.Position(lit.Pos()))
				}
			}
		}
	}
	trees, err := filepath.Glob("../../fixtures/*/want")
	if err != nil || len(trees) == 0 {
		t.Fatalf("there are no golden trees: %v", err)
	}
	for _, dir := range append(trees, "../../out") {
		files, _, err := outdir.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if f.Format == "" && f.Path != "manifest.json" {
				t.Errorf("%s/%s has no format", dir, f.TreePath())
			}
		}
	}
}

// filesMade are the literals of artifact.File with something in them.
func filesMade(f *ast.File) (list []*ast.CompositeLit) {
	isFile := func(e ast.Expr) bool {
		s, ok := e.(*ast.SelectorExpr)
		id, named := ast.Expr(nil), false
		if ok {
			id = s.X
			_, named = id.(*ast.Ident)
		}
		return named && id.(*ast.Ident).Name == "artifact" && s.Sel.Name == "File"
	}
	ast.Inspect(f, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		if isFile(lit.Type) && len(lit.Elts) > 0 {
			list = append(list, lit)
		}
		if array, ok := lit.Type.(*ast.ArrayType); ok && isFile(array.Elt) {
			for _, e := range lit.Elts {
				if inner, ok := e.(*ast.CompositeLit); ok && inner.Type == nil {
					list = append(list, inner)
				}
			}
		}
		return true
	})
	return list
}

// hasKey finds a key, or the name as a value: the manifest does not list itself.
func hasKey(lit *ast.CompositeLit, name string) bool {
	return slices.ContainsFunc(lit.Elts, func(e ast.Expr) bool {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			return false
		}
		key, _ := kv.Key.(*ast.Ident)
		value, _ := kv.Value.(*ast.Ident)
		return key != nil && key.Name == name || value != nil && value.Name == name
	})
}

// TestEveryFormatHasAJudge: or it is said why nobody reads it.
func TestEveryFormatHasAJudge(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // whom to ask is decided without asking
	var files []artifact.File
	for name, format := range declaredFormats(t) {
		files = append(files, artifact.File{Path: name, Format: format})
	}
	results, err := verify.Run(t.Context(), files, verify.Options{Open: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		said := slices.DeleteFunc(slices.Clone(results), func(r verify.Result) bool { return r.Path != f.Path })
		switch {
		case len(said) == 0:
			t.Errorf("nothing is said about %s", f.Path)
		case slices.ContainsFunc(said, func(r verify.Result) bool { return strings.Contains(r.Output, "does not know the format") }):
			t.Errorf("artifact.%s has no judge in internal/verify/judges.go, and no reason in unread.go", f.Path)
		}
	}
}

// declaredFormats reads the constants of package artifact.
func declaredFormats(t *testing.T) map[string]artifact.Format {
	t.Helper()
	formats := map[string]artifact.Format{}
	for _, p := range packages(t) {
		if p.dir != "render/artifact" {
			continue
		}
		for _, f := range p.files {
			ast.Inspect(f, func(n ast.Node) bool {
				spec, ok := n.(*ast.ValueSpec)
				if !ok {
					return true
				}
				if id, ok := spec.Type.(*ast.Ident); ok && id.Name == "Format" {
					value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
					if err != nil {
						t.Fatal(err)
					}
					formats[spec.Names[0].Name] = artifact.Format(value)
					if value == string(artifact.PHPPool) {
						formats[spec.Names[0].Name] += "8.2"
					}
				}
				return true
			})
		}
	}
	if len(formats) < 40 {
		t.Fatalf("only %d formats are found", len(formats))
	}
	return formats
}
