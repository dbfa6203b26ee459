package service

import (
	"strings"
)

// isPlain reports whether a character means nothing in the value of a unit's
// setting (systemd.syntax(7), systemd.service(5)).
func isPlain(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return true
	}
	return strings.ContainsRune("_-./:,+=@", r)
}

// quote makes one word of a setting such as Environment=, in which a percent sign
// begins a specifier. The schema lets no control character in.
func quote(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !isPlain(r) }) {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "%", "%%").Replace(s) + `"`
}

// argument makes one word of a command line, in which a dollar sign begins a
// variable besides (systemd.service(5), command lines).
func argument(s string) string { return strings.ReplaceAll(quote(s), "$", "$$") }

// command makes a command line. The first word is a path, in which no variable is
// looked for.
func command(argv []string) string {
	words := []string{quote(argv[0])}
	for _, a := range argv[1:] {
		words = append(words, argument(a))
	}
	return strings.Join(words, " ")
}

// reloadCommand leaves the one variable that systemd sets for it.
func reloadCommand(argv []string) string {
	words := []string{quote(argv[0])}
	for _, a := range argv[1:] {
		if a != "$MAINPID" {
			a = argument(a)
		}
		words = append(words, a)
	}
	return strings.Join(words, " ")
}

// plainText is text that runs to the end of its line. A backslash at the end would
// join the next line to it; white space there is dropped by systemd.
func plainText(s string) string {
	s = strings.ReplaceAll(s, "%", "%%")
	if strings.HasSuffix(s, `\`) {
		return s + " "
	}
	return s
}
