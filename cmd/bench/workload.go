package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The topology as people write it, and the same without `%`.
var (
	//go:embed topology.jsonnet
	topology string
	//go:embed plain.libsonnet
	plainText string
	//go:embed percent.libsonnet
	percentText string
)

// workload is the files that the commands are given.
type workload struct {
	topology, plainTopology string
	edited                  string // the topology with one server changed
	percent, plus           string // Jsonnet programs that make the files of each server
}

func (b bencher) workload(n int) (w workload, err error) {
	w = workload{
		topology: b.path(fmt.Sprintf("topology-%d.jsonnet", n)), plainTopology: b.path(fmt.Sprintf("plain-%d.jsonnet", n)),
		edited: b.path(fmt.Sprintf("edited-%d.jsonnet", n)), percent: b.path(fmt.Sprintf("percent-%d.jsonnet",
			n)), plus: b.path(fmt.Sprintf("plus-%d.jsonnet", n)),
	}
	program := func(text string) string {
		return fmt.Sprintf("local text = import %q;\nlocal n = %d;\n%s", text, n, topology)
	}
	templates, err := b.templates()
	if err != nil {
		return w, err
	}
	for path, text := range map[string]string{
		b.path("percent.libsonnet"): percentText, b.path("plain.libsonnet"): plainText,
		w.edited:   fmt.Sprintf("(import %q) + { vms+: { web00001+: { vcpus: 2, memory: '2GiB' } }, hosts+: { vmm000+: { capacity+: { cpus: 51 } } } }", w.topology),
		w.topology: program("percent.libsonnet"), w.plainTopology: program("plain.libsonnet"),
		w.percent: filesProgram(w.plainTopology, templates, percentOf),
		w.plus:    filesProgram(w.plainTopology, templates, plusOf),
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return w, err
		}
	}
	return w, nil
}

// mark is what a template has in the place of a server's own text.
type mark struct{ text, expression string }

// marks are of the second of four servers: nothing else in its files has these texts.
func marks() []mark {
	return []mark{
		{"web00001", "name"},
		{"10.0.0.11", "vm.interfaces.eth0.address"},
		{"52:54:00:00:00:01", "vm.interfaces.eth0.mac"},
		{"00000000-0000-4000-8000-000000000001", "vm.uuid"},
	}
}

// templates are the files of one rendered server by their paths in the tree,
// still with the texts that marks names.
func (b bencher) templates() (map[string]string, error) {
	small := b.path("small.jsonnet")
	text := fmt.Sprintf("local text = import 'plain.libsonnet';\nlocal n = 4;\n%s", topology)
	if err := os.WriteFile(b.path("plain.libsonnet"), []byte(plainText), 0o644); err != nil {
		return nil, err
	}
	if err := os.WriteFile(small, []byte(text), 0o644); err != nil {
		return nil, err
	}
	if _, err := b.process(b.path("stackgen"), "render", "-o", b.path("small"), small); err != nil {
		return nil, err
	}
	files := map[string]string{}
	err := filepath.WalkDir(b.path("small"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(path, marks()[0].text) {
			return err
		}
		content, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, b.path("small")+"/")] = string(content)
		return err
	})
	return files, err
}

// filesProgram makes all files of all servers of a topology.
func filesProgram(program string, templates map[string]string, expression func(string) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "local vms = (import %q).vms;\n{\n", program)
	b.WriteString("  [path]: files[path]\n  for name in std.objectFields(vms)\n  for files in [local vm = vms[name]; {\n")
	var paths []string
	for p := range templates {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	for _, p := range paths {
		fmt.Fprintf(&b, "    [%s]: %s,\n", plusOf(p), expression(templates[p]))
	}
	b.WriteString("  }]\n  for path in std.objectFields(files)\n}\n")
	return b.String()
}

// percentOf is a text as a format string with its values.
func percentOf(text string) string {
	text = strings.ReplaceAll(text, "%", "%%")
	var values []string
	for i, m := range marks() {
		text = strings.ReplaceAll(text, m.text, fmt.Sprintf("%%(v%d)s", i))
		values = append(values, fmt.Sprintf("v%d: %s", i, m.expression))
	}
	return literal(text) + " % { " + strings.Join(values, ", ") + " }"
}

// plusOf is a text as a sum of its pieces.
func plusOf(text string) string {
	const cut = "\x00"
	for _, m := range marks() {
		text = strings.ReplaceAll(text, m.text, cut+m.expression+cut)
	}
	pieces := strings.Split(text, cut)
	for i := 0; i < len(pieces); i += 2 {
		pieces[i] = literal(pieces[i])
	}
	return strings.Join(pieces, " + ")
}

// literal is text in JSON, which is text in Jsonnet.
func literal(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err) // of a string: cannot be
	}
	return string(b)
}
