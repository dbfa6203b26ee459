package verify

import (
	"regexp"
	"strings"

	"stackgen/render/artifact"
)

func bash(w work, f artifact.File) (string, bool) {
	return w.ask("bash", "--norc", "-n", w.put("script.sh", f.Content))
}

// shellcheck asks about a long script part by part: it reads ten kilobytes in a second,
// and each part has its time.
func shellcheck(w work, f artifact.File) (string, bool) {
	parts := partsOf(f.Content)
	if len(parts) == 1 {
		return lint(w, f.Content)
	}
	for _, part := range parts {
		if _, ok := w.ask("bash", "--norc", "-n", w.put("script.sh", part)); !ok && !*w.late {
			return lint(w, f.Content) // it is not a script as ours are
		}
		// What is used in one part may be made in another.
		if output, ok := lint(w, part, "--exclude=SC2034,SC2154,SC2119,SC2120"); !ok {
			return output, false
		}
	}
	return "", true
}

func lint(w work, text string, options ...string) (string, bool) {
	argv := append([]string{"shellcheck", "--norc", "--severity=warning"}, options...)
	return w.ask(append(argv, w.put("script.sh", text))...)
}

// partLength is how much of a script is looked at together, in bytes. Within it a
// script is whole.
const partLength = 100_000

// functionBegin is the first line of a function at the top of a script.
var functionBegin = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_:./-]*\(\) [{(]`)

// partsOf gives a script several times, each with some of its functions. The lines of
// the others are empty, so that numbers stay.
func partsOf(script string) []string {
	if len(script) <= partLength {
		return []string{script}
	}
	lines := strings.SplitAfter(script, "\n")
	owner, count, size := make([]int, len(lines)), 0, 0 // which part a line is in; 0: all
	inside := false
	for i, line := range lines {
		if !inside && functionBegin.MatchString(line) {
			inside = true
			if size == 0 || size > partLength {
				count, size = count+1, 0
			}
		}
		if inside {
			owner[i] = count
			size += len(line)
		}
		if line == "}\n" || line == ")\n" || functionBegin.MatchString(line) && strings.HasSuffix(line, "}\n") {
			inside = false
		}
	}
	parts := make([]string, max(1, count))
	for p := range parts {
		var b strings.Builder
		for i, line := range lines {
			if owner[i] == 0 || owner[i] == p+1 {
				b.WriteString(line)
			} else {
				b.WriteString("\n")
			}
		}
		parts[p] = b.String()
	}
	return parts
}
