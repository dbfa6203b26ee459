package main

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestKilledRender kills the program 200 times at a random moment of a render, as
// the system does and as ctrl-C does: each file is that of the old tree or of the
// new one, what is between the two says so, and the next render needs no help.
func TestKilledRender(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("takes a while, and needs a system that can kill")
	}
	work := t.TempDir()
	program := filepath.Join(work, "stackgen")
	buildPlain(t, program)
	out := filepath.Join(work, "out")
	var topologies, trees [2]string
	for i, patch := range []string{"{}", "{ vms+: { lb01+: { vcpus: 8 }, db01+: { memory: '8GiB' } }, hosts+: { vmm+: { bridges+: { 'sw-wan': {} } } } }"} {
		topologies[i] = filepath.Join(work, []string{"a.jsonnet", "b.jsonnet"}[i])
		reference, err := filepath.Abs("../../fixtures/nullzero/topology.jsonnet")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(topologies[i], []byte("(import '"+reference+"') + "+patch), 0o644); err != nil {
			t.Fatal(err)
		}
		trees[i] = treeOf(t, program, topologies[i], filepath.Join(work, "fresh"+filepath.Base(topologies[i])))
	}
	start := time.Now()
	treeOf(t, program, topologies[0], out)
	took := time.Since(start)
	ended := 0
	for i := range 200 {
		cmd := exec.Command(program, "render", "-o", out, topologies[i%2])
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(rand.N(took + took/4))
		cmd.Process.Signal([]os.Signal{os.Kill, os.Interrupt}[i/2%2]) // fails when it is done
		if cmd.Wait() == nil {
			ended++
		}
		wantSound(t, readTree(t, out), trees)
		if t.Failed() {
			t.Fatalf("after kill number %d", i)
		}
		if i%10 == 9 { // the next render finishes what was not done
			if got := treeOf(t, program, topologies[i%2], out); got != trees[i%2] {
				t.Fatalf("after kill number %d a render gives\n%s", i, got)
			}
		}
	}
	if got := treeOf(t, program, topologies[0], out); got != trees[0] {
		t.Errorf("the next render gives\n%s", got)
	}
	if left, err := filepath.Glob(filepath.Join(work, ".out*")); err != nil || len(left) > 0 {
		t.Errorf("the next render leaves %v behind (%v)", left, err)
	}
	t.Logf("a render takes %v; %d of 200 were done before they were killed", took, ended)
}

// wantSound wants each file of a tree to be in one of two, and the journal of a render
// that was killed where the tree is neither.
func wantSound(t *testing.T, tree string, trees [2]string) {
	t.Helper()
	var own []string
	noted := false
	for line := range strings.Lines(tree) {
		if strings.Contains(line, ".stackgen") {
			noted = true
			continue
		}
		own = append(own, line)
		if !strings.Contains(trees[0], line) && !strings.Contains(trees[1], line) {
			t.Errorf("in neither tree: %s", line)
		}
	}
	if got := strings.Join(own, ""); got != trees[0] && got != trees[1] && !noted {
		t.Errorf("the tree is between the two, and nothing says so:\n%s", tree)
	}
}

// buildPlain builds the program without the race detector, with which 200 renders
// take minutes. Nothing is shared with a process that is killed.
func buildPlain(t *testing.T, program string) {
	t.Helper()
	cmd := exec.Command("go", "build", "-o", program, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0") // as make check builds it
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
}

// treeOf renders with the program and describes the tree.
func treeOf(t *testing.T, program, topology, out string) string {
	t.Helper()
	if text, err := exec.Command(program, "render", "-o", out, topology).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return readTree(t, out)
}

func readTree(t *testing.T, dir string) string {
	t.Helper()
	text, err := describeTree(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
