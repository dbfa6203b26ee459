// Package rendertest has the helpers of the renderers' tests: fixtures as
// checked topologies, and the real programs that artifacts are tried on.
package rendertest

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"stackgen/render/artifact"
	"stackgen/schema"
	"stackgen/schema/diag"
	"stackgen/schema/release/releasetest"
	"stackgen/schema/rules"
	"stackgen/schema/topology"

	"github.com/google/go-jsonnet"
)

// Topology loads fixtures/<name>/topology.jsonnet; any error in it fails the test.
func Topology(t testing.TB, name string) *topology.Topology {
	t.Helper()
	if releasetest.Elsewhere() {
		return load(t, variant(t, name, "{}"))
	}
	return load(t, filepath.Join(root(), "fixtures", name, "topology.jsonnet"))
}

// Variant loads a fixture with Jsonnet added to it, such as
// "{ vms+: { lb01+: { vcpus: 8 } } }".
func Variant(t testing.TB, name, patch string) *topology.Topology {
	t.Helper()
	return load(t, variant(t, name, patch))
}

func variant(t testing.TB, name, patch string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "topology.jsonnet")
	base := filepath.Join(root(), "fixtures", name, "topology.jsonnet")
	if err := os.WriteFile(file, []byte(releasetest.Topology("(import '"+base+"') + "+patch)), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// load lets errors pass that a policy could lower: they are about the stack as a
// whole, and not what a test of one renderer is about.
func load(t testing.TB, file string) *topology.Topology {
	t.Helper()
	in := schema.Input{File: file, Importer: &jsonnet.FileImporter{}}
	_, diags, err := schema.Load(in)
	if err != nil {
		t.Fatal(err)
	}
	firm := false
	for _, d := range diags {
		t.Logf("%s: %s: %s (%s) %s", d.Severity, d.Path, d.Message, d.Rule, d.Hint)
		firm = firm || d.Severity == diag.Error && rules.IsFirm(d.Rule)
	}
	if firm {
		t.Fatalf("%s has errors", file)
	}
	topo, _, err := schema.Model(in)
	if err != nil {
		t.Fatal(err)
	}
	return topo
}

// root is the top of the repository.
func root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..")
}

// Content is the content of a file of a set, by its path in the tree.
func Content(t testing.TB, set artifact.Set, path string) string {
	t.Helper()
	for _, f := range set.Files {
		if f.TreePath() == path {
			return f.Content
		}
	}
	t.Fatalf("no file %s is rendered", path)
	return ""
}

// Need skips the test when a program is missing, or fails it when
// STACKGEN_REQUIRE_TOOLS is 1.
func Need(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			missing(t, p)
		}
	}
}

func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("STACKGEN_REQUIRE_TOOLS") == "1" {
		t.Fatalf("%s is missing and STACKGEN_REQUIRE_TOOLS=1", what)
	}
	t.Skipf("SKIPPED: %s is missing; `make tools` installs it", what)
}

// Write puts text into a new file of a temporary directory and gives its
// absolute path.
func Write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Run runs a program and gives what it printed on both streams and whether it
// succeeded.
func Run(t testing.TB, argv ...string) (output string, ok bool) {
	t.Helper()
	out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput()
	if _, failed := err.(*exec.ExitError); err != nil && !failed {
		t.Fatalf("running %s: %v", argv[0], err)
	}
	return string(out), err == nil
}
