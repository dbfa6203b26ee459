package mariadb

import (
	"fmt"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/shell"
)

// step brings a server's configuration and content into effect. It restarts a
// server only if that runs with other values: SQL alone interrupts nobody. SQL
// goes in by stdin, since "-e source" succeeds whatever happens, and in binary
// mode, since the client would change line breaks in secrets.
func (s *server) step(files []artifact.File) artifact.Step {
	client := s.dialect.client + " --batch --skip-column-names --raw"
	return artifact.Step{
		Machine: s.vm.Name, Name: stepName, Phase: artifact.Database,
		Summary:  "database server, schemas and accounts",
		Packages: s.dialect.packages,
		Makes:    s.things(),
		Check:    []string{s.dialect.check},
		Apply:    append(s.restart(client), s.run(client, files)...),
		Verify: []string{
			fmt.Sprintf("ss -ltnH 'sport = :%d' | grep -wF %s > /dev/null", s.db.Port, shell.Quote(s.listener())),
			empty(client, missingFile),
			empty(client, revokeFile),
		},
	}
}

// things are the accounts. What is in a database is not of our making.
func (s *server) things() (things []artifact.Thing) {
	for _, a := range s.accounts {
		things = append(things, artifact.Thing{Kind: "account", Words: []string{s.dialect.client, a.user, a.host}})
	}
	return things
}

// restart asks for what the running server has, and whether its configuration
// has changed since it started. A switch is 1 in arithmetic and ON in text.
func (s *server) restart(client string) []string {
	return []string{
		fmt.Sprintf(`[ "$(%s -e %s 2>&1)" = %s ] && [ -z "$(find /etc/mysql -newer "$(%s -e 'SELECT @@pid_file')" 2>/dev/null)" ] || systemctl restart %s`, client,
			shell.Quote("SELECT CONCAT_WS(' ', @@bind_address, @@port, @@skip_name_resolve + 0, @@character_set_server)"),
			shell.Quote(strings.Join([]string{s.db.BindAddress.String(), fmt.Sprint(s.db.Port), "1", s.db.CharacterSet}, " ")),
			client, s.dialect.service),
		s.dialect.admin + " --wait=30 ping > /dev/null",
	}
}

func (s *server) run(client string, files []artifact.File) (lines []string) {
	for _, path := range []string{schemaFile, compareFile, rowsFile, usersFile} {
		switch {
		case !slices.ContainsFunc(files, func(f artifact.File) bool { return f.Path == path }):
		case path == compareFile:
			lines = append(lines, s.alter(client)...)
		default:
			lines = append(lines, s.dialect.client+" --binary-mode < "+path)
		}
	}
	return append(lines, client+" < "+revokeFile+" | "+s.dialect.client)
}

// alter shows what tables lack and adds it. What cannot be added without loss stops
// the step before anything is.
func (s *server) alter(client string) []string {
	return []string{
		fmt.Sprintf(`changes=$(%s --binary-mode < %s)`, client, compareFile),
		`if grep '^cannot: ' <<< "$changes" >&2; then false; fi`,
		fmt.Sprintf(`[ -z "$changes" ] || { echo "$changes"; %s --binary-mode <<< "$changes"; }`, s.dialect.client),
	}
}

// empty fails if a file prints anything, and says what.
func empty(client, path string) string {
	return fmt.Sprintf(`out=$(%s < %s); [ -z "$out" ] || { echo "$out" >&2; false; }`, client, path)
}

// listener is the server's own end as ss(8) writes it.
func (s *server) listener() string {
	a := s.db.BindAddress
	switch {
	case a.Is6() && a.IsUnspecified():
		return fmt.Sprintf("*:%d", s.db.Port)
	case a.Is6():
		return fmt.Sprintf("[%s]:%d", a, s.db.Port)
	}
	return fmt.Sprintf("%s:%d", a, s.db.Port)
}
