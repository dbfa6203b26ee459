package mariadb

import (
	"fmt"
	"slices"
	"strings"

	"stackgen/schema/topology"
)

// schemaSQL makes schemas and tables that are not there. A character set means the
// same collation on all releases; where the server would take another one, it is
// named.
func schemaSQL(db *topology.MariaDB, sql dialect) string {
	var b strings.Builder
	for _, d := range db.Databases {
		charset := charsetOf(db, d)
		fmt.Fprintf(&b, "CREATE DATABASE IF NOT EXISTS %s CHARACTER SET %s%s;\n", identifier(d.Name), charset,
			sql.collate(charset))
		for _, t := range d.Tables {
			b.WriteString(createTable(sql, d, t))
		}
	}
	return b.String()
}

func createTable(sql dialect, d topology.Database, t topology.Table) string {
	return "CREATE TABLE IF NOT EXISTS " + qualifiedName(d.Name, t.Name) + tableBody(sql, t) + ";\n"
}

// tableBody is what stands in a table's parentheses. Foreign keys are left to the
// comparison: the table that they name may come later.
func tableBody(sql dialect, t topology.Table) string {
	var parts []string
	for _, c := range t.Columns {
		parts = append(parts, columnSQL(sql, c))
	}
	for _, k := range keysOf(t) {
		parts = append(parts, k.definition)
	}
	return " (\n  " + strings.Join(parts, ",\n  ") + "\n)"
}

// columnSQL is a column as CREATE and ALTER TABLE take it. Text of the national
// types is utf8mb3, whatever the table is.
func columnSQL(sql dialect, c topology.Column) string {
	text := identifier(c.Name) + " " + c.Type
	name, _, _ := strings.Cut(strings.ToUpper(c.Type), "(")
	if name == "NCHAR" || name == "NVARCHAR" {
		text += sql.collate("utf8mb3")
	}
	return text
}

// qualifiedName is the full name of a table.
func qualifiedName(schema, table string) string { return identifier(schema) + "." + identifier(table) }

func identifiers(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = identifier(n)
	}
	return strings.Join(quoted, ", ")
}

// rowsSQL adds rows. They pass through a temporary table like the real one, so
// that stored values are compared with stored values: a FLOAT of 0.1, a CHAR
// with a space behind and a DATETIME with a fraction are not what they are as
// literals. The temporary tables end with the session; no name of ours has a
// space, so they hide no other.
func rowsSQL(db *topology.MariaDB) string {
	var parts []string
	for _, d := range db.Databases {
		for _, t := range d.Tables {
			for _, rows := range groupRows(t.Rows) {
				temporary := fmt.Sprintf("wanted rows %d", len(parts)+1)
				parts = append(parts, addRows(d.Name, t, rows, temporary))
			}
		}
	}
	return strings.Join(parts, "\n")
}

// groupRows splits rows where the columns that they give change.
func groupRows(rows []topology.Row) (groups [][]topology.Row) {
	start := 0
	for i := range rows {
		if i+1 == len(rows) || !slices.Equal(columnsOf(rows[i]), columnsOf(rows[i+1])) {
			groups = append(groups, rows[start:i+1])
			start = i + 1
		}
	}
	return groups
}

func columnsOf(r topology.Row) []string {
	names := make([]string, len(r))
	for i, c := range r {
		names[i] = c.Column
	}
	return names
}

func addRows(schema string, t topology.Table, rows []topology.Row, temporary string) string {
	columns := columnsOf(rows[0])
	var values []string
	for _, r := range rows {
		values = append(values, "("+literals(r)+")")
	}
	real, wanted, list := qualifiedName(schema, t.Name), qualifiedName(schema, temporary), identifiers(columns)
	return "CREATE TEMPORARY TABLE " + wanted + " LIKE " + real + ";\n" +
		"INSERT INTO " + wanted + " (" + list + ") VALUES\n  " + strings.Join(values, ",\n  ") + ";\n" +
		"INSERT INTO " + real + " (" + list + ")\n" +
		"  SELECT " + list + " FROM " + wanted + " AS wanted WHERE NOT EXISTS (\n" +
		"    SELECT 1 FROM " + real + " AS present WHERE " + sameRow(t, columns) + ");\n"
}

func literals(r topology.Row) string {
	values := make([]string, len(r))
	for i, c := range r {
		values[i] = literal(c.Value)
	}
	return strings.Join(values, ", ")
}

// sameRow compares a present row with a wanted one. A row is known by its primary
// key, if it gives it: what else is in such a row is the application's. Otherwise
// it is known by all the values it gives, byte by byte: most collations take A
// for a.
func sameRow(t topology.Table, columns []string) string {
	format, by := "CAST(present.%[1]s AS BINARY) <=> CAST(wanted.%[1]s AS BINARY)", columns
	if keyed(t, columns) {
		format, by = "present.%[1]s = wanted.%[1]s", t.PrimaryKey
	}
	parts := make([]string, len(by))
	for i, c := range by {
		parts[i] = fmt.Sprintf(format, identifier(c))
	}
	return strings.Join(parts, "\n      AND ")
}

// keyed reports whether all columns of the primary key are among some columns.
func keyed(t topology.Table, columns []string) bool {
	missing := func(key string) bool { return !slices.Contains(columns, key) }
	return len(t.PrimaryKey) > 0 && !slices.ContainsFunc(t.PrimaryKey, missing)
}
