package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"stackgen/schema/release"
	"stackgen/schema/release/releasetest"

	"gopkg.in/yaml.v3"
)

// recipes are the CI recipes of init, and what their variables stand for.
var recipes = []struct {
	system, file, variable string
}{
	{"github", ".github/workflows/stackgen.yml", "BASE=HEAD"},
	{"gitlab", ".gitlab-ci.yml", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main"},
}

// TestRecipes runs the commands of each recipe in a scratch repository, with a
// gh that only says what it is told.
func TestRecipes(t *testing.T) {
	need(t, "git", "bash")
	for _, r := range recipes {
		t.Run(r.system, func(t *testing.T) {
			dir := scratch(t, "--ci", r.system)
			for _, command := range commandsOf(t, filepath.Join(dir, r.file)) {
				cmd := exec.Command("bash", "-euc", "gh() { echo \"gh $*\"; }\n"+command)
				cmd.Dir = dir
				cmd.Env = append(os.Environ(), r.variable, "PULL_REQUEST=1", "GIT_CONFIG_GLOBAL=/dev/null")
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%s\n%v\n%s", command, err, out)
				}
			}
			text, err := os.ReadFile(filepath.Join(dir, "diff.md"))
			if err != nil || !strings.Contains(string(text), "no difference") {
				t.Errorf("the comment is %q (%v)", text, err)
			}
		})
	}
}

// TestPreCommit sees the hook let a current tree pass and stop another.
func TestPreCommit(t *testing.T) {
	need(t, "git")
	dir := scratch(t, "--ci", "none")
	gitIn(t, dir, "config", "core.hooksPath", ".githooks")
	gitIn(t, dir, "commit", "--allow-empty", "-m", "current")
	topology := filepath.Join(dir, defaultTopology)
	text, err := os.ReadFile(topology)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(topology, []byte(strings.Replace(string(text), "vcpus: 2", "vcpus: 4", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("git", "commit", "-am", "stale")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "not up to date") {
		t.Errorf("a stale tree is committed: %s", out)
	}
}

// need skips the test when a program is missing, or fails it when
// STACKGEN_REQUIRE_TOOLS is 1.
func need(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			lacks(t, p)
		}
	}
}

// lacks ends a test that this machine cannot do.
func lacks(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("STACKGEN_REQUIRE_TOOLS") == "1" {
		t.Fatalf("missing: %s (and STACKGEN_REQUIRE_TOOLS=1)", what)
	}
	t.Skipf("SKIPPED: missing: %s", what)
}

// scratch is a repository as init, told how, and render make it, committed.
func scratch(t *testing.T, how ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, args := range [][]string{append([]string{"init"}, how...), {"render"}} {
		cmd := exec.Command("stackgen", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("stackgen %v: %v\n%s", args, err, out)
		}
		if args[0] == "init" {
			onRelease(t, filepath.Join(dir, "topology.jsonnet"))
		}
	}
	gitIn(t, dir, "init", "-q", "-b", "main")
	gitIn(t, dir, "config", "user.name", "lab")
	gitIn(t, dir, "config", "user.email", "lab@example.net")
	gitIn(t, dir, "add", ".")
	gitIn(t, dir, "commit", "-qm", "first")
	gitIn(t, dir, "update-ref", "refs/remotes/origin/main", "HEAD")
	return dir
}

// onRelease has a new topology on the release whose programs are here to be asked.
func onRelease(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	here := strings.ReplaceAll(string(text), release.Newest().Name, releasetest.Here().Name)
	if err := os.WriteFile(file, []byte(here), 0o644); err != nil {
		t.Fatal(err)
	}
}

func gitIn(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// commandsOf lists what a recipe runs.
func commandsOf(t *testing.T, file string) (commands []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var recipe struct {
		Jobs struct {
			Stack struct {
				Steps []struct{ Run string }
			}
		}
		Stack struct{ Script []string }
	}
	if err := yaml.Unmarshal(text, &recipe); err != nil {
		t.Fatal(err)
	}
	for _, s := range recipe.Jobs.Stack.Steps {
		if s.Run != "" {
			commands = append(commands, s.Run)
		}
	}
	commands = append(commands, recipe.Stack.Script...)
	if len(commands) < 3 {
		t.Fatalf("%s runs only %q", file, commands)
	}
	return commands
}
