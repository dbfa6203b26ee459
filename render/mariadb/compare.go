package mariadb

import (
	"fmt"
	"strings"

	"stackgen/schema/topology"
)

// scratchSchema is where the server makes the tables as the topology has them, to
// say itself what their columns come to. No name of ours has a space.
const scratchSchema = "stackgen wanted"

// comparison is what the template of the comparison shows, in literals.
type comparison struct {
	Scratch, ScratchText string // the schema as an identifier and as text
	Tables               []comparedTable
	Columns              []definitionRow
	Keys                 []definitionRow
	ForeignKeys          []foreignKeyRow
}

// comparedTable is a table of the topology and its twin in the scratch schema.
type comparedTable struct {
	Number, Schema, Name string // texts; the number names the twin
	Place                string // text: the table as statements name it
	Create               string // makes the twin
}

// definitionRow is a column or key as ALTER TABLE takes it.
type definitionRow struct{ Number, Name, Definition string }

// foreignKeyRow is a foreign key: as the server lists it, and as ALTER TABLE
// takes it.
type foreignKeyRow struct {
	Number, Name, Definition   string
	Columns, Table, References string
	OnUpdate, OnDelete         string
}

// compare is what the server has beside what it should have.
func (s *server) comparison() (c comparison) {
	c.Scratch, c.ScratchText = identifier(scratchSchema), stringLiteral(scratchSchema)
	for _, d := range s.db.Databases {
		for _, t := range d.Tables {
			c.add(s.dialect, charsetOf(s.db, d), d, t)
		}
	}
	return c
}

func (c *comparison) add(sql dialect, charset string, d topology.Database, t topology.Table) {
	name := fmt.Sprint(len(c.Tables) + 1)
	number := stringLiteral(name)
	c.Tables = append(c.Tables, comparedTable{
		Number: number, Schema: stringLiteral(d.Name), Name: stringLiteral(t.Name),
		Place: stringLiteral(qualifiedName(d.Name, t.Name)),
		Create: "CREATE TABLE " + qualifiedName(scratchSchema, name) + tableBody(sql, t) +
			" CHARACTER SET " + charset + sql.collate(charset) + ";",
	})
	for _, col := range t.Columns {
		c.Columns = append(c.Columns, definitionRow{number, stringLiteral(col.Name), stringLiteral(columnSQL(sql, col))})
	}
	for _, k := range keysOf(t) {
		c.Keys = append(c.Keys, definitionRow{number, stringLiteral(k.name), stringLiteral(k.definition)})
	}
	for _, k := range t.ForeignKeys {
		c.ForeignKeys = append(c.ForeignKeys, foreignKeyRow{
			Number: number, Name: stringLiteral(k.Name), Definition: stringLiteral(foreignKey(d.Name, k)),
			Columns: stringLiteral(strings.Join(k.Columns, ",")), Table: stringLiteral(k.Table),
			References: stringLiteral(strings.Join(k.References, ",")),
			OnUpdate:   stringLiteral(listed(k.OnUpdate)), OnDelete: stringLiteral(listed(k.OnDelete)),
		})
	}
}

// keyClause is a key of a table: its name in the server's lists, and how it is made.
type keyClause struct{ name, definition string }

func keysOf(t topology.Table) (keys []keyClause) {
	if len(t.PrimaryKey) > 0 {
		keys = append(keys, keyClause{"PRIMARY", "PRIMARY KEY (" + identifiers(t.PrimaryKey) + ")"})
	}
	for _, i := range t.Indexes {
		kind := "KEY "
		if i.Unique {
			kind = "UNIQUE KEY "
		}
		parts := make([]string, len(i.Columns))
		for j, c := range i.Columns {
			name, length, _ := strings.Cut(c, "(")
			if parts[j] = identifier(name); length != "" {
				parts[j] += "(" + length
			}
		}
		keys = append(keys, keyClause{i.Name, kind + identifier(i.Name) + " (" + strings.Join(parts, ", ") + ")"})
	}
	return keys
}

func foreignKey(schema string, k topology.ForeignKey) string {
	return "CONSTRAINT " + identifier(k.Name) + " FOREIGN KEY (" + identifiers(k.Columns) + ") REFERENCES " +
		qualifiedName(schema, k.Table) + " (" + identifiers(k.References) + ") ON UPDATE " + k.OnUpdate + " ON DELETE " +
		k.OnDelete
}

// listed is an action of a foreign key as it is compared: to InnoDB NO ACTION is
// RESTRICT, and servers list either.
func listed(action string) string {
	if action == "NO ACTION" {
		return "RESTRICT"
	}
	return action
}
