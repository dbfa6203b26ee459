package vyos

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// oracle finds the checker of commands against the command tree of a release.
// It lies beside the repository where there is one at all.
func oracle(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../../../shared/vyos/check-vyos-commands")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skip("SKIPPED: there is no ../shared/vyos/check-vyos-commands beside the repository")
	}
	rendertest.Need(t, "python3")
	return path
}

// placeHolder is filled in with something that is base64, as apply would.
var placeHolder = regexp.MustCompile(`@@secret:pem-body:[^@]*@@`)

func TestAcceptedByTheCommandTree(t *testing.T) {
	check := oracle(t)
	set, err := Render(rendertest.Topology(t, "nullzero"))
	if err != nil {
		t.Fatal(err)
	}
	good := placeHolder.ReplaceAllString(rendertest.Content(t, set, "rtr01/vyos/commands.txt"), "AAAA")
	if out, ok := rendertest.Run(t, "python3", check, "-w", "1.4", rendertest.Write(t, "good", good)); !ok || !strings.Contains(out, " 0 bad, 0 warnings") {
		t.Errorf("refused:\n%s", out)
	}
	for _, twin := range []struct{ old, new string }{
		{"outbound-interface name 'eth0'", "outbound-interface 'eth0'"}, // 1.3
		{"address '46.4.71.77/27'", "address '46.4.71.77'"},
		{"ncp-ciphers", "data-ciphers"}, // 1.5
		{"host-name 'rtr01'", "host-name 'rtr 01'"},
	} {
		bad := strings.Replace(good, twin.old, twin.new, 1)
		if out, ok := rendertest.Run(t, "python3", check, "1.4", rendertest.Write(t, "bad", bad)); ok {
			t.Errorf("%q instead of %q is accepted:\n%s", twin.new, twin.old, out)
		}
	}
}

func TestScriptIsClean(t *testing.T) {
	rendertest.Need(t, "shellcheck")
	script := commitScript(t)
	if out, ok := rendertest.Run(t, "shellcheck", "-s", "bash", rendertest.Write(t, "commit.sh", script)); !ok {
		t.Errorf("refused:\n%s", out)
	}
	bad := strings.Replace(script, `"${words[@]}"`, "$words", 1)
	if out, ok := rendertest.Run(t, "shellcheck", "-s", "bash", rendertest.Write(t, "commit.sh", bad)); ok {
		t.Errorf("an unquoted word is accepted:\n%s", out)
	}
}

func commitScript(t *testing.T) string {
	t.Helper()
	set, err := Render(rendertest.Topology(t, "nullzero"))
	if err != nil {
		t.Fatal(err)
	}
	return rendertest.Content(t, set, "rtr01/vyos/commit.sh")
}
