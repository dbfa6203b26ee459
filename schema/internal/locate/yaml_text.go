package locate

import (
	"strings"
	"unicode/utf8"

	"stackgen/schema/diag"

	"gopkg.in/yaml.v3"
)

// yamlText is a YAML file, for finding where its nodes end: the parser only
// tells where they begin.
type yamlText struct {
	file  string
	text  string
	lines []int // where each begins
}

func newYAMLText(file string, lines []string) yamlText {
	t := yamlText{file: file, text: strings.Join(lines, "\n")}
	at := 0
	for _, l := range lines {
		t.lines = append(t.lines, at)
		at += len(l) + 1
	}
	return t
}

// span is the range of a node.
func (t yamlText) span(n *yaml.Node) diag.Pos {
	begin := t.begin(n)
	pos := diag.Pos{File: t.file}
	pos.Line, pos.Column = t.place(begin)
	pos.EndLine, pos.EndColumn = t.place(max(begin, t.end(n)))
	return pos
}

// begin is where a node begins: behind its anchor and tag.
func (t yamlText) begin(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(t.lines) {
		return 0
	}
	at := t.lines[n.Line-1]
	for i := 1; i < n.Column && at < len(t.text) && t.text[at] != '\n'; i++ {
		_, size := utf8.DecodeRuneInString(t.text[at:])
		at += size
	}
	for n.Kind != yaml.AliasNode && at < len(t.text) && (t.text[at] == '&' || t.text[at] == '!') {
		at += strings.IndexAny(t.text[at:]+" ", " \t\n")
		at += len(t.text[at:]) - len(strings.TrimLeft(t.text[at:], " \t\n\r"))
	}
	return at
}

// place is the line and column of an offset.
func (t yamlText) place(at int) (line, column int) {
	line = len(t.lines)
	for line > 1 && t.lines[line-1] > at {
		line--
	}
	if line == 0 {
		return 1, 1
	}
	return line, utf8.RuneCountInString(t.text[t.lines[line-1]:min(at, len(t.text))]) + 1
}

// end is where a node ends.
func (t yamlText) end(n *yaml.Node) int {
	begin := t.begin(n)
	switch {
	case n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode:
		end := begin
		if len(n.Content) > 0 {
			end = t.end(n.Content[len(n.Content)-1])
		}
		if n.Style&yaml.FlowStyle != 0 {
			end = t.bracket(max(end, begin+1))
		}
		return end
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return t.quoted(begin, '"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		return t.quoted(begin, '\'')
	case n.Kind == yaml.AliasNode:
		return begin + 1 + len(n.Value)
	case strings.HasPrefix(t.text[begin:], n.Value):
		return begin + len(n.Value)
	}
	return begin + strings.IndexAny(t.text[begin:]+"\n", "\r\n") // a block, or text on many lines
}

// quoted is where a quoted text ends.
func (t yamlText) quoted(begin int, quote byte) int {
	for i := begin + 1; i < len(t.text); i++ {
		switch {
		case t.text[i] == '\\' && quote == '"':
			i++
		case t.text[i] == quote && quote == '\'' && strings.HasPrefix(t.text[i+1:], "'"):
			i++
		case t.text[i] == quote:
			return i + 1
		}
	}
	return len(t.text)
}

// bracket is where a flow collection ends whose last element ends at an offset.
func (t yamlText) bracket(at int) int {
	for at < len(t.text) {
		switch t.text[at] {
		case ']', '}':
			return at + 1
		case '#':
			at += strings.IndexByte(t.text[at:]+"\n", '\n')
		}
		at++
	}
	return len(t.text)
}
