package locate

import (
	"fmt"
	"strconv"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/internal/evaluate"

	"gopkg.in/yaml.v3"
)

// yamlLocator finds positions in a YAML document.
type yamlLocator struct {
	root *yaml.Node
	text yamlText
}

// yamlPair is a key and its value; an element of a sequence has no key.
type yamlPair struct{ key, value *yaml.Node }

func newYAMLLocator(file string, files *evaluate.Sources) (*yamlLocator, error) {
	lines := files.File(file)
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(strings.Join(lines, "\n")), &doc); err != nil {
		return nil, err
	}
	l := &yamlLocator{root: &doc, text: newYAMLText(file, lines)}
	if doc.Kind == yaml.DocumentNode && len(doc.Content) > 0 {
		l.root = doc.Content[0]
	}
	return l, nil
}

// find is the place of the value at a path or of its key, or that of the
// nearest ancestor.
func (l *yamlLocator) find(path string, key bool) position {
	at := yamlPair{value: l.root}
	for _, token := range diag.Split(path) {
		next, ok := child(at.value, token)
		if !ok {
			pos := l.position(at, false)
			pos.Computed = true
			return position{pos: pos}
		}
		at = next
	}
	return position{pos: l.position(at, key)}
}

// position is that of the key if it is wanted or if the value is left empty.
func (l *yamlLocator) position(at yamlPair, key bool) diag.Pos {
	n := evaluate.Resolve(at.value)
	empty := n.Kind == yaml.ScalarNode && n.Value == "" && n.Style == 0
	if at.key != nil && (key || empty) {
		n = at.key
	}
	return l.text.span(n)
}

// child is what a key or index leads to.
func child(n *yaml.Node, token string) (yamlPair, bool) {
	n = evaluate.Resolve(n)
	switch n.Kind {
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(n.Content) {
			return yamlPair{value: n.Content[i]}, true
		}
	case yaml.MappingNode:
		return member(n, token)
	}
	return yamlPair{}, false
}

// member is a field of a mapping: its own before those that are merged into it,
// and of these the first.
func member(n *yaml.Node, token string) (yamlPair, bool) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k := n.Content[i]; !isMerge(k) && keyText(k) == token {
			return yamlPair{k, n.Content[i+1]}, true
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !isMerge(n.Content[i]) {
			continue
		}
		merged := evaluate.Resolve(n.Content[i+1])
		from := []*yaml.Node{merged}
		if merged.Kind == yaml.SequenceNode {
			from = merged.Content
		}
		for _, m := range from {
			if p, ok := child(m, token); ok {
				return p, true
			}
		}
	}
	return yamlPair{}, false
}

func isMerge(k *yaml.Node) bool { return k.Kind == yaml.ScalarNode && k.ShortTag() == "!!merge" }

// keyText is a key as the value of the file has it.
func keyText(k *yaml.Node) string {
	var v any
	if err := k.Decode(&v); err != nil {
		return k.Value
	}
	return fmt.Sprint(v)
}
