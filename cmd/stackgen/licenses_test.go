package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestLicenses: licenses.txt has the terms of all that is linked into the program, on
// any system, and nothing else; -update writes it anew.
func TestLicenses(t *testing.T) {
	want := "What is linked into stackgen beside its own code, and on which terms.\n"
	for _, m := range linkedModules(t) {
		want += "\n" + strings.Repeat("=", 80) + "\n" + m.name + "\n" + strings.Repeat("=", 80) + "\n\n" + termsOf(t, m.dir)
	}
	if *update {
		if err := os.WriteFile("licenses.txt", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(licenses) != want {
		t.Error("licenses.txt is not of what is linked now: run make golden")
	}
	var stdout, stderr bytes.Buffer
	if code := run([]string{"version", "--licenses"}, &stdout, &stderr); code != exitOK || stdout.String() != want {
		t.Errorf("version --licenses: exit code %d, %s", code, stderr.String())
	}
}

type linkedModule struct{ name, dir string }

// linkedModules are those that packages come from on some system, and Go itself: its
// library is linked in as well.
func linkedModules(t *testing.T) []linkedModule {
	t.Helper()
	modules := map[string]linkedModule{}
	for _, system := range []string{"linux", "darwin", "windows"} {
		cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", ".")
		cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("listing what is linked on %s: %v", system, err)
		}
		for line := range strings.Lines(string(out)) {
			if name, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
				modules[name] = linkedModule{name, dir}
			}
		}
	}
	list := []linkedModule{{"the standard library of Go", goroot(t)}}
	for _, m := range modules {
		list = append(list, m)
	}
	slices.SortFunc(list[1:], func(a, b linkedModule) int { return strings.Compare(a.name, b.name) })
	return list
}

// termsOf are the texts that a module comes with. One without is a reason not to link it.
func termsOf(t *testing.T, dir string) string {
	t.Helper()
	var terms []string
	for _, pattern := range []string{"LICENSE*", "LICENCE*", "COPYING*", "NOTICE*", "PATENTS*"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			terms = append(terms, strings.TrimRight(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n \t")+"\n")
		}
	}
	if len(terms) == 0 {
		t.Errorf("%s has no licence", dir)
	}
	return strings.Join(terms, "\n")
}

// TestBuildIsReproducible: the same sources make the same program, wherever they lie,
// and it does not say where.
func TestBuildIsReproducible(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program twice")
	}
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "elsewhere")
	for _, part := range []string{"cmd", "render", "schema", "templates"} {
		if err := os.CopyFS(filepath.Join(copied, part), os.DirFS(filepath.Join(top, part))); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"go.mod", "go.sum", "Makefile"} {
		text, err := os.ReadFile(filepath.Join(top, file))
		if err == nil {
			err = os.WriteFile(filepath.Join(copied, file), text, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var programs [][]byte
	for _, dir := range []string{top, copied} {
		programs = append(programs, built(t, dir))
	}
	if !bytes.Equal(programs[0], programs[1]) {
		t.Error("two builds of the same sources differ")
	}
	for _, place := range []string{top, copied, goroot(t) + "/src/"} {
		if bytes.Contains(programs[0], []byte(place)) {
			t.Errorf("the program knows of %s", place)
		}
	}
}

// built is the program as make build makes it, but for the commit.
func built(t *testing.T, dir string) []byte {
	t.Helper()
	program := filepath.Join(t.TempDir(), "stackgen")
	cmd := exec.Command("make", "--no-print-directory", "build", "PROGRAM="+program, "GOFLAGS=-buildvcs=false")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building in %s: %v\n%s", dir, err, out)
	}
	text, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// goroot is the folder of the Go that builds.
func goroot(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
