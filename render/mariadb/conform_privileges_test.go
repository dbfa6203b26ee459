package mariadb

import (
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// TestConformPrivileges: accounts have the privileges of the topology, no more
// and no fewer, and can log in with their password.
func TestConformPrivileges(t *testing.T) {
	server := scratchServer(t)
	topo := rendertest.Variant(t, "nullzero", db(`{
		databases: { my_app: { tables: { notes: { columns: { a: 'INT' } } } }, myXapp: {}, 'od-d$': { tables: { 'ta-b$': { columns: { 'c-$': 'INT' }, rows: [{ 'c-$': 1 }] } } } },
		users: {
			writer: { hosts: ['127.0.0.0/27'], password: { secret: 'db01/user' }, grants: [
				{ privileges: ['ALL'], on: 'my_app.*' }, { privileges: ['SELECT'], on: 'my_app.notes' } ] },
			reader: { hosts: ['localhost', '127.0.0.1'], password: { secret: 'db01/user' }, grants: [{ privileges: ['SELECT'], on: 'my_app.notes' }] },
			'se-v$': { hosts: ['127.0.0.1'], password: { secret: 'db01/user' }, grants: [{ privileges: ['SELECT'], on: 'od-d$.ta-b$' }, { privileges: ['EXECUTE'], on: 'od-d$.*' }] },
			nobody: { hosts: ['web01'], password: { secret: 'db01/user' } },
		},
	}`))
	dir, step := tree(t, topo)
	server.apply(t, dir, step)
	grants := server.query(t, allGrants)
	server.query(t, extras)
	server.apply(t, dir, step)
	if got := server.query(t, allGrants); got != grants {
		t.Errorf("grants after extras\n got %s\nwant %s", got, grants)
	}
	for _, want := range []string{
		"GRANT ALL PRIVILEGES ON `my\\_app`.* TO `writer`@`127.0.0.0/255.255.255.224`",
		"GRANT SELECT ON `my_app`.`notes` TO `reader`@`127.0.0.1`",
	} {
		if !strings.Contains(grants, want) {
			t.Errorf("grants\n got %s\nwant %s", grants, want)
		}
	}
	if got := server.query(t, "SHOW GRANTS FOR stranger@localhost"); !strings.Contains(got, "GRANT SELECT ON *.*") {
		t.Errorf("an account that is not ours has lost its privileges: %s", got)
	}
	logins(t, server)
}

// allGrants are those of the accounts of the test; the password is not shown.
const allGrants = "SHOW GRANTS FOR writer@'127.0.0.0/255.255.255.224'; SHOW GRANTS FOR reader@'127.0.0.1'; SHOW GRANTS FOR reader@localhost; SHOW GRANTS FOR 'se-v$'@'127.0.0.1'; SHOW GRANTS FOR nobody@'10.0.1.3';"

// extras are privileges of every kind that somebody gave by hand.
const extras = `
CREATE USER IF NOT EXISTS stranger@localhost; GRANT SELECT ON *.* TO stranger@localhost; GRANT SELECT ON my_app.* TO stranger@localhost;
GRANT SELECT, PROCESS ON *.* TO writer@'127.0.0.0/255.255.255.224' WITH GRANT OPTION;
GRANT INSERT ON my_app.* TO reader@'127.0.0.1' WITH GRANT OPTION;
GRANT UPDATE, SELECT (a) ON my_app.notes TO reader@'127.0.0.1';
GRANT ALL ON mysql.* TO nobody@'10.0.1.3';
CREATE OR REPLACE PROCEDURE my_app.p() SELECT 1;
GRANT EXECUTE ON PROCEDURE my_app.p TO nobody@'10.0.1.3';
CREATE OR REPLACE ROLE helper; GRANT helper TO nobody@'10.0.1.3';
ALTER USER writer@'127.0.0.0/255.255.255.224' IDENTIFIED BY 'drifted';
` + "GRANT INSERT ON `od-d$`.`ta-b$` TO 'se-v$'@'127.0.0.1'; GRANT SELECT ON `od-d$`.* TO 'se-v$'@'127.0.0.1';"

func logins(t *testing.T, server *scratch) {
	t.Helper()
	for _, tt := range []struct {
		user, password, sql string
		ok                  bool
	}{
		{"writer", password, "INSERT INTO my_app.notes VALUES (1)", true},
		{"writer", "drifted", "SELECT 1", false},
		{"writer", password, "SELECT * FROM mysql.user", false},
		{"writer", password, "CREATE TABLE myXapp.t (a INT)", false},
		{"reader", password, "SELECT * FROM my_app.notes", true},
		{"reader", password, "DELETE FROM my_app.notes", false},
		{"se-v$", password, "SELECT `c-$` FROM `od-d$`.`ta-b$`", true},
		{"nobody", password, "SELECT 1", false}, // comes from elsewhere
	} {
		if out, ok := server.login(tt.user, tt.password, tt.sql); ok != tt.ok {
			t.Errorf("%s with %q does %q: got %t, want %t\n%s", tt.user, tt.password, tt.sql, ok, tt.ok, out)
		}
	}
}

// TestConformGlobalPrivileges: what an account may do on the whole server is what
// the topology says, by whatever names the server lists it; an account from
// everywhere is let in.
func TestConformGlobalPrivileges(t *testing.T) {
	server := scratchServer(t)
	topo := rendertest.Variant(t, "nullzero", db(`{ databases: {}, users: {
		watcher: { hosts: ['%'], password: { secret: 'db01/user' }, grants: [{ on: '*.*', privileges: ['BINLOG MONITOR', 'CREATE USER', 'FILE', 'PROCESS',
			'RELOAD', 'REPLICATION CLIENT', 'REPLICATION SLAVE', 'SHOW DATABASES', 'SHUTDOWN', 'SLAVE MONITOR', 'SUPER', 'SELECT', 'EVENT'] }] },
		all: { hosts: ['127.0.%'], password: { secret: 'db01/user' }, grants: [{ on: '*.*', privileges: ['ALL'] }] },
		less: { hosts: ['127.0.0.1'], password: { secret: 'db01/user' }, grants: [{ on: '*.*', privileges: ['PROCESS'] }] },
	} }`))
	dir, step := tree(t, topo)
	server.apply(t, dir, step)
	server.query(t, "GRANT RELOAD ON *.* TO less@'127.0.0.1'; GRANT EVENT ON test.* TO less@'127.0.0.1';")
	server.apply(t, dir, step)
	if got := server.query(t, "SHOW GRANTS FOR less@'127.0.0.1'"); !strings.HasPrefix(got, "GRANT PROCESS ON *.* TO") || strings.Contains(got, "EVENT") {
		t.Errorf("less has %s", got)
	}
	if got := server.query(t, "SHOW GRANTS FOR 'all'@'127.0.%'"); !strings.HasPrefix(got, "GRANT ALL PRIVILEGES ON *.* TO") {
		t.Errorf("all has %s", got)
	}
	for _, user := range []string{"watcher", "all", "less"} {
		if out, ok := server.login(user, password, "SELECT 1"); !ok {
			t.Errorf("%s is not let in: %s", user, out)
		}
	}
}
