package mariadb

import "stackgen/schema/topology"

// effects is what the last two SQL files show, in literals: they compare what
// the server has with what it should have.
type effects struct {
	Schemas  []string
	Tables   []tableRow
	Parts    []partRow
	Accounts []named
	Wanted   []privilegeRow
	Roles    string // SELECT of the roles of all accounts
}

type tableRow struct{ Schema, Name string }

// partRow is a column or key of a table, and where the server lists it.
type partRow struct{ Kind, Schema, Table, Name, List, Column string }

// named is an account: in its parts, and as the server writes it.
type named struct{ User, Host, Account string }

// privilegeRow is a privilege that an account should have.
type privilegeRow struct{ Account, Place, Privilege string }

func (s *server) effects() effects {
	e := effects{Roles: s.dialect.roles}
	for _, d := range s.db.Databases {
		e.Schemas = append(e.Schemas, stringLiteral(d.Name))
		for _, t := range d.Tables {
			e.Tables = append(e.Tables, tableRow{stringLiteral(d.Name), stringLiteral(t.Name)})
			e.Parts = append(e.Parts, partsOf(d, t)...)
		}
	}
	for _, a := range s.accounts {
		name := stringLiteral(a.String())
		e.Accounts = append(e.Accounts, named{stringLiteral(a.user), stringLiteral(a.host), name})
		for _, g := range a.grants {
			for _, p := range g.privileges {
				e.Wanted = append(e.Wanted, privilegeRow{name, stringLiteral(g.place()), stringLiteral(p)})
			}
		}
	}
	return e
}

// partsOf are the columns and keys that a table should have.
func partsOf(d topology.Database, t topology.Table) (parts []partRow) {
	add := func(kind, name, list, column string) {
		parts = append(parts, partRow{kind, stringLiteral(d.Name), stringLiteral(t.Name), stringLiteral(name), list, column})
	}
	for _, c := range t.Columns {
		add("column", c.Name, "COLUMNS", "COLUMN_NAME")
	}
	for _, k := range keysOf(t) {
		add("key", k.name, "STATISTICS", "INDEX_NAME")
	}
	for _, k := range t.ForeignKeys {
		add("foreign key", k.Name, "TABLE_CONSTRAINTS", "CONSTRAINT_NAME")
	}
	return parts
}
