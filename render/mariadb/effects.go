package mariadb

// effects is what the last two SQL files show, in literals: they compare what
// the server has with what it should have.
type effects struct {
	Schemas  []string
	Tables   []table
	Accounts []named
	Wanted   []wanted
	Roles    string // SELECT of the roles of all accounts
}

type table struct{ Schema, Name string }

// named is an account: in its parts, and as the server writes it.
type named struct{ User, Host, Account string }

// wanted is a privilege that an account should have.
type wanted struct{ Account, Place, Privilege string }

func (s *server) effects() effects {
	e := effects{Roles: s.dialect.roles}
	for _, d := range s.db.Databases {
		e.Schemas = append(e.Schemas, text(d.Name))
		for _, t := range d.Tables {
			e.Tables = append(e.Tables, table{text(d.Name), text(t.Name)})
		}
	}
	for _, a := range s.accounts {
		name := text(a.String())
		e.Accounts = append(e.Accounts, named{text(a.user), text(a.host), name})
		for _, g := range a.grants {
			for _, p := range g.privileges {
				e.Wanted = append(e.Wanted, wanted{name, text(g.place()), text(p)})
			}
		}
	}
	return e
}
