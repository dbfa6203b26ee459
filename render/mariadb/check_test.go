package mariadb

import (
	"slices"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"
)

// db adds to the block of the reference stack's database server.
func db(patch string) string { return "{ vms+: { db01+: { mariadb+: " + patch + " } } }" }

// tables replaces the tables of its schema.
func inTable(table string) string {
	return db("{ databases+: { test+: { tables+: { t: " + table + " } } } }")
}

func user(patch string) string { return db("{ users+: { user+: " + patch + " } }") }

func TestCheck(t *testing.T) {
	tests := []struct {
		name  string
		patch string
		want  []string
	}{
		{"the reference", `{}`, nil},
		{"MySQL", `{ vms+: { db01+: { mysql: super.mariadb, mariadb:: null } } }`, []string{"mariadb/mysql-package"}},
		{"utf8", db(`{ characterSet: 'utf8' }`), []string{"mariadb/character-set"}},
		{"a character set of no client", db(`{ databases+: { test+: { characterSet: 'utf16' } } }`), []string{"mariadb/character-set"}},
		{"latin1", db(`{ characterSet: 'latin1', databases+: { test+: { characterSet: 'utf8mb3' } } }`), nil},
		{"the server's schema", db(`{ databases+: { SYS: {} } }`), []string{"mariadb/reserved-name"}},
		{"a schema with a similar name", db(`{ databases+: { sys_: {} } }`), nil},
		{"root", db(`{ users+: { root: { hosts: ['localhost'], password: { secret: 'x' } } } }`), []string{"mariadb/reserved-name"}},
		{"root2", db(`{ users+: { root2: { hosts: ['localhost'], password: { secret: 'x' } } } }`), nil},
		{"a name too long for MySQL", `{ vms+: { db01+: { mariadb:: null, mysql: { users: { ['u' + std.repeat('x', 32)]: { hosts: ['web01'], password: { secret: 'x' } } } } } } }`,
			[]string{"mariadb/mysql-package", "mariadb/user-length"}},
		{"the longest name of MySQL", `{ vms+: { db01+: { mariadb:: null, mysql: { users: { ['u' + std.repeat('x', 31)]: { hosts: ['web01'], password: { secret: 'x' } } } } } } }`,
			[]string{"mariadb/mysql-package"}},
		{"one address by two names", user(`{ hosts: ['web01', '10.0.1.3'] }`), []string{"mariadb/account-twice"}},
		{"an address and its network", user(`{ hosts: ['web01', 'lan', 'localhost', '192.0.2.0/25'] }`), nil},
		{"an IPv6 subnet", user(`{ hosts: ['2001:db8::/64'] }`), []string{"mariadb/ipv6-subnet"}},
		{"an IPv6 address", user(`{ hosts: ['2001:db8::1', '2001:db8::2/128'] }`), nil},
		{"a privilege on schemas", user(`{ grants: [{ privileges: ['SELECT', 'EVENT'], on: 'test.testable' }] }`), []string{"mariadb/grant-level"}},
		{"privileges on a table", user(`{ grants: [{ privileges: ['SELECT', 'TRIGGER', 'SHOW VIEW'], on: 'test.testable' }] }`), nil},
		{"a table that is not there", db(`{ databases: { test: {} }, users+: { user+: { grants: [{ privileges: ['SELECT'], on: 'test.made' }] } } }`), []string{"mariadb/grant-table"}},
		{"a table that may be made", db(`{ databases: { test: {} }, users+: { user+: { grants: [{ privileges: ['SELECT', 'CREATE'], on: 'test.made' }] } } }`), nil},
		{"everywhere", user(`{ hosts: ['%'] }`), []string{"mariadb/any-host"}},
		{"the beginning of an address", user(`{ hosts: ['10.0.%', 'localhost'] }`), nil},
		{"privileges on everything", user(`{ grants: [{ privileges: ['PROCESS'], on: '*.*' }] }`), []string{"mariadb/global-grant"}},
		{"a privilege of the server on a schema", user(`{ grants: [{ privileges: ['PROCESS'], on: 'test.*' }] }`), []string{"mariadb/grant-level"}},
		{"a key behind a type", inTable(`{ columns: { a: 'INT primary key' } }`), []string{"mariadb/inline-key"}},
		{"a reference behind a type", inTable(`{ columns: { a: 'INT NOT NULL REFERENCES(1)' } }`), []string{"mariadb/inline-key"}},
		{"a word in a comment", inTable(`{ columns: { a: "INT COMMENT 'the PRIMARY KEY'", b: "ENUM('UNIQUE', 'it''s KEY ')" } }`), nil},
		{"names that differ in case", inTable(`{ columns: { id: 'INT', Id: 'INT' } }`), []string{"mariadb/column-twice"}},
		{"tables that differ in case", db(`{ databases+: { test+: { tables+: { t: { columns: { a: 'INT' } }, T: { columns: { a: 'INT' } } } } } }`), nil},
		{"a row twice", inTable(`{ columns: { a: 'INT', b: 'INT' }, rows: [{ a: 1, b: 2 }, { a: 1 }, { b: 2, a: 1 }] }`), []string{"mariadb/duplicate-row"}},
		{"a key twice", inTable(`{ columns: { a: 'INT', b: 'INT' }, primaryKey: ['a'], rows: [{ a: 1, b: 2 }, { a: 1, b: 3 }] }`), []string{"mariadb/duplicate-row"}},
		{"rows that differ in case", inTable(`{ columns: { a: 'VARCHAR(9)' }, rows: [{ a: 'one' }, { a: 'One' }] }`), nil},
		{"values that differ in their type", inTable(`{ columns: { a: 'TEXT' }, rows: [{ a: '1' }, { a: 1 }, { a: 'NULL' }, { a: null }] }`), nil},
		{"a large number", inTable(`{ columns: { a: 'BIGINT' }, rows: [{ a: 9007199254740994 }] }`), []string{"mariadb/large-number"}},
		{"the largest number", inTable(`{ columns: { a: 'BIGINT' }, rows: [{ a: 9007199254740992 }, { a: '9007199254740993' }] }`), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := rendertest.Findings(t, "nullzero", tt.patch, Check); !slices.Equal(got, tt.want) {
				t.Errorf("Check\n got %q\nwant %q", got, tt.want)
			}
		})
	}
}

// TestCheckDangling: names that name nothing are another's finding.
func TestCheckDangling(t *testing.T) {
	topo := &topology.Topology{VMs: []topology.VM{{Name: "v", MariaDB: &topology.MariaDB{
		Flavor: "mariadb", CharacterSet: "utf8mb4",
		Users: []topology.DBUser{{Name: "u", Hosts: []string{"none"}, Grants: []topology.Grant{{Privileges: []string{"SELECT"}, On: "none.t"}}}},
	}}}}
	if got := Check(topo); len(got) != 0 {
		t.Errorf("Check: got %v, want nothing", got)
	}
}
