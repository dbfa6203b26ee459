//go:build linux

package systemtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stackgen/schema/release"
	"stackgen/schema/release/releasetest"
)

// top is the folder of the repository.
const top = "../../.."

// TestReleases runs the tests that ask real programs, and the whole stack, on the
// other releases of Debian that a topology can name. They run as they are, compiled
// here, in a root file system of that release.
func TestReleases(t *testing.T) {
	if releasetest.Elsewhere() {
		t.Skip("this is one of the other releases")
	}
	for _, r := range release.All() {
		if r != release.Default() {
			t.Run(r.Name, func(t *testing.T) { newElsewhere(t, r).tests() })
		}
	}
}

// elsewhere is the root file system of another release, and the tests compiled.
type elsewhere struct {
	t          *testing.T
	release    release.Release
	root, bins string
	checkout   string
}

func newElsewhere(t *testing.T, r release.Release) *elsewhere {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: -short leaves out the tests on other releases")
	}
	need(t, "mmdebstrap", "unshare", "apt-get")
	checkout, err := filepath.Abs(top)
	if err != nil {
		t.Fatal(err)
	}
	packages := strings.Fields(here(t, filepath.Join(checkout, ".ci", "packages"), "--list"))
	if r.Quadlet {
		packages = append(packages, "podman", "crun")
	}
	root := made(t, "a root of "+r.Name, "testdata/release-root.sh", append([]string{r.Codename}, packages...)...)
	e := &elsewhere{t: t, release: r, root: filepath.Join(root, "root"), bins: t.TempDir(), checkout: checkout}
	e.compile("./render/...", "./cmd/stackgen/systemtest")
	return e
}

func (e *elsewhere) compile(patterns ...string) {
	e.t.Helper()
	cmd := exec.Command("go", append([]string{"test", "-c", "-o", e.bins + "/"}, patterns...)...)
	cmd.Dir = e.checkout
	if out, err := cmd.CombinedOutput(); err != nil {
		e.t.Fatalf("compiling: %v\n%s", err, out)
	}
}

func (e *elsewhere) tests() {
	for _, dir := range e.folders() {
		if names := asking(e.t, dir); len(names) > 0 {
			e.run(dir, names)
		}
	}
	e.run(filepath.Join(e.checkout, "cmd", "stackgen", "systemtest"), []string{"TestBringUp"})
}

// folders are those of the renderers, but for that of VyOS, whose judge is no
// program of Debian.
func (e *elsewhere) folders() (list []string) {
	e.t.Helper()
	for _, pattern := range []string{"render", "render/*", "render/internal/*"} {
		found, err := filepath.Glob(filepath.Join(e.checkout, pattern))
		if err != nil {
			e.t.Fatal(err)
		}
		list = append(list, found...)
	}
	return slices.DeleteFunc(list, func(dir string) bool { return filepath.Base(dir) == "vyos" })
}

// run runs tests of a folder, which is where they run. One that is skipped for want
// of a program counts as failed: the root has them all.
func (e *elsewhere) run(dir string, names []string) {
	name := filepath.Base(dir)
	e.t.Run(name, func(t *testing.T) {
		line := fmt.Sprintf("cd '%s' && exec '%s/%s.test' -test.v -test.timeout=30m -test.run '^(%s)$'", dir, e.bins, name, strings.Join(names, "|"))
		cmd := exec.Command("bash", "testdata/in-root.sh", e.root, "2", e.checkout, e.bins, "bash", "-c", line)
		cmd.Env = append(environment(), "STACKGEN_RELEASE="+e.release.Name, "STACKGEN_REQUIRE_TOOLS=1", "HOME=/root",
			"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("on %s: %v\n%s", e.release.Name, err, failures(string(out)))
		}
		t.Logf("%d of %d tests passed", len(regexp.MustCompile(`(?m)^--- PASS`).FindAllString(string(out), -1)), len(names))
	})
}

// failures is what a run says about tests that failed.
func failures(output string) string {
	var b strings.Builder
	for part := range strings.SplitAfterSeq(output, "=== RUN") {
		if strings.Contains(part, "--- FAIL") || strings.Contains(part, "panic:") || strings.Contains(part, "_test.go:") {
			b.WriteString(part)
		}
	}
	return b.String()
}

// asking are the tests of a folder that ask real programs, by themselves or by a
// function that they call.
func asking(t *testing.T, dir string) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]map[string]bool{} // a function, and what it names
	for _, file := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range tree.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				calls[f.Name.Name] = named(f)
			}
		}
	}
	for name := range calls {
		if strings.HasPrefix(name, "Test") && name != "TestMain" && asks(calls, name, map[string]bool{}) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// named are all names that a function has in it.
func named(f *ast.FuncDecl) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			names[id.Name] = true
		}
		return true
	})
	return names
}

// asks reports whether a function needs programs, or one that it names does.
func asks(calls map[string]map[string]bool, name string, seen map[string]bool) bool {
	if seen[name] {
		return false
	}
	seen[name] = true
	for other := range calls[name] {
		if other == "Need" || other == "Alone" || asks(calls, other, seen) {
			return true
		}
	}
	return false
}
