package mariadb

import (
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"
)

func render(t testing.TB, topo *topology.Topology) artifact.Set {
	t.Helper()
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestAccounts(t *testing.T) {
	topo := rendertest.Variant(t, "nullzero", user(`{
		hosts: ['web01', 'lan', '192.0.2.0/26', '2001:db8::7', 'localhost'],
		grants: [
			{ privileges: ['SELECT', 'INSERT'], on: 'test.*' },
			{ privileges: ['INSERT', 'DELETE'], on: 'test.*' },
			{ privileges: ['ALL', 'SELECT'], on: 'test.testable' },
		],
	}`))
	got := rendertest.Content(t, render(t, topo), "db01/sql/30-users.sql")
	for _, host := range []string{"10.0.1.3", "10.0.1.0/255.255.255.0", "192.0.2.0/255.255.255.192", "2001:db8::7", "localhost"} {
		at := "'user'@'" + host + "'"
		want := "CREATE USER IF NOT EXISTS " + at + " IDENTIFIED BY '@@secret:sql:db01/user@@';\n" +
			"ALTER USER " + at + " IDENTIFIED BY '@@secret:sql:db01/user@@';\n" +
			"GRANT DELETE, INSERT, SELECT ON `test`.* TO " + at + ";\n" +
			"GRANT ALL PRIVILEGES ON `test`.`testable` TO " + at + ";\n"
		if !strings.Contains(got, want) {
			t.Errorf("users\n got %s\nwant %s", got, want)
		}
	}
}

// TestPlaceOfSchema: _ in the name of a schema is no wildcard.
func TestPlaceOfSchema(t *testing.T) {
	if got, want := (grant{schema: "my_app"}).place(), "`my\\_app`.*"; got != want {
		t.Errorf("place of a schema: got %s, want %s", got, want)
	}
	if got, want := (grant{schema: "my_app", table: "a_b"}).place(), "`my_app`.`a_b`"; got != want {
		t.Errorf("place of a table: got %s, want %s", got, want)
	}
}

func TestGroups(t *testing.T) {
	cell := func(column string) topology.Cell { return topology.Cell{Column: column} }
	rows := []topology.Row{{cell("a")}, {cell("a")}, {cell("a"), cell("b")}, {cell("a")}}
	var got []int
	for _, g := range groupRows(rows) {
		got = append(got, len(g))
	}
	if len(got) != 3 || got[0] != 2 || got[1] != 1 || got[2] != 1 {
		t.Errorf("groups of %v: got %v, want [2 1 1]", rows, got)
	}
}

func TestSecretsAreListed(t *testing.T) {
	for _, f := range render(t, rendertest.Topology(t, "nullzero")).Files {
		if got := strings.Contains(f.Content, artifact.Marker); got != (len(f.Secrets) > 0) {
			t.Errorf("%s: place holder %t, secrets %v", f.TreePath(), got, f.Secrets)
		}
	}
}

// TestMySQL: the other dialect has its own programs and places.
func TestMySQL(t *testing.T) {
	set := render(t, rendertest.Variant(t, "nullzero", `{ vms+: { db01+: { mysql: super.mariadb, mariadb:: null } } }`))
	config := rendertest.Content(t, set, "db01/etc/mysql/mysql.conf.d/60-stackgen.cnf")
	if strings.Contains(config, "collation") {
		t.Errorf("the configuration has MariaDB's collation:\n%s", config)
	}
	s := set.Steps[0]
	for _, line := range append(append(s.Check, s.Apply...), s.Verify...) {
		if strings.Contains(line, "mariadb") {
			t.Errorf("a line of MariaDB: %s", line)
		}
	}
	if got := rendertest.Content(t, set, "db01/sql/40-revoke.sql"); !strings.Contains(got, "mysql.role_edges") {
		t.Errorf("the roles of MySQL are not looked at:\n%s", got)
	}
}

func TestListener(t *testing.T) {
	for _, tt := range []struct{ bind, want string }{
		{"10.0.1.4", "10.0.1.4:3306"}, {"0.0.0.0", "0.0.0.0:3306"}, {"::", "*:3306"}, {"::1", "[::1]:3306"},
	} {
		topo := rendertest.Topology(t, "nullzero")
		s := server{db: topo.VM("db01").MariaDB}
		s.db.BindAddress = address(t, tt.bind)
		if got := s.listener(); got != tt.want {
			t.Errorf("listener of %s: got %s, want %s", tt.bind, got, tt.want)
		}
	}
}
