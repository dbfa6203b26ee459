package topology

import "strings"

// Directive is one directive of nginx: its name, and its arguments without their
// quotes. What a block holds is left out.
type Directive struct {
	Name string
	Args []string
}

// Directives are those that stand at the level of the server block in the user's
// own words. Text that nginx would refuse gives what there is of it.
func (s Site) Directives() []Directive { return directives(s.Extra) }

// Says reports whether the user's own words have a directive at the level of the
// server block.
func (s Site) Says(name string) bool {
	for _, d := range s.Directives() {
		if d.Name == name {
			return true
		}
	}
	return false
}

// Locates reports whether the user's own words have the location of a prefix.
func (s Site) Locates(prefix string) bool {
	for _, d := range s.Directives() {
		if d.Name != "location" || len(d.Args) == 0 || d.Args[len(d.Args)-1] != prefix {
			continue
		}
		if len(d.Args) == 1 || d.Args[0] == "^~" {
			return true
		}
	}
	return false
}

// directives reads nginx's words: a directive ends with a semicolon or a block.
func directives(text string) (all []Directive) {
	var words []string
	depth := 0
	end := func() {
		if len(words) > 0 && depth == 0 {
			all = append(all, Directive{words[0], words[1:]})
		}
		words = nil
	}
	for text != "" {
		word, rest, plain := nextWord(text)
		text = rest
		switch {
		case plain && word == ";":
			end()
		case plain && word == "{":
			end()
			depth++
		case plain && word == "}":
			words, depth = nil, max(depth-1, 0)
		case word != "" || !plain:
			words = append(words, word)
		}
	}
	return all
}

// nextWord cuts off the first word, or a mark of nginx's own. Plain words had no
// quotes around them. Braces within a word are part of it, as in x{2}, but not one
// that opens a block: there nginx wants a space or the word's end.
func nextWord(text string) (word, rest string, plain bool) {
	text = strings.TrimLeft(text, " \t\r\n")
	switch {
	case text == "":
		return "", "", true
	case text[0] == '#':
		_, rest, _ = strings.Cut(text, "\n")
		return "", rest, true
	case strings.IndexByte(";{}", text[0]) >= 0:
		return text[:1], text[1:], true
	case text[0] == '"' || text[0] == '\'':
		word, rest = quoted(text[1:], text[0])
		return word, rest, false
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case c == '$' && i+1 < len(text) && text[i+1] == '{':
			i++ // a variable: ${name}
		case strings.IndexByte(" \t\r\n;{", c) >= 0:
			return text[:i], text[i:], true
		}
	}
	return text, "", true
}

// quoted cuts off text up to its closing quote.
func quoted(text string, quote byte) (word, rest string) {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case quote:
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}
