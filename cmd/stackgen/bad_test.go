package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite expected reports")

// TestBadFixtures compares the whole report about each topology in
// fixtures/bad, which has one mistake, with the one expected.
func TestBadFixtures(t *testing.T) {
	t.Chdir(filepath.Join("..", "..", "fixtures", "bad"))
	files := badFixtures(t)
	if len(files) < 100 {
		t.Errorf("only %d bad fixtures", len(files))
	}
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run([]string{"validate", file}, &stdout, &stderr)
			if want := exitOf(stderr.String()); code != want {
				t.Errorf("exit code %d, want %d", code, want)
			}
			if stdout.Len() > 0 {
				t.Errorf("stdout has %q", stdout.String())
			}
			compareReport(t, strings.TrimSuffix(file, filepath.Ext(file))+".want", stderr.String())
		})
	}
}

// badFixtures lists the topologies of the working directory.
func badFixtures(t *testing.T) (files []string) {
	t.Helper()
	for _, pattern := range []string{"*.jsonnet", "*.json", "*.yaml", "seed-as-published/*.jsonnet"} {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, matches...)
	}
	return files
}

// exitOf is the exit code that goes with a report.
func exitOf(report string) int {
	if strings.Contains(report, "stackgen: error: ") {
		return exitInvalid
	}
	return exitOK
}

func compareReport(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the report is\n%s\nwant\n%s", got, want)
	}
}
