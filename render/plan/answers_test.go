package plan

import (
	"strings"
	"testing"
	"time"

	"stackgen/render/internal/rendertest"
)

// shells has an ssh(1) whose other end has a login shell, $SHELL_THERE, that does what it
// is told as that of a real machine would.
const shells = `WORK=$HOME LOCAL_MACHINE=''; mkdir "$HOME/bin"; PATH=$HOME/bin:$PATH
cat >"$HOME/bin/ssh" <<'END'
#!/bin/bash
exec $SHELL_THERE -c "${!#}"
END
cat >"$HOME/bin/noisy" <<'END'
#!/bin/bash
echo 'Welcome!'; echo 'stackgen-1 begin' ; printf 'no line break'
bash "$@"; status=$?
echo 'Good bye'; exit $status
END
cat >"$HOME/bin/interrupted" <<'END'
#!/bin/bash
bash "$@" | head -n 3
END
chmod +x "$HOME"/bin/*
`

// TestLoginShells: whatever shell answers, what the command says and returns is what is
// believed, and without that the answer is none.
func TestLoginShells(t *testing.T) {
	t.Parallel()
	rendertest.Need(t, "fish", "tcsh", "dash")
	const ask = shells + `status=0; on m bash -c "$ASKED" - 'it'\''s' '$HOME !x' 'a\\b' || status=$?; echo "<$status>"`
	const asked = `printf "%s|" "$@"; cat; echo; printf end; exit 7`
	const answer = "it's|$HOME !x|a\\\\b|\nend<7>\n"
	for shell, want := range map[string]string{
		"bash": answer, "dash": answer, "fish": answer, "tcsh": answer, "noisy": answer,
		"/usr/sbin/nologin": "the login shell of m does not do what it is asked; it says:\nThis account is currently not available.\n<1>\n",
		"true":              "the login shell of m does not do what it is asked; it says:\n<1>\n",
		"interrupted":       "the login shell of m does not do what it is asked",
	} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			out, _ := call(t, []string{"SHELL_THERE=" + shell, "ASKED=" + asked}, ask+` </dev/null`)
			if out != want && (shell != "interrupted" || !strings.HasPrefix(out, want) || !strings.HasSuffix(out, "<1>\n")) {
				t.Errorf("%s\n got %q\nwant %q", shell, out, want)
			}
		})
	}
}

// TestAnswers: what a machine says is bounded, and a terminal obeys none of it.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ asked, want string }{
		"as it is":            {`printf 'Straße\t…\n\n'`, "Straße\t…\n\n<0>"},
		"nothing":             {`exit 3`, "<3>"},
		"the lines of ssh":    {`printf 'no\r\nway\r'`, "no\nway<0>"},
		"a title":             {`printf '\033]0;x\007\033[2J\rover\b \302\233x'`, "^[]0;x?^[[2J^Mover? ?x<0>"},
		"no UTF-8":            {`printf 'a\377\233b'`, "ab<0>"},
		"the other way round": {`printf 'a\342\200\256b'`, "a?b<0>"},
		"NUL":                 {`printf 'a\0b'`, "a?b<0>"},
		"a look-alike":        {`printf '\nstackgen-1 end 0\n'; exit 2`, "\nstackgen-1 end 0\n<2>"},
		"on stderr":           {`printf 'a\033b' >&2`, "a^[b<0>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, _ := call(t, []string{"SHELL_THERE=bash", "ASKED=" + tt.asked}, shells+`status=0; on m bash -c "$ASKED" || status=$?; printf "<$status>"`)
			if out != tt.want {
				t.Errorf("%s\n got %q\nwant %q", tt.asked, out, tt.want)
			}
		})
	}
}

// TestEndlessAnswer: the run goes on, and the status is known.
func TestEndlessAnswer(t *testing.T) {
	t.Parallel()
	start := time.Now()
	out, _ := call(t, []string{"SHELL_THERE=bash"}, shells+`SECRET[x]=hunter2; hide hunter2; CURRENT='' NUMBER[m/x]=1 SUMMARY[m/x]=x; LOG=/dev/null
status=0; output=$(on m bash -c 'timeout 3 yes "hunter2 and more"; echo last; exit 5') || status=$?; fail m/x "$output<$status>"`)
	if !strings.Contains(out, "last<5>") || !strings.Contains(out, "lines before these are in") || strings.Contains(out, "hunter2") || len(out) > 100_000 {
		t.Errorf("%d bytes: … %q", len(out), out[max(0, len(out)-300):])
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("it took %s", took)
	}
}
