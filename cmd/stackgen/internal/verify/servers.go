package verify

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"

	"stackgen/render/artifact"
)

// ovs gives the commands of a bridge script to a database of its own. The
// script is not run: it would change the network of this machine.
func ovs(w work, f artifact.File) (string, bool) {
	if out, ok := w.ask("ovsdb-tool", "create", w.path("conf.db"), "/usr/share/openvswitch/vswitch.ovsschema"); !ok {
		return out, false
	}
	socket := w.path("db.sock")
	stop, err := w.serve("ovsdb-server", "--remote=punix:"+socket, "--unixctl="+w.path("ctl"), "-vconsole:off",
		w.path("conf.db"))
	if err != nil {
		return err.Error(), false
	}
	defer stop()
	ovsctl := func(args ...string) (string, bool) {
		return w.ask(append([]string{"ovs-vsctl", "--db=unix:" + socket, "--no-wait", "--timeout=20"}, args...)...)
	}
	if !w.waitFor(func() bool { _, ok := ovsctl("init"); return ok }) {
		return "ovsdb-server does not answer", false
	}
	commands := ovsCommands(f.Content)
	if len(commands) == 0 {
		return "no ovs-vsctl command is found in the script", false
	}
	for range 2 { // a second run changes nothing, and must not fail either
		for _, args := range commands {
			if out, ok := ovsctl(args...); !ok {
				return out, false
			}
		}
	}
	return "", true
}

// ovsCommands are the arguments of each transaction: a line "ovs-vsctl" and the
// lines that continue it. What has to move first is left out: in a database that is
// empty it is nothing.
func ovsCommands(script string) (commands [][]string) {
	lines := slices.DeleteFunc(strings.Split(script, "\n"),
		func(line string) bool { return strings.HasPrefix(line, "  $(off ") })
	for i := 0; i < len(lines); i++ {
		rest, found := strings.CutPrefix(lines[i], "ovs-vsctl ")
		if !found {
			continue
		}
		for strings.HasSuffix(rest, "\\") && i+1 < len(lines) {
			i++
			rest = strings.TrimSuffix(rest, "\\") + lines[i]
		}
		commands = append(commands, words(rest))
	}
	return commands
}

// words splits a line as a shell does that knows single quotes and backslashes
// only: that is all that our scripts quote with.
func words(line string) (list []string) {
	var word strings.Builder
	inWord, quoted := false, false
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case quoted && c == '\'':
			quoted = false
		case quoted:
			word.WriteByte(c)
		case c == '\'':
			quoted, inWord = true, true
		case c == '\\' && i+1 < len(line):
			i++
			word.WriteByte(line[i])
			inWord = true
		case c == ' ':
			if inWord {
				list = append(list, word.String())
			}
			word.Reset()
			inWord = false
		default:
			word.WriteByte(c)
			inWord = true
		}
	}
	if inWord {
		list = append(list, word.String())
	}
	return list
}

// mariadb runs the SQL of a machine twice on a server of its own. What prints
// statements, such as for privileges that are too many, is not carried out; what
// is to find something missing must find nothing.
func mariadb(w work, files []artifact.File) (string, bool) {
	// A server that starts removes the temporary tables of all others in its tmpdir.
	tmp := w.path("tmp")
	if err := os.Mkdir(tmp, 0o700); err != nil {
		return err.Error(), false
	}
	install := append([]string{"mariadb-install-db", "--no-defaults", "--datadir=" + w.path("data"), "--tmpdir=" + tmp,
		"--auth-root-authentication-method=normal", "--skip-test-db"}, asRoot()...)
	if out, ok := w.ask(install...); !ok {
		return out, false
	}
	socket := w.path("sock")
	stop, err := w.serve("mariadbd",
		append([]string{"--no-defaults", "--datadir=" + w.path("data"), "--tmpdir=" + tmp, "--socket=" + socket,
			"--pid-file=" + w.path("pid"), "--skip-networking", "--innodb-buffer-pool-size=16M",
			"--innodb-flush-log-at-trx-commit=0"}, asRoot()...)...)
	if err != nil {
		return err.Error(), false
	}
	defer stop()
	if !w.waitFor(func() bool {
		_, ok := w.ask("mariadb-admin", "--no-defaults", "-uroot", "-S", socket, "ping")
		return ok
	}) {
		return "mariadbd does not answer", false
	}
	for range 2 {
		for _, f := range files {
			out, ok := w.feed(f.Content, "mariadb", "--no-defaults", "-uroot", "-S", socket, "--binary-mode", "--batch",
				"--skip-column-names")
			if !ok || out != "" && strings.Contains(f.Path, "missing") {
				return f.TreePath() + ": " + out, false
			}
		}
	}
	return "", true
}

// asRoot lets mariadbd run as root, which it refuses otherwise.
func asRoot(more ...string) []string {
	if os.Geteuid() == 0 {
		return append([]string{"--user=root"}, more...)
	}
	return more
}

// serve starts a server; stop ends it and waits.
func (w work) serve(name string, args ...string) (stop func(), err error) {
	if err := w.ctx.Err(); err != nil {
		return nil, err
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = w.dir
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return func() {
		cmd.Process.Signal(syscall.SIGTERM)
		time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
		cmd.Wait()
	}, nil
}

// waitFor asks until the answer is yes, for half a minute.
func (w work) waitFor(ready func() bool) bool {
	for range 300 {
		if ready() {
			return true
		}
		if w.ctx.Err() != nil {
			return false
		}
		time.Sleep(100 * time.Millisecond)
	}
	return false
}
