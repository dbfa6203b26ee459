package mariadb

import (
	"slices"
	"strings"
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
		{"a character that is not in the set", db(`{ databases+: { test+: { characterSet: 'utf8mb3', tables: { t: { columns: { a: 'TEXT' }, rows: [{ a: 'ü ☺ 🦊' }] } } } } }`),
			[]string{"mariadb/character-set"}},
		{"all characters in the set", db(`{ databases+: { test+: { characterSet: 'utf8mb3', tables: { t: { columns: { a: 'TEXT' }, rows: [{ a: 'ü ☺' }] } } } } }`), nil},
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
		{"names that differ in case", inTable(`{ columns: { id: 'INT', Id: 'INT' } }`), []string{"mariadb/column-twice"}},
		{"tables that differ in case", db(`{ databases+: { test+: { tables+: { t: { columns: { a: 'INT' } }, T: { columns: { a: 'INT' } } } } } }`), nil},
		{"no such type", inTable(`{ columns: { a: 'STRING' } }`), []string{"mariadb/column-type"}},
		{"no length", inTable(`{ columns: { a: 'VARCHAR' } }`), []string{"mariadb/column-type"}},
		{"a length too many", inTable(`{ columns: { a: 'DATE(3)' } }`), []string{"mariadb/column-type"}},
		{"unsigned text", inTable(`{ columns: { a: 'CHAR(3) UNSIGNED' } }`), []string{"mariadb/column-type"}},
		{"counting text", inTable(`{ columns: { a: 'CHAR(3) AUTO_INCREMENT' }, primaryKey: ['a'] }`), []string{"mariadb/column-type"}},
		{"a text too long", inTable(`{ columns: { a: 'VARCHAR(16384)' } }`), []string{"mariadb/column-type"}},
		{"the longest text", inTable(`{ columns: { a: 'VARCHAR(16383)' } }`), nil},
		{"the longest text of one byte a character", db(`{ databases+: { test+: { characterSet: 'latin1', tables: { t: { columns: { a: 'VARCHAR(65532)' } } } } } }`), nil},
		{"a number without end", inTable(`{ columns: { a: 'VARCHAR(99999999999999999999)' } }`), []string{"mariadb/column-type"}},
		{"more decimals than digits", inTable(`{ columns: { a: 'DECIMAL(2,4)' } }`), []string{"mariadb/column-type"}},
		{"decimals", inTable(`{ columns: { a: 'DECIMAL(65,38)' } }`), nil},
		{"decimals of MySQL", `{ vms+: { db01+: { mariadb:: null, mysql: { databases: { test: { tables: { t: { columns: { a: 'DECIMAL(65,31)' } } } } } } } } }`,
			[]string{"mariadb/mysql-package", "mariadb/column-type"}},
		{"long texts", inTable(`{ columns: { a: 'VARCHAR(10000)', b: 'VARCHAR(10000)' } }`), []string{"mariadb/row-length"}},
		{"long texts elsewhere", inTable(`{ columns: { a: 'VARCHAR(10000)', b: 'TEXT', c: 'TEXT' } }`), nil},
		{"a long key", inTable(`{ columns: { a: 'VARCHAR(768)', b: 'INT' }, primaryKey: ['a', 'b'] }`), []string{"mariadb/key-length"}},
		{"the longest key", inTable(`{ columns: { a: 'VARCHAR(768)', b: 'INT' }, primaryKey: ['a'] }`), nil},
		{"counting outside of a key", inTable(`{ columns: { a: 'INT AUTO_INCREMENT', b: 'INT' }, primaryKey: ['b'] }`), []string{"mariadb/auto-increment"}},
		{"counting behind in a key", inTable(`{ columns: { a: 'INT AUTO_INCREMENT', b: 'INT' }, primaryKey: ['b', 'a'] }`), []string{"mariadb/auto-increment"}},
		{"counting in a key", inTable(`{ columns: { a: 'INT AUTO_INCREMENT', b: 'INT' }, primaryKey: ['a', 'b'] }`), nil},
		{"text in a key", inTable(`{ columns: { a: 'TEXT' }, primaryKey: ['a'] }`), []string{"mariadb/key-type"}},
		{"a value is missing", inTable(`{ columns: { a: 'INT NOT NULL', b: 'INT' }, rows: [{ b: 1 }] }`), []string{"mariadb/missing-value"}},
		{"a key is missing", inTable(`{ columns: { a: 'INT', b: 'INT' }, primaryKey: ['a'], rows: [{ b: 1 }] }`), []string{"mariadb/missing-value"}},
		{"a key is null", inTable(`{ columns: { a: 'INT', b: 'INT' }, primaryKey: ['a'], rows: [{ a: null, b: 1 }] }`), []string{"mariadb/missing-value"}},
		{"a key that is counted, another that is null", inTable(`{ columns: { a: 'INT AUTO_INCREMENT', b: 'INT NULL' }, primaryKey: ['a'], rows: [{ b: null }] }`), nil},
		{"a row twice", inTable(`{ columns: { a: 'INT', b: 'INT' }, rows: [{ a: 1, b: 2 }, { a: 1 }, { b: 2, a: 1 }] }`), []string{"mariadb/duplicate-row"}},
		{"a key twice", inTable(`{ columns: { a: 'INT', b: 'INT' }, primaryKey: ['a'], rows: [{ a: 1, b: 2 }, { a: 1, b: 3 }] }`), []string{"mariadb/duplicate-row"}},
		{"a key twice, but for case", inTable(`{ columns: { a: 'VARCHAR(9)' }, primaryKey: ['a'], rows: [{ a: 'one' }, { a: 'One ' }] }`), []string{"mariadb/duplicate-row"}},
		{"a key twice, as text and number", inTable(`{ columns: { a: 'INT' }, primaryKey: ['a'], rows: [{ a: 1 }, { a: '1' }] }`), []string{"mariadb/duplicate-row"}},
		{"bytes that differ in case", inTable(`{ columns: { a: 'VARBINARY(9)' }, primaryKey: ['a'], rows: [{ a: 'one' }, { a: 'One' }] }`), nil},
		{"rows that differ in case", inTable(`{ columns: { a: 'VARCHAR(9)' }, rows: [{ a: 'one' }, { a: 'One' }] }`), nil},
		{"values that differ in their type", inTable(`{ columns: { a: 'TEXT' }, rows: [{ a: '1' }, { a: 1 }, { a: 'NULL' }, { a: null }] }`), nil},
		{"a text that does not fit", inTable(`{ columns: { a: 'CHAR(3)', b: 'DATE' }, rows: [{ a: 'four', b: '2023-02-29' }] }`), []string{"mariadb/value", "mariadb/value"}},
		{"values that fit", inTable(`{ columns: { a: 'CHAR(3)', b: 'DATE', c: 'JSON' }, rows: [{ a: 'two', b: '2024-02-29', c: '[]' }, { a: null, b: null, c: null }] }`), nil},
		{"a value in a column of no type", inTable(`{ columns: { a: 'STRING', b: 'DATE(3)' }, rows: [{ a: 1, b: 2 }] }`), []string{"mariadb/column-type", "mariadb/column-type"}},
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

// TestSecretValue: what may be a password is not in a finding about it.
func TestSecretValue(t *testing.T) {
	topo := rendertest.Variant(t, "nullzero", inTable(`{ columns: { password: 'INT' }, rows: [{ password: 'hunter2' }] }`))
	diags := Check(topo)
	if len(diags) != 1 || !diags[0].Hidden || strings.Contains(diags[0].Message, "hunter2") {
		t.Errorf("Check: %v", diags)
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
