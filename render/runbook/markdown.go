package runbook

import "strings"

// special are the characters that mean something within a line of GitHub
// Flavored Markdown; a backslash makes each plain (section 2.4).
//   - \ itself, ` code, * and _ emphasis, ~ strikethrough, [ ] links, < > HTML, & entities;
//   - | ends a cell of a table (4.10);
//   - $ is mathematics on GitHub.
//
// A mail address becomes a link whatever is done (6.9); it shows what it is.
// What means something only where a line begins, such as # and -, is left: text
// of a user never begins a line.
const special = "\\`*_~[]<>&|$"

// text writes a line of foreign text, to stand within a line of ours. It breaks
// the links that GitHub makes of "http://" and "www." as well, at the colon and
// the dot.
func text(s string) string {
	if !strings.ContainsAny(s, special+":.") {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		link := r == ':' && strings.HasPrefix(s[i:], "://") || r == '.' && strings.HasSuffix(strings.ToLower(s[:i]), "www")
		if link || strings.ContainsRune(special, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// code writes a name or command as it is. The schema lets no backquote, bar or
// line break into any that comes here.
func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

// codes writes several.
func codes(list []string) string {
	var all []string
	for _, s := range list {
		all = append(all, code(s))
	}
	return strings.Join(all, " ")
}

// row makes a row of a table.
func row(cells ...string) string {
	size := len("|")
	for _, c := range cells {
		size += len(c) + len("  |")
	}
	var b strings.Builder
	b.Grow(size)
	b.WriteByte('|')
	for _, c := range cells {
		b.WriteByte(' ')
		b.WriteString(c)
		b.WriteString(" |")
	}
	return b.String()
}
