package mariadb

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"
)

// hostile is text that means something to SQL, to its client, or to a shell.
var hostile = []string{
	"", " ", "it's", `"`, "`", `\`, `\\`, `\'`, `'\`, "'; DROP TABLE t; -- ", "*/ /* -- #", "$(id) `id` ${HOME}", "%s %d _%",
	"a\nb", "a\r\nb", "\n", "\ndelimiter //\nsource /etc/passwd\n\\! id\n", "\x01\x1a\x7f", "🦊 ü ☺", "NULL", "0x41", `\0\n\Z\%\_`,
	"]]> --> <!--", "@@", "trailing ", "\ttab",
}

// password has what is special to SQL.
const password = `p'"\; -- $(id) 🦊`

// tree renders a topology into a directory, with the secrets in place as apply
// puts them there, and gives the folder of db01 and the step.
func tree(t *testing.T, topo *topology.Topology) (dir string, s artifact.Step) {
	t.Helper()
	set := render(t, topo)
	for i, f := range set.Files {
		for _, secret := range f.Secrets {
			encoded := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(password)
			set.Files[i].Content = strings.ReplaceAll(set.Files[i].Content, secret.PlaceHolder(), encoded)
		}
	}
	return filepath.Join(rendertest.Tree(t, set), "db01"), set.Steps[0]
}

// apply runs the step and looks at its effects, but for the listener: the
// scratch server has its own.
func (s *scratch) apply(t *testing.T, dir string, step artifact.Step) {
	t.Helper()
	if out, ok := s.bash(t, dir, append(step.Apply, step.Verify[1:]...)...); !ok || out != "" {
		t.Fatalf("applied: %t\n%s", ok, out)
	}
}

// TestConformRows: text arrives exactly, and a second run adds nothing, whatever
// the type of a column makes of a value.
func TestConformRows(t *testing.T) {
	server := scratchServer(t)
	var rows []map[string]any
	for _, s := range hostile {
		rows = append(rows, map[string]any{"v": s})
	}
	text, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	topo := rendertest.Variant(t, "nullzero", db(`{ users:: null, databases: { rows: { tables: {
		texts: { columns: { v: 'LONGTEXT' }, rows: `+string(text)+` },
		exact: { columns: { v: 'VARCHAR(20)' }, rows: [{ v: 'a' }, { v: 'A' }, { v: 'a ' }, { v: null }] },
		stored: { columns: { b: 'BINARY(4)', c: 'CHAR(5)', d: 'DECIMAL(5,2)', f: 'FLOAT', j: 'JSON', n: 'INT', t: 'DATETIME', y: 'BOOLEAN' },
			rows: [{ b: 'x', c: 'a ', d: 1.005, f: 0.1, j: '{"a":  1}', n: -0.6, t: '2020-02-29 10:00:00.7', y: true }, { f: 1e-7, y: false }, { f: 3e38, d: null }] },
		counted: { columns: { id: 'INT AUTO_INCREMENT', v: 'TEXT' }, primaryKey: ['id'], rows: [{ v: 'first' }, { v: 'second' }, { id: 0, v: 'zero' }] },
		keyed: { columns: { k: 'VARCHAR(9)', v: 'INT' }, primaryKey: ['k'], rows: [{ k: 'a', v: 1 }, { k: 'b', v: 2 }] },
	} } } }`))
	dir, step := tree(t, topo)
	server.apply(t, dir, step)
	server.query(t, "UPDATE rows.keyed SET v = 100 WHERE k = 'a'") // is the application's now
	before := server.query(t, dump)
	server.apply(t, dir, step)
	if after := server.query(t, dump); after != before {
		t.Errorf("a second run changes the rows\n got %s\nwant %s", after, before)
	}
	var want []string
	for _, s := range hostile {
		want = append(want, strings.ToUpper(hex.EncodeToString([]byte(s))))
	}
	slices.Sort(want)
	if got := server.query(t, "SELECT HEX(v) FROM rows.texts ORDER BY HEX(v)"); got != strings.Join(want, "\n") {
		t.Errorf("texts\n got %s\nwant %s", got, strings.Join(want, "\n"))
	}
	for table, count := range map[string]string{"exact": "4", "stored": "3", "counted": "3", "keyed": "2"} {
		if got := server.query(t, "SELECT COUNT(*) FROM rows."+table); got != count {
			t.Errorf("table %s has %s rows, want %s", table, got, count)
		}
	}
}

// dump shows all rows of the test.
const dump = `SELECT HEX(v) FROM rows.texts; SELECT HEX(v) FROM rows.exact; SELECT * FROM rows.stored; SELECT * FROM rows.counted; SELECT * FROM rows.keyed;`

// TestConformTypes: the server takes the types that the schema lets through, and
// the character sets that Check knows.
func TestConformTypes(t *testing.T) {
	server := scratchServer(t)
	topo := rendertest.Variant(t, "nullzero", db(`{ users:: null, databases: { types: { tables: {
		t: { columns: {
			a: "ENUM('new', 'it''s paid', 'x;-- `+"`"+`') NOT NULL DEFAULT 'new'", b: "SET('a','b')", c: 'INT UNSIGNED NOT NULL DEFAULT 7', d: 'decimal(10,2) DEFAULT -1.5',
			e: 'TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP() ON UPDATE CURRENT_TIMESTAMP()', f: 'VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_bin',
			g: "TEXT COMMENT 'PRIMARY KEY of nothing'", id: 'BIGINT UNSIGNED NOT NULL AUTO_INCREMENT', j: 'JSON', k: 'DATETIME(3) NULL', u: 'UUID' },
			primaryKey: ['id'], indexes: { by_c: { columns: ['c', 'f'], unique: true }, by_g: { columns: ['g(20)'] } } },
	} } } }`))
	dir, step := tree(t, topo)
	server.apply(t, dir, step)
	server.apply(t, dir, step)
	var sql strings.Builder
	for _, c := range collations {
		fmt.Fprintf(&sql, "CREATE OR REPLACE DATABASE sets CHARACTER SET %s COLLATE %s;\nSET NAMES %[1]s;\n", c.charset, c.collation)
	}
	server.query(t, sql.String())
}

// TestConformCollations: a character set means one collation, whatever release the
// server is of and whatever its own default is.
func TestConformCollations(t *testing.T) {
	server := scratchServer(t)
	for _, charset := range []string{"utf8mb4", "utf8mb3", "latin1"} {
		dir, step := tree(t, rendertest.Variant(t, "nullzero", db(`{ users:: null, databases: { means_`+charset+`: { characterSet: '`+charset+`',
			tables: { t: { columns: { a: 'VARCHAR(9)', b: 'NVARCHAR(9) NOT NULL' } } } } } }`)))
		server.apply(t, dir, step)
		got := server.query(t, "SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = 'means_"+charset+"'"+
			" UNION ALL SELECT COLLATION_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'means_"+charset+"';")
		own := defaultCollation(charset)
		if want := []string{own, own, "utf8mb3_general_ci"}; !slices.Equal(strings.Fields(got), want) {
			t.Errorf("%s\n got %q\nwant %q", charset, strings.Fields(got), want)
		}
	}
}

// TestConformBroken: a mistake in a file fails the step.
func TestConformBroken(t *testing.T) {
	server := scratchServer(t)
	dir, step := tree(t, rendertest.Variant(t, "nullzero", db(`{ databases+: { broken: {} } }`)))
	for _, tt := range []struct{ file, old, new string }{
		{"sql/10-schema.sql", "VARCHAR(20)", "VARCHR(20)"},
		{"sql/20-rows.sql", "('Hello World!')", "('Hello World!)"},
		{"sql/20-rows.sql", "Hello World!", "A greeting of more than twenty characters"},
		{"sql/30-users.sql", "GRANT ALL", "GRANT EVERYTHING"},
		{"sql/40-revoke.sql", "WITH\n", "WITHOUT\n"},
	} {
		path := filepath.Join(dir, tt.file)
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bad := strings.Replace(string(good), tt.old, tt.new, 1)
		if bad == string(good) {
			t.Fatalf("no %q in %s", tt.old, good)
		}
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, ok := server.bash(t, dir, step.Apply...); ok {
			t.Errorf("%s with %q is applied: %s", tt.file, tt.new, out)
		}
		if err := os.WriteFile(path, good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	server.apply(t, dir, step)
}

// TestConformMissing: what is not there is seen.
func TestConformMissing(t *testing.T) {
	server := scratchServer(t)
	dir, step := tree(t, rendertest.Variant(t, "nullzero", db(`{ databases: { missing: { tables: { t: { columns: { a: 'INT', b: 'INT' }, primaryKey: ['a'], indexes: { k: { columns: ['b'] } },
		foreignKeys: { f: { columns: ['a'], references: { table: 't', columns: ['a'] } } } } } } }, users: { lost: { hosts: ['web01'], password: { secret: 'x' } } } }`)))
	for _, hole := range []string{"ALTER TABLE missing.t DROP COLUMN b", "ALTER TABLE missing.t DROP KEY k", "ALTER TABLE missing.t DROP FOREIGN KEY f",
		"DROP TABLE missing.t", "DROP DATABASE missing", "DROP USER lost@'10.0.1.3'"} {
		if out, ok := server.bash(t, dir, step.Apply...); !ok {
			t.Fatal(out)
		}
		server.query(t, hole)
		if out, ok := server.bash(t, dir, step.Verify[1]); ok || !strings.Contains(out, "no ") {
			t.Errorf("after %s: verified %t: %s", hole, ok, out)
		}
	}
}

// TestConformConfig has the server read its configuration after Debian's own.
func TestConformConfig(t *testing.T) {
	rendertest.Need(t, "mariadbd")
	debian := "[mysqld]\nbind-address = 127.0.0.1\ncharacter-set-server = utf8mb4\ncollation-server = utf8mb4_general_ci\n"
	for _, charset := range []string{"utf8mb4", "latin1", "binary"} {
		topo := rendertest.Variant(t, "nullzero", db("{ characterSet: '"+charset+"', port: 3307, databases:: null, users:: null }"))
		config := rendertest.Content(t, render(t, topo), "db01/etc/mysql/mariadb.conf.d/60-stackgen.cnf")
		out, ok := rendertest.Run(t, "mariadbd", "--defaults-file="+rendertest.Write(t, "my.cnf", debian+config), "--user=root", "--help", "--verbose")
		if !ok {
			t.Fatalf("%s is refused", config)
		}
		for _, want := range []string{"bind-address 10.0.1.4", "port 3307", "skip-name-resolve TRUE", "character-set-server " + charset} {
			if !strings.Contains(strings.Join(strings.Fields(out), " "), want) {
				t.Errorf("with %s there is no %q in effect", config, want)
			}
		}
	}
	bad := debian + "[mysqld]\ncharacter-set-server = latin1\nskip-name-resolv-x = ON\n"
	if _, ok := rendertest.Run(t, "mariadbd", "--defaults-file="+rendertest.Write(t, "my.cnf", bad), "--user=root", "--help", "--verbose"); ok {
		t.Errorf("the server takes %s", bad)
	}
}

// TestConformRestart: only a server that runs with other values is restarted.
func TestConformRestart(t *testing.T) {
	scratch := scratchServer(t)
	port, err := strconv.Atoi(scratch.port)
	if err != nil {
		t.Fatal(err)
	}
	running := topology.MariaDB{
		BindAddress: address(t, "127.0.0.1"), Port: port, CharacterSet: scratch.query(t, "SELECT @@character_set_server"),
	}
	for _, tt := range []struct {
		name   string
		change func(*topology.MariaDB)
		want   string
	}{
		{"nothing", func(*topology.MariaDB) {}, ""},
		{"address", func(m *topology.MariaDB) { m.BindAddress = address(t, "127.0.0.2") }, "restart mariadb\n"},
		{"a file of the configuration", nil, "restart mariadb\n"},
		{"port", func(m *topology.MariaDB) { m.Port++ }, "restart mariadb\n"},
		{"character set", func(m *topology.MariaDB) { m.CharacterSet = "koi8r" }, "restart mariadb\n"},
	} {
		db, found := running, "find() { :; }"
		if tt.change == nil {
			found = `find() { [ "$1 $2" = "/etc/mysql -newer" ] && [ -e "$3" ] && echo /etc/mysql/my.cnf; }`
		} else {
			tt.change(&db)
		}
		lines := (&server{db: &db, dialect: here()}).restart("mariadb --batch --skip-column-names --raw")
		out, ok := scratch.bash(t, t.TempDir(), append([]string{`systemctl() { echo "$@"; }`, found}, lines...)...)
		if !ok || out != tt.want {
			t.Errorf("%s differs: %q, want %q", tt.name, out, tt.want)
		}
	}
}
