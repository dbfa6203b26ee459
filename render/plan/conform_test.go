package plan

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
	"stackgen/templates"
)

// TestScriptConforms shows the script and what carries it out to bash and shellcheck,
// and then twins of the script that they must refuse.
func TestScriptConforms(t *testing.T) {
	rendertest.Need(t, "bash", "shellcheck")
	script := rendertest.Content(t, complete(t), scriptName)
	for _, f := range append(Runtime(), artifact.File{Path: scriptName, Content: script}) {
		good := rendertest.Write(t, filepath.Base(f.Path), f.Content)
		for _, argv := range [][]string{{"bash", "-n", good}, {"shellcheck", "--norc", good}} {
			if out, ok := rendertest.Run(t, argv...); !ok || out != "" {
				t.Errorf("%s: %s: %s", f.Path, argv[0], out)
			}
		}
	}
	broken := rendertest.Write(t, scriptName, strings.Replace(script, "mariadb <sql/users.sql", "if mariadb; fi", 1))
	if _, ok := rendertest.Run(t, "bash", "-n", broken); ok {
		t.Error("bash accepts a broken script")
	}
	unquoted := rendertest.Write(t, scriptName, strings.Replace(script, "mariadb <sql/users.sql", "rm $HOME/$1", 1))
	if _, ok := rendertest.Run(t, "shellcheck", "--norc", unquoted); ok {
		t.Error("shellcheck accepts an unquoted variable")
	}
}

// TestRooms: what travels to a machine calls nothing that stays here, nor the other way
// round, and every name is one function.
func TestRooms(t *testing.T) {
	both := functions(templates.AsItIs("plan/both"))
	texts := map[string]string{"here": templates.AsItIs("plan/here"), "machine": templates.AsItIs("plan/machine")}
	all := functions(texts["here"] + texts["machine"])
	all = slices.Sorted(slices.Values(append(all, both...)))
	for i, name := range all[1:] {
		if all[i] == name {
			t.Errorf("%s is defined twice", name)
		}
	}
	for room, other := range map[string]string{"here": "machine", "machine": "here"} {
		own := functions(texts[room])
		for _, name := range functions(texts[other]) {
			call := regexp.MustCompile(`(?m)(^|\b(?:then|do|else|if|until) |[;&|!({])[ \t]*` + name + `([ ;)]|$)`)
			for _, at := range call.FindAllStringIndex(withoutComments(texts[room]), -1) {
				if !slices.Contains(own, name) {
					t.Errorf("%s calls %s, which is in %s: %s", room, name, other, withoutComments(texts[room])[at[0]:at[1]])
				}
			}
		}
	}
}

// withoutComments drops lines that are comments, the labels of a case, and texts.
func withoutComments(script string) string {
	script = regexp.MustCompile(`(?s)<<[A-Z]+\n.*?\n[A-Z]+\n`).ReplaceAllString(script, "\n")
	return regexp.MustCompile(`(?m)^ *(#.*|[a-z|* -]+\))`).ReplaceAllString(script, "")
}

// functions lists the names that a script defines as functions, sorted.
func functions(script string) []string {
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^(\w+)\(\) [{(]`).FindAllStringSubmatch(script, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return names
}

// TestRuntimeIsThere: nothing is begun with another one, or with half a tree, from
// wherever it is called.
func TestRuntimeIsThere(t *testing.T) {
	rendertest.Need(t, "bash")
	const missing = "apply.d is missing or is not what this plan was rendered with"
	for name, tt := range map[string]struct {
		spoil string
		ok    bool
		want  string
	}{
		"as rendered":    {"true", true, "lb01/varnish"},
		"another folder": {"cd /", true, "lb01/varnish"},
		"no runtime":     {"rm -r apply.d", false, missing},
		"half of it":     {"rm apply.d/machine.sh", false, missing},
		"another one":    {"echo >>apply.d/here.sh", false, missing},
	} {
		t.Run(name, func(t *testing.T) {
			dir := tree(t, rendertest.Topology(t, "nullzero"))
			out, ok := rendertest.Run(t, "bash", "-c", `cd "$1" && `+tt.spoil+` && exec bash "$1/apply.sh" --list`, "-", dir)
			if ok != tt.ok || !strings.Contains(out, tt.want) {
				t.Errorf("%s: %t, want %t with %q:\n%s", tt.spoil, ok, tt.ok, tt.want, out)
			}
		})
	}
}

func TestScriptWithoutContact(t *testing.T) {
	rendertest.Need(t, "bash")
	script := filepath.Join(tree(t, rendertest.Topology(t, "nullzero")), scriptName)
	tests := []struct {
		name string
		args []string
		ok   bool
		want []string // in the output, in this order
	}{
		{"list", []string{"--list"}, true, []string{"db01/packages", "lb01/packages", "db01/mariadb", "lb01/varnish", "-/check"}},
		{"only", []string{"--list", "--only", "lb01/varnish"}, true, []string{"lb01/varnish  "}},
		{"only by the name of the step", []string{"--list", "--only", "packages"}, true, []string{"db01/packages", "lb01/packages"}},
		{"from", []string{"--list", "--from", "db01/mariadb"}, true, []string{"db01/mariadb", "lb01/varnish"}},
		{"host", []string{"--list", "--host", "db01"}, true, []string{"db01/packages", "db01/mariadb"}},
		{"dry run", []string{"--dry-run", "--only", "varnish"}, true, []string{"[4/5] lb01/varnish: cache", "installs /etc/varnish/default.vcl (root:root, mode 644)", "brings it into effect"}},
		{"dry run with secrets", []string{"--dry-run", "--only", "mariadb"}, true, []string{"db01/mariadb: database", "brings a file of db01/ for its commands", "needs the secret db01/user for sql/users.sql"}},
		{"code", []string{"--show-code", "--only", "varnish"}, true, []string{"[4/5] lb01/varnish: cache", "installs etc/varnish/default.vcl root:root 644", "systemctl reload varnish"}},
		{"help", []string{"--help"}, true, []string{"Usage: apply.sh", "--undo-network"}},
		{"no such step", []string{"--list", "--only", "nginx"}, false, []string{"there is no step nginx"}},
		{"one of several is no step", []string{"--list", "--only", "varnish", "--only", "nginx"}, false, []string{"there is no step nginx"}},
		{"nothing is left", []string{"--list", "--only", "varnish", "--host", "db01"}, false, []string{"no step is chosen"}},
		{"no such start", []string{"--list", "--from", "nginx"}, false, []string{"there is no step nginx"}},
		{"no such machine", []string{"--list", "--host", "web09"}, false, []string{"there is no machine web09"}},
		{"no such option", []string{"--lsit"}, false, []string{"unknown option --lsit"}},
		{"an option without its word", []string{"--only"}, false, []string{"--only needs a name"}},
		{"an option in the place of a name", []string{"--host", "--list"}, false, []string{"--host needs a name"}},
		{"two things to do", []string{"--dry-run", "--undo-network", "--yes"}, false, []string{"--dry-run and --undo-network are two things to do: choose one"}},
		{"one thing twice", []string{"--list", "--list", "--only", "varnish"}, true, []string{"lb01/varnish"}},
		{"no terminal", []string{"--only", "varnish"}, false, []string{"use --yes"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, ok := rendertest.Run(t, append([]string{"bash", script}, tt.args...)...)
			if ok != tt.ok {
				t.Errorf("%v: succeeded %t, want %t: %s", tt.args, ok, tt.ok, out)
			}
			rest := out
			for _, want := range tt.want {
				_, after, found := strings.Cut(rest, want)
				if !found {
					t.Fatalf("%v does not print %q in its place:\n%s", tt.args, want, out)
				}
				rest = after
			}
		})
	}
}

// TestScriptSurroundings: what the script cannot do without is said, and what it can
// is not asked for.
func TestScriptSurroundings(t *testing.T) {
	rendertest.Need(t, "bash", "dash", "ssh", "flock")
	script := filepath.Join(tree(t, rendertest.Topology(t, "nullzero")), scriptName)
	spaced := filepath.Join(t.TempDir(), "a b")
	if err := os.Symlink(filepath.Dir(script), spaced); err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir() // programs, but neither ssh nor flock
	for _, name := range []string{"awk", "bash", "cat", "dirname", "hostname", "mkdir", "mktemp", "od", "readlink", "rm", "sha256sum", "sort", "tr", "id"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	flock := t.TempDir()
	if path, err := exec.LookPath("flock"); err != nil || os.Symlink(path, filepath.Join(flock, "flock")) != nil {
		t.Fatal(path, err)
	}
	apply := []string{"bash", script, "--yes", "--only", "varnish"}
	for name, tt := range map[string]struct {
		env, args []string
		code      int
		want      string
	}{
		"another shell":      {nil, []string{"dash", script, "--list"}, 1, "apply.sh: bash is needed, of version 5 or later\n"},
		"no home":            {[]string{"-u", "HOME", "-u", "XDG_STATE_HOME"}, []string{"bash", script, "--list", "--only", "varnish"}, 0, "lb01/varnish"},
		"minutes":            {[]string{"STACKGEN_WAIT=5m"}, apply, 64, "apply.sh: STACKGEN_WAIT is '5m', not a number of seconds"},
		"octal":              {[]string{"STACKGEN_UNDO_AFTER=08"}, apply, 64, "STACKGEN_UNDO_AFTER is '08'"},
		"no flock":           {[]string{"PATH=" + bin}, apply, 1, "apply.sh: flock is not installed here\n"},
		"no ssh":             {[]string{"PATH=" + bin + ":" + flock}, apply, 1, "ssh is not installed here\n"},
		"a space in the way": {[]string{"PATH=" + bin + ":" + flock}, []string{"bash", filepath.Join(spaced, scriptName), "--yes", "--only", "varnish"}, 1, `/a\ b/apply.sh --from lb01/varnish --yes --only varnish`},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command("env", append(append([]string{"HOME=" + t.TempDir(), "STACKGEN_WAIT=1"}, tt.env...), tt.args...)...)
			if tt.env != nil && tt.env[0] == "-u" {
				cmd.Args = append([]string{"env"}, append(tt.env, tt.args...)...)
			}
			out, _ := cmd.CombinedOutput()
			if code := cmd.ProcessState.ExitCode(); code != tt.code || !strings.Contains(string(out), tt.want) {
				t.Errorf("exit code %d, want %d, with %q:\n%s", code, tt.code, tt.want, out)
			}
		})
	}
}
