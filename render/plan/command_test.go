package plan

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// TestSecretCommands gets a secret from each store that the help speaks of, in
// its very words: from age itself, and from programs that take the arguments of
// pass(1) and sops and nothing else.
func TestSecretCommands(t *testing.T) {
	rendertest.Need(t, "age", "age-keygen")
	home := t.TempDir()
	run := func(script string) {
		t.Helper()
		if out, ok := rendertest.Run(t, "env", "HOME="+home, "sh", "-euc", "cd; "+script); !ok {
			t.Fatal(out)
		}
	}
	run(`mkdir -p bin secrets/db01; age-keygen -o key.txt 2>/dev/null; to=$(age-keygen -y key.txt)
printf "from age: it's \"\$1\"\n" | age -r "$to" -o secrets/db01/user.age
cat >bin/pass <<'END'
#!/bin/sh
[ $# = 2 ] && [ "$1" = show ] && [ "$2" = db01/user ] || { echo "Error: $2 is not in the password store." >&2; exit 1; }
echo "from pass"
END
cat >bin/sops <<'END'
#!/bin/sh
[ $# = 4 ] && [ "$1 $2" = "-d --extract" ] && [ "$3" = '["db01/user"]' ] && [ "$4" = secrets.yaml ] || { echo "component $3 not found" >&2; exit 91; }
printf 'from sops'
END
chmod +x bin/*`)
	commands := secretCommands(t)
	for store, want := range map[string]string{"age": `from age: it's "$1"`, "pass": "from pass", "sops": "from sops"} {
		for name, ok := range map[string]bool{"db01/user": true, "db01/other": false} {
			got, found := secretBy(t, home, commands[store], name)
			if found != ok || ok && got != want {
				t.Errorf("%s, %s: %t, %q; want %t, %q", store, name, found, got, ok, want)
			}
		}
	}
}

// secretCommands are the examples of the help, by the program that they run.
func secretCommands(t *testing.T) map[string]string {
	t.Helper()
	script := filepath.Join(tree(t, rendertest.Topology(t, "nullzero")), scriptName)
	help, _ := rendertest.Run(t, "bash", script, "--help")
	commands := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^  STACKGEN_SECRET_COMMAND='(.*)'$`).FindAllStringSubmatch(help, -1) {
		for _, store := range []string{"age", "pass", "sops"} {
			if strings.Contains(m[1], store+" ") {
				commands[store] = m[1]
			}
		}
	}
	if len(commands) != 3 {
		t.Fatalf("the help has %d examples:\n%s", len(commands), help)
	}
	return commands
}

// secretBy is what find_secret finds with a command, in the folder home.
func secretBy(t *testing.T, home, command, name string) (value string, ok bool) {
	t.Helper()
	cmd := exec.Command("bash", "-c", fmt.Sprintf(`cd; . "$1"; find_secret %s && printf '%%s' "${SECRET[%s]}"`, name, name), "-", library(t))
	cmd.Env = []string{"PATH=" + filepath.Join(home, "bin") + ":" + os.Getenv("PATH"), "HOME=" + home, "STACKGEN_SECRET_COMMAND=" + command}
	out, err := cmd.Output()
	return string(out), err == nil
}
