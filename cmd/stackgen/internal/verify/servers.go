package verify

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"stackgen/render/artifact"
)

// ovs gives the commands of a bridge script to a database of its own. The
// script is not run: it would change the network of this machine.
func ovs(w work, f artifact.File) (string, bool) {
	commands := ovsCommands(f.Content)
	for _, args := range commands {
		if why := strange(args); why != "" {
			return why, false
		}
	}
	if len(commands) == 0 {
		return "no ovs-vsctl command is found in the script", false
	}
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

// strange says what is wrong with a transaction that has other words than those which
// bridges are made with. Options before the first command could name another database.
func strange(args []string) string {
	options := []string{"--may-exist", "--if-exists"}
	commands := []string{"add-br", "add-port", "add-bond", "del-port", "set", "clear", "remove"}
	for i, command := range split(args) {
		for len(command) > 0 && slices.Contains(options, command[0]) && i > 0 {
			command = command[1:]
		}
		switch {
		case len(command) == 0 && i == 0:
		case len(command) == 0 || !slices.Contains(commands, command[0]):
			return fmt.Sprintf("not asked: %q is no command that makes a bridge", strings.Join(command, " "))
		case slices.ContainsFunc(command, func(word string) bool { return strings.HasPrefix(word, "-") }):
			return fmt.Sprintf("not asked: %q has an option", strings.Join(command, " "))
		}
	}
	return ""
}

// split gives the commands of a transaction; the first is what stands before all "--".
func split(args []string) (commands [][]string) {
	var command []string
	for _, word := range args {
		if word == "--" {
			commands, command = append(commands, command), nil
			continue
		}
		command = append(command, word)
	}
	return append(commands, command)
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

// mariadb runs the SQL of a machine twice on a server of its own. What tables lack is
// added as apply does it; other statements that are printed, such as for privileges
// that are too many, are not carried out. What is to find something missing must
// find nothing.
func mariadb(w work, files []artifact.File) (string, bool) {
	// A server that starts removes the temporary tables of all others in its tmpdir.
	tmp := w.mkdir("tmp")
	install := append([]string{"mariadb-install-db", "--no-defaults", "--datadir=" + w.path("data"), "--tmpdir=" + tmp,
		"--auth-root-authentication-method=normal", "--skip-test-db"}, w.asRoot()...)
	if out, ok := w.ask(install...); !ok {
		return out, false
	}
	socket := w.path("sock")
	stop, err := w.serve(append([]string{"mariadbd", "--no-defaults", "--datadir=" + w.path("data"), "--tmpdir=" + tmp,
		"--socket=" + socket, "--pid-file=" + w.path("pid"), "--log-error=" + w.path("log"), "--skip-networking",
		"--innodb-buffer-pool-size=16M", "--innodb-flush-log-at-trx-commit=0",
		"--secure-file-priv=" + w.mkdir("files"), "--plugin-dir=" + w.mkdir("plugins"), "--local-infile=0",
		"--skip-symbolic-links", "--event-scheduler=disabled"}, w.asRoot()...)...)
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
	run := func(sql string) (string, bool) {
		return w.feed(sql, "mariadb", "--no-defaults", "-uroot", "-S", socket, "--binary-mode", "--batch",
			"--skip-column-names", "--raw", "--skip-local-infile")
	}
	for range 2 {
		for i, f := range files {
			out, ok := run(f.Content)
			if ok && f.Format == artifact.SQLChanges {
				out, ok = run(out)
			}
			if !ok || out != "" && f.Format == artifact.SQLAudit {
				*w.refused = i
				return out, false
			}
		}
	}
	return "", true
}

// asRoot lets mariadbd run as root, which it refuses otherwise.
func (w work) asRoot(more ...string) []string {
	if w.options.Open && os.Geteuid() == 0 {
		return append([]string{"--user=root"}, more...)
	}
	return more
}
