package mariadb

// effects is what the last two SQL files show, in literals: they compare what
// the server has with what it should have.
type effects struct {
	Schemas  []string
	Tables   []tableRow
	Accounts []named
	Wanted   []privilegeRow
	Roles    string // SELECT of the roles of all accounts
}

type tableRow struct{ Schema, Name string }

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
