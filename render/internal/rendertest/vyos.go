package rendertest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"stackgen/render/artifact"
)

// CommandTree finds the checker of VyOS commands against the command tree of a
// release. It lies beside the repository where there is one at all; the test is
// skipped without it.
func CommandTree(t testing.TB) (checker string) {
	t.Helper()
	checker = filepath.Join(root(), "..", "shared", "vyos", "check-vyos-commands")
	if _, err := os.Stat(checker); err != nil {
		t.Skip("SKIPPED: there is no ../shared/vyos/check-vyos-commands beside the repository")
	}
	Need(t, "python3")
	return checker
}

// placeHolder is what apply fills a secret in for.
var placeHolder = regexp.MustCompile(`@@secret:[^@]*@@`)

// Filled is text as it reaches a machine, with something of the right form for
// every secret: a hash, a word, some text, or else 32 bytes in base64, as long as a key of
// WireGuard is.
func Filled(text string) string {
	return placeHolder.ReplaceAllStringFunc(text, func(p string) string {
		switch encoding, _, _ := strings.Cut(strings.TrimPrefix(p, artifact.Marker), ":"); artifact.Encoding(encoding) {
		case artifact.Crypt:
			return "$6$salt$" + strings.Repeat("h", 86)
		case artifact.Word:
			return "AAAA"
		case artifact.VyOS:
			return "hunter2"
		}
		return strings.Repeat("A", 43) + "="
	})
}

// Accepted asks the command tree of a release about files of commands, and
// gives the lines that it objects to: each begins with the name of its file.
func Accepted(t testing.TB, checker, version string, files ...string) (objections []string, ok bool) {
	t.Helper()
	out, ok := Run(t, append([]string{"python3", checker, "-w", version}, files...)...)
	for line := range strings.Lines(out) {
		// What the checker cannot see, such as whether a file exists, it says.
		if !strings.Contains(line, ": unchecked: ") && !strings.Contains(line, " commands, ") {
			objections = append(objections, strings.TrimSuffix(line, "\n"))
		}
	}
	return objections, ok && len(objections) == 0
}
