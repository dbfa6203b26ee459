package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// TestReadme holds the README to what it says: its topology renders without a
// finding, every file that it lists is in out/, every command is one.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	topology := codeBlock(t, string(text), "```jsonnet\n")
	t.Run("topology", func(t *testing.T) { renderReadme(t, topology) })
	t.Run("tests", func(t *testing.T) {
		_, living, _ := strings.Cut(string(text), "## Living with it")
		tryReadme(t, topology, codeBlock(t, living, "```jsonnet\n"))
	})
	t.Run("mistake", func(t *testing.T) {
		got := mistake(t, strings.Replace(topology, "10.0.1.3", "10.0.1.2", 1))
		want := codeBlock(t, string(text), "```text\n")
		if *update {
			writeReadme(t, strings.Replace(string(text), want, got, 1))
		} else if got != want {
			t.Errorf("the README shows\n%s\nbut it is\n%s", want, got)
		}
	})
	for line := range strings.Lines(codeBlock(t, string(text), "```\nout/")) {
		path := strings.Fields(line)[0]
		if !strings.HasPrefix(path, "out/") {
			path = "out/" + path
		}
		if _, err := os.Stat(filepath.Join("../..", path)); err != nil {
			t.Errorf("the README lists %s: %v", path, err)
		}
	}
	for _, m := range regexp.MustCompile("`stackgen ([a-z]+)").FindAllStringSubmatch(string(text), -1) {
		if c, _, err := rootCommand().Find(m[1:]); err != nil || c.Name() != m[1] {
			t.Errorf("the README speaks of stackgen %s, which there is not", m[1])
		}
	}
}

// codeBlock is the text from behind a beginning to the end of its code block.
func codeBlock(t *testing.T, text, begin string) string {
	t.Helper()
	_, after, ok := strings.Cut(text, begin)
	body, _, closed := strings.Cut(after, "```")
	if !ok || !closed {
		t.Fatalf("no block %q", begin)
	}
	return body
}

func renderReadme(t *testing.T, topology string) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile(defaultTopology, []byte(topology), 0o644); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if code := run([]string{"render"}, &stdout, &stderr); code != exitOK {
		t.Fatalf("exit code %d\n%s", code, stderr.String())
	}
	if strings.Contains(stderr.String(), "warning") {
		t.Errorf("warnings:\n%s", stderr.String())
	}
	if _, err := os.Stat("out/web01/etc/nginx/sites-available/app.conf"); err != nil {
		t.Error(err)
	}
}

// tryReadme runs the tests that the README shows.
func tryReadme(t *testing.T, topology, tests string) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{defaultTopology: topology, "readme" + testEnd: tests} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var stdout, stderr bytes.Buffer
	if code := run([]string{"test"}, &stdout, &stderr); code != exitOK || !strings.HasPrefix(stdout.String(), "ok ") {
		t.Errorf("exit code %d\n%s%s", code, stdout.String(), stderr.String())
	}
}

// mistake is the report about a topology.
func mistake(t *testing.T, topology string) string {
	t.Chdir(t.TempDir())
	if err := os.WriteFile(defaultTopology, []byte(topology), 0o644); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if code := run([]string{"validate"}, &stdout, &stderr); code != exitInvalid {
		t.Errorf("exit code %d", code)
	}
	return stderr.String()
}

// writeReadme is for -update. The test has left the folder of its package.
func writeReadme(t *testing.T, text string) {
	_, file, _, _ := runtime.Caller(0)
	if err := os.WriteFile(filepath.Join(filepath.Dir(file), "..", "..", "README.md"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestSafetyPage holds docs/safety.md to the options that apply has and the tests that
// there are. A test of a whole machine holds its transcript to what is printed.
func TestSafetyPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/safety.md")
	if err != nil {
		t.Fatal(err)
	}
	options, err := os.ReadFile("../../templates/plan/here/options.sh")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`--[a-z][a-z-]+`).FindAllString(string(page), -1)
	if len(named) < 5 {
		t.Errorf("the page names only %q", named)
	}
	for _, option := range named {
		if !strings.Contains(string(options), "\n  "+option+" ") {
			t.Errorf("the page speaks of %s, which apply.sh --help does not", option)
		}
	}
	for _, file := range regexp.MustCompile(`[a-z]+_test\.go`).FindAllString(string(page), -1) {
		if _, err := os.Stat(filepath.Join("systemtest", file)); err != nil {
			t.Errorf("the page names %s: %v", file, err)
		}
	}
}
