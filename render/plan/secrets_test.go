package plan

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/templates"
)

// library is a tree whose script, library.sh, ends where main would begin: it reads
// the functions of both sides, to be called one by one.
func library(t *testing.T) string {
	t.Helper()
	dir := tree(t, rendertest.Topology(t, "nullzero"))
	script, err := os.ReadFile(filepath.Join(dir, scriptName))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.TrimSuffix(string(script), "main \"$@\"\n") + `. "$HERE/apply.d/machine.sh"` + "\n"
	path := filepath.Join(dir, "library.sh")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// call runs lines of bash after the script's functions are defined.
func call(t *testing.T, env []string, lines string) (output string, ok bool) {
	t.Helper()
	rendertest.Need(t, "bash")
	cmd := exec.Command("bash", "-c", `. "$1"; `+lines, "-", library(t))
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, env...)
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

const block = "-----BEGIN CERTIFICATE-----\nQUJD\nREVG\n-----END CERTIFICATE-----"

func TestEncode(t *testing.T) {
	tests := []struct{ encoding, value, want string }{
		{"environment", `a"b\c$d` + "`e", `a\"b\\c\$d` + "\\`e"},
		{"line", "a b", "a b"},
		{"text", "two\nlines", "two\nlines"},
		{"sql", "plain", "plain"},
		{"sql", `it's`, `it\'s`},
		{"sql", `\'; DROP TABLE x; -- `, `\\\'; DROP TABLE x; -- `},
		{"sql", "& ~ $HOME `id` $(id) *", "& ~ $HOME `id` $(id) *"},
		{"sql", "a\nb", "a\nb"},
		{"ini", `say "hi" \ `, `say \"hi\" \\ `},
		{"ini", "a${PATH}", `a\${PATH}`},
		{"pem", "Certificate:\n  Data: x\n" + block + "\n", block},
		{"pem", strings.ReplaceAll(block, "\n", "\r\n"), block},
		{"word", "s3cret_A-z", "s3cret_A-z"},
		{"crypt", "$6$" + strings.Repeat("s", 16) + "$" + strings.Repeat("h", 86), "$6$" + strings.Repeat("s", 16) + "$" + strings.Repeat("h", 86)},
		{"crypt", "$5$./$" + strings.Repeat("h", 43), "$5$./$" + strings.Repeat("h", 43)},
		{"pem-body", "Certificate:\n" + block, "QUJDREVG"},
		{"vyos", "a b$(id);#=/+", "a b$(id);#=/+"},
		{"swanctl", "it's \"x\"\\", "0saXQncyAieCJc"},
		{"key", "g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM=", "g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM="},
	}
	for _, tt := range tests {
		got, ok := call(t, []string{"VALUE=" + tt.value}, `SECRET[x]=$VALUE; encode `+tt.encoding+` x; printf '%s' "$ENCODED"`)
		if !ok || got != tt.want {
			t.Errorf("encode %s %q\n got %q\nwant %q", tt.encoding, tt.value, got, tt.want)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	tests := []struct{ encoding, value, want string }{
		{"ini", "a\nb", "control character"},
		{"ini", "a\x1bb", "control character"},
		{"ini", "$x", "begins with $"},
		{"ini", "a$pool", "$pool"},
		{"pem", "hunter2", "not in PEM form"},
		{"pem", "-----BEGIN CERTIFICATE-----\nQUJD\n", "not in PEM form"},
		{"word", "two words", "letters, digits"},
		{"word", "a\nb", "letters, digits"},
		{"word", "a'b", "letters, digits"},
		{"word", strings.Repeat("a", 101), "letters, digits"},
		{"crypt", "hunter2", "mkpasswd"},
		{"crypt", "$6$s$" + strings.Repeat("h", 85), "mkpasswd"},
		{"crypt", "$6$s$" + strings.Repeat("h", 86) + "\n", "mkpasswd"},
		{"crypt", "$6$s'$" + strings.Repeat("h", 86), "mkpasswd"},
		{"crypt", "$1$s$" + strings.Repeat("h", 22), "mkpasswd"},
		{"pem-body", block + "\n" + block, "single block"},
		{"vyos", "it's", "VyOS cannot store"},
		{"vyos", `a"b`, "VyOS cannot store"},
		{"vyos", `a\b`, "VyOS cannot store"},
		{"vyos", "a\nb", "VyOS cannot store"},
		{"key", "g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM", "not a key of WireGuard"},
		{"key", "g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM=\nx", "not a key of WireGuard"},
		{"pem-body", "-----BEGIN X-----\n'; reboot\n-----END X-----", "single block"},
	}
	for _, tt := range tests {
		got, ok := call(t, []string{"VALUE=" + tt.value}, `SECRET[x]=$VALUE; encode `+tt.encoding+` x || printf '%s' "$PROBLEM"`)
		if !ok || !strings.Contains(got, tt.want) {
			t.Errorf("encode %s %q says %q, want %q", tt.encoding, tt.value, got, tt.want)
		}
	}
}

// TestFill puts values in place that try to be place holders, patterns and
// commands themselves.
func TestFill(t *testing.T) {
	file := rendertest.Write(t, "f", "a '@@secret:sql:one@@' b\n'@@secret:sql:two/x.y-z@@'@@secret:pem:three@@\n\n")
	env := []string{"ONE=@@secret:sql:two/x.y-z@@ & \\0 ' $(id)", "TWO=*", "THREE=" + block, "FILE=" + file}
	got, ok := call(t, env, `SECRET[one]=$ONE SECRET[two/x.y-z]=$TWO SECRET[three]=$THREE; fill "$FILE"`)
	want := `a '@@secret:sql:two/x.y-z@@ & \\0 \' $(id)' b` + "\n'*'" + block + "\n\n"
	if !ok || got != want {
		t.Errorf("fill\n got %q\nwant %q", got, want)
	}
}

func TestMask(t *testing.T) {
	got, ok := call(t, []string{"TEXT=near 's3cret*'\nQUJDREVGR0g=\nshort\n", "PEM=x\nQUJDREVGR0g=\ny"},
		`hide 's3cret*'; hide "$PEM"; printf '%s' "$TEXT" | mask`)
	if want := "near '***'\n***\nshort\n"; !ok || got != want {
		t.Errorf("mask\n got %q\nwant %q", got, want)
	}
}

// TestMaskLongestFirst: what is left of a longer one would tell it.
func TestMaskLongestFirst(t *testing.T) {
	got, ok := call(t, nil, `hide pass; hide password1; hide word; hide pass; printf 'password1 word pass' | mask`)
	if want := "*** *** ***"; !ok || got != want {
		t.Errorf("mask\n got %q\nwant %q", got, want)
	}
}

func TestFindSecret(t *testing.T) {
	dir := t.TempDir()
	put := func(name, value string, mode os.FileMode) {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(value), mode); err != nil {
			t.Fatal(err)
		}
	}
	put("db01/user", "from file\n", 0o600)
	put("open/all", "x", 0o644)
	put("open/group", "x", 0o640)
	put("no/thing", "\n", 0o600)
	put("no/text", "a\x00b", 0o600)
	tests := []struct {
		name, secret string
		env          []string
		ok           bool
		want         string
	}{
		{"environment", "db01/user", []string{"STACKGEN_SECRET_DB01_USER=from env", "STACKGEN_SECRETS=" + dir}, true, "from env"},
		{"name with other characters", "vpn/rtr-01.key", []string{"STACKGEN_SECRET_VPN_RTR_01_KEY=k"}, true, "k"},
		{"file", "db01/user", []string{"STACKGEN_SECRETS=" + dir}, true, "from file"},
		{"file that all may read", "open/all", []string{"STACKGEN_SECRETS=" + dir}, false, "others may read"},
		{"file that the group may read", "open/group", []string{"STACKGEN_SECRETS=" + dir}, false, "others may read"},
		{"empty file", "no/thing", []string{"STACKGEN_SECRETS=" + dir}, false, "it is empty"},
		{"command", "db01/user", []string{"STACKGEN_SECRET_COMMAND=printf '%s-%s' got"}, true, "got-db01/user"},
		{"command that fails", "db01/user", []string{"STACKGEN_SECRET_COMMAND=false"}, false, "the secret command failed"},
		{"command that prints a NUL", "db01/user", []string{`STACKGEN_SECRET_COMMAND=printf "a\\0b"; :`}, false, "the secret command has a NUL in it"},
		{"file with a NUL", "no/text", []string{"STACKGEN_SECRETS=" + dir}, false, "no/text has a NUL in it"},
		{"in Turkey", "vpn/client.crt", []string{"LOCPATH=" + turkish(t), "LC_ALL=tr_TR.UTF-8", "STACKGEN_SECRET_VPN_CLIENT_CRT=c"}, true, "c"},
		{"line breaks at the end", "db01/user", []string{"STACKGEN_SECRET_COMMAND=printf 'x\n\n'; :"}, true, "x"},
		{"nowhere", "db01/user", nil, false, "set STACKGEN_SECRET_DB01_USER, or"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := call(t, append(tt.env, "NAME="+tt.secret),
				`if find_secret "$NAME"; then printf '%s' "${SECRET[$NAME]}"; else printf '%s' "$PROBLEM"; exit 1; fi`)
			if ok != tt.ok || !strings.Contains(got, tt.want) {
				t.Errorf("find_secret %s: %t, %q; want %t, %q", tt.secret, ok, got, tt.ok, tt.want)
			}
		})
	}
}

// turkish is where bash finds the locale whose capital of i is not I.
func turkish(t *testing.T) string {
	t.Helper()
	rendertest.Need(t, "localedef")
	dir := t.TempDir()
	if out, ok := rendertest.Run(t, "localedef", "-i", "tr_TR", "-f", "UTF-8", filepath.Join(dir, "tr_TR.UTF-8")); !ok {
		t.Fatal(out)
	}
	return dir
}

// TestSecretsInside: whatever the caller exports, no program that is started inherits a
// secret, and none is on the disk, however large it is.
func TestSecretsInside(t *testing.T) {
	large := "-----BEGIN X-----\n" + strings.Repeat(strings.Repeat("hunter2x", 8)+"\n", 4000) + "-----END X-----"
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "large"), []byte(large), 0o600); err != nil {
		t.Fatal(err)
	}
	file := rendertest.Write(t, "f", "@@secret:pem-body:large@@\n")
	env := []string{"STACKGEN_SECRETS=" + dir, "FILE=" + file, "TMPDIR=" + filepath.Join(dir, "nowhere"), "SHELLOPTS=allexport"}
	for _, m := range regexp.MustCompile(`\b[a-z]+\b`).FindAllString(templates.AsItIs("plan/here"), -1) {
		if !slices.Contains(env, m+"=x") {
			env = append(env, m+"=x")
		}
	}
	env = append(env, "ENCODED=x", "PROBLEM=x", "SECRET=x", "HIDDEN=x", "ORDERED=x")
	out, ok := call(t, env, `grep() { env | command grep -c hunter2 >&2; command grep "$@"; }
find_secret large && encode pem-body large && hide "${SECRET[large]}" && hide "$ENCODED"
env | command grep -c hunter2 || true
fill "$FILE" | sha256sum | cut -c 1-8; printf '%s' "${SECRET[large]}" | mask`)
	body := sha256.Sum256([]byte(strings.Repeat("hunter2x", 8*4000) + "\n"))
	if want := fmt.Sprintf("0\n0\n0\n%x\n***", body[:4]); !ok || out != want {
		t.Errorf("%t\n got %q\nwant %q", ok, out, want)
	}
}

// TestSecretsAreChecked runs the script itself: everything missing is said
// before anything else, and a trace shows no value.
func TestSecretsAreChecked(t *testing.T) {
	rendertest.Need(t, "bash")
	script := filepath.Join(tree(t, rendertest.Topology(t, "nullzero")), scriptName)
	run := func(env ...string) (string, bool) {
		cmd := exec.Command("bash", "-x", script, "--check-secrets")
		cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, env...)
		out, err := cmd.CombinedOutput()
		return string(out), err == nil
	}
	if out, ok := run(); ok || !strings.Contains(out, "db01/user: set STACKGEN_SECRET_DB01_USER") {
		t.Errorf("without the secret: %t, %s", ok, out)
	}
	out, ok := run("STACKGEN_SECRET_DB01_USER=hunter2")
	if !ok || !strings.Contains(out, "environment STACKGEN_SECRET_DB01_USER") {
		t.Errorf("with the secret: %t, %s", ok, out)
	}
	if strings.Contains(out, "hunter2") {
		t.Errorf("the value is shown: %s", out)
	}
}

// TestSecretsFound are said beside those that are missing.
func TestSecretsFound(t *testing.T) {
	out, ok := call(t, []string{"STACKGEN_SECRET_A_B=hunter2"},
		`secrets() { printf '%s\n' 'a/b sql db01/x' 'c/d sql db01/y'; }; STEPS=(db01/mariadb); MODE=check-secrets; find_secrets`)
	if ok || !strings.Contains(out, "a/b                              environment STACKGEN_SECRET_A_B\n") || !strings.Contains(out, "  c/d: set STACKGEN_SECRET_C_D, or") {
		t.Errorf("find_secrets: %t, %s", ok, out)
	}
}
