package mariadb

import (
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// shop is a schema that grows: the first state of two tables, and the second.
const (
	shopBefore = `{ users:: null, databases: { grown: { tables: {
		orders: { columns: { id: 'INT NOT NULL', note: 'VARCHAR(10)', state: "ENUM('new')" }, rows: [{ id: 1, note: 'first' }] },
		people: { columns: { name: 'VARCHAR(20) NOT NULL' } },
	} } } }`
	shopAfter = `{ users:: null, databases: { grown: { tables: {
		orders: {
			columns: { id: 'BIGINT NOT NULL', note: 'VARCHAR(40)', owner: "VARCHAR(20) NOT NULL DEFAULT 'it''s nobody'", state: "ENUM('new','paid') DEFAULT 'new'" },
			primaryKey: ['id'], indexes: { by_note: { columns: ['note(10)', 'state'] } },
			foreignKeys: { owned: { columns: ['owner'], references: { table: 'people', columns: ['name'] }, onDelete: 'CASCADE' } },
			rows: [{ id: 1, note: 'first' }],
		},
		people: { columns: { born: 'DATE', name: 'VARCHAR(20) NULL', number: 'INT AUTO_INCREMENT' }, primaryKey: ['number'],
			indexes: { by_name: { columns: ['name'], unique: true } }, rows: [{ name: "it's nobody" }] },
	} } } }`
)

// TestConformTableGrows: a table that is there gets the columns and keys that the
// topology has now, with what is in it, and what fits becomes larger.
func TestConformTableGrows(t *testing.T) {
	server := scratchServer(t)
	dir, step := tree(t, rendertest.Variant(t, "nullzero", db(shopBefore)))
	server.apply(t, dir, step)
	server.query(t, "INSERT INTO grown.people VALUES ('it\\'s nobody')")
	dir, step = tree(t, rendertest.Variant(t, "nullzero", db(shopAfter)))
	out, ok := server.bash(t, dir, append(step.Apply, step.Verify[1:]...)...)
	if !ok || !strings.Contains(out, "ALTER TABLE `grown`.`orders` ") {
		t.Fatalf("applied: %t\n%s", ok, out)
	}
	server.apply(t, dir, step) // says nothing: there is nothing left to do
	const want = "1\tfirst\tNULL\tit's nobody\t1\tNULL\tit's nobody"
	if got := server.query(t, "SELECT o.*, p.number, p.born, p.name FROM grown.orders AS o JOIN grown.people AS p ON o.owner = p.name"); got != want {
		t.Errorf("rows are %q, want %q", got, want)
	}
	if got := server.query(t, "SHOW CREATE TABLE grown.orders"); !strings.Contains(got, "ON DELETE CASCADE") ||
		!strings.Contains(got, "enum('new','paid') DEFAULT 'new'") || !strings.Contains(got, "KEY `by_note` (`note`(10),`state`)") {
		t.Errorf("the table is %s", got)
	}
	if out := server.query(t, "SHOW DATABASES LIKE 'stackgen%'"); out != "" {
		t.Errorf("%s is left", out)
	}
}

// TestConformTableStays: what would lose data stops the step before anything is
// changed, and says what is in the way.
func TestConformTableStays(t *testing.T) {
	server := scratchServer(t)
	wanted := db(`{ users:: null, databases: { foreign: { tables: { t: {
		columns: { a: 'INT NOT NULL', b: 'VARCHAR(10)', c: 'INT', new: 'INT' }, primaryKey: ['a'], indexes: { k: { columns: ['b'] } },
		foreignKeys: { f: { columns: ['a'], references: { table: 't', columns: ['a'] } } } } } } } }`)
	for _, tt := range []struct{ name, made, want string }{
		{"a shorter text", "CREATE TABLE t (a INT, b VARCHAR(20), c INT)", "column `foreign`.`t`.`b` is varchar(20)"},
		{"another type", "CREATE TABLE t (a INT, b VARCHAR(10), c TEXT)", "column `foreign`.`t`.`c` is text in utf8mb4"},
		{"a smaller number", "CREATE TABLE t (a INT, b VARCHAR(10), c BIGINT)", "column `foreign`.`t`.`c` is bigint(20), and the topology has int(11)"},
		{"without sign", "CREATE TABLE t (a INT UNSIGNED, b VARCHAR(10), c INT)", "column `foreign`.`t`.`a` is int(10) unsigned"},
		{"another character set", "CREATE TABLE t (a INT, b VARCHAR(10) CHARACTER SET latin1, c INT)", "column `foreign`.`t`.`b` is varchar(10) in latin1, and the topology has varchar(10) in utf8mb4"},
		{"one that counts", "CREATE TABLE t (a INT AUTO_INCREMENT PRIMARY KEY, b VARCHAR(10), c INT)", "column `foreign`.`t`.`a` is int(11) NOT NULL auto_increment"},
		{"another key", "CREATE TABLE t (a INT, b VARCHAR(10), c INT, PRIMARY KEY (c))", "key `PRIMARY` of `foreign`.`t` is unique on c, and the topology has it unique on a"},
		{"another index", "CREATE TABLE t (a INT, b VARCHAR(10), c INT, UNIQUE KEY K (b))", "key `k` of `foreign`.`t` is unique on b"},
		{"another foreign key", "CREATE TABLE t (a INT NOT NULL PRIMARY KEY, b VARCHAR(10), c INT, CONSTRAINT f FOREIGN KEY (c) REFERENCES t (a))", "foreign key `f` of `foreign`.`t` is there"},
		{"a view", "CREATE VIEW t AS SELECT 1 AS a", "`foreign`.`t` is a view"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server.query(t, "CREATE OR REPLACE DATABASE `foreign` CHARACTER SET utf8mb4; USE `foreign`; "+tt.made)
			before := server.query(t, "SHOW CREATE TABLE `foreign`.t")
			dir, step := tree(t, rendertest.Variant(t, "nullzero", wanted))
			out, ok := server.bash(t, dir, step.Apply...)
			if ok || !strings.Contains(out, "cannot: "+tt.want) {
				t.Errorf("applied: %t, with %q; want a failure that says %q", ok, out, tt.want)
			}
			if after := server.query(t, "SHOW CREATE TABLE `foreign`.t"); after != before {
				t.Errorf("the table was changed\n got %s\nwant %s", after, before)
			}
		})
	}
}

// TestConformTableOfAnother: a table that somebody made with more in it is taken as
// it is.
func TestConformTableOfAnother(t *testing.T) {
	server := scratchServer(t)
	server.query(t, "CREATE OR REPLACE DATABASE theirs; CREATE TABLE theirs.t (id INT AUTO_INCREMENT PRIMARY KEY, b INT UNSIGNED, more TEXT, KEY x (b))")
	dir, step := tree(t, rendertest.Variant(t, "nullzero", db(`{ users:: null, databases: { theirs: { tables: { t: { columns: { b: 'INT UNSIGNED' }, rows: [{ b: 5 }] } } } } }`)))
	server.apply(t, dir, step)
	server.apply(t, dir, step)
	if got := server.query(t, "SELECT id, b FROM theirs.t"); got != "1\t5" {
		t.Errorf("rows %q", got)
	}
}
