package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestExamplesRun runs what help texts and the README give as examples, each
// where there is what it speaks of.
func TestExamplesRun(t *testing.T) {
	need(t, "git", "bash")
	stack := scratch(t, "--template", "reference")
	plain, sized := projectFolder(t, "'a stack'"), projectFolder(t, "(import 'disks.libsonnet')[std.extVar('size')]")
	writeIn(t, stack, "stack.jsonnet", "function(env) { apiVersion: 'stackgen/v1', name: env, networks: {}, hosts: { vmm: {} }, vms: {} }\n")
	writeIn(t, stack, "lib/none.libsonnet", "{}\n")
	home := t.TempDir()
	writeIn(t, home, ".config/fish/completions/other.fish", "")
	for _, line := range examples(t) {
		t.Run(line, func(t *testing.T) {
			dir := stack
			switch {
			case strings.HasPrefix(line, "stackgen init"):
				dir = t.TempDir()
			case strings.Contains(line, "-V size="):
				dir = sized
			case strings.Contains(line, "stacks"):
				dir = plain
			}
			runExample(t, dir, home, line)
		})
	}
}

// projectFolder has a library and two stacks, which a Jsonnet expression describes.
func projectFolder(t *testing.T, description string) string {
	t.Helper()
	dir := t.TempDir()
	writeIn(t, dir, "lib/disks.libsonnet", "{ small: '10GiB', large: '100GiB' }\n")
	for _, name := range []string{"a", "b"} {
		writeIn(t, dir, "stacks/"+name+"/topology.jsonnet",
			"{ apiVersion: 'stackgen/v1', name: '"+name+"', description: "+description+", networks: {}, hosts: { "+name+": {} }, vms: {} }\n")
		writeIn(t, dir, "stacks/"+name+"/stack_test.jsonnet", "{ apiVersion: 'stackgen/v1', topology: import 'topology.jsonnet',\n"+
			"  tests: { 'there is no database': { artifacts: { 'db01/sql/30-users.sql': { absent: true } } } } }\n")
	}
	return dir
}

// examples are the lines of all help texts, and those of the README that begin
// with the program or name a call of it.
func examples(t *testing.T) (lines []string) {
	t.Helper()
	root := rootCommand()
	root.InitDefaultHelpCmd() // cobra adds help when it runs
	for _, c := range append(root.Commands(), root) {
		lines = append(lines, strings.Split(c.Example, "\n")...)
	}
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?m)^\\$ (stackgen .*)$|`(stackgen [^`]*)`").FindAllStringSubmatch(string(text), -1) {
		lines = append(lines, m[1]+m[2])
	}
	for i, l := range lines {
		command, _, _ := strings.Cut(l, " # ")
		lines[i] = strings.TrimSpace(command)
	}
	slices.Sort(lines)
	if lines = slices.Compact(lines); len(lines) < 20 {
		t.Fatalf("there are only %q", lines)
	}
	return lines
}

func runExample(t *testing.T, dir, home, line string) {
	t.Helper()
	for part, program := range map[string]string{"| jq": "jq", "--output svg": "dot"} {
		if strings.Contains(line, part) {
			need(t, program)
		}
	}
	cmd := exec.Command("bash", "-e", "-o", "pipefail", "-c", line)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+home, "GIT_CONFIG_GLOBAL=/dev/null")
	out, err := cmd.CombinedOutput()
	switch {
	case err != nil && strings.Contains(string(out), "is not installed") && !strings.Contains(string(out), "verify/refused"):
		lacks(t, "a program that verify asks")
	case err != nil:
		t.Errorf("%s: %v\n%s", line, err, out)
	}
}

func writeIn(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
