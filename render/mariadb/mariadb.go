// Package mariadb renders database servers, MariaDB or MySQL 8: where they
// listen, what is in them, and who may do what.
//
// It takes a checked topology and gives a configuration file and SQL a server,
// and the step that brings them into effect. The SQL can be run again and again:
// it adds what is missing, also to tables that are there, corrects passwords and
// privileges, and never drops anything. What types there are, and which values
// they hold, only the server says: it is asked by verify and by apply. Accounts that the topology does not have are left as they are; those
// that once were in it are what apply removes when it is told to.
package mariadb

import (
	"net/netip"

	"stackgen/render/artifact"
	"stackgen/schema/release"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// stepName is the name of the step of every server.
const stepName = "mariadb"

// The SQL files in the order they are run in.
const (
	schemaFile  = "sql/10-schema.sql"
	compareFile = "sql/15-compare.sql" // prints what a table lacks as statements, which are run in turn, and what is in the way
	rowsFile    = "sql/20-rows.sql"
	usersFile   = "sql/30-users.sql"
	revokeFile  = "sql/40-revoke.sql"  // prints statements, which are run in turn
	missingFile = "sql/90-missing.sql" // prints what is not there
)

// server is a database server with its accounts resolved.
type server struct {
	vm       *topology.VM
	db       *topology.MariaDB
	dialect  dialect
	accounts []account
}

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.MariaDB == nil {
			continue
		}
		s := server{vm, vm.MariaDB, dialectOf(vm.MariaDB.Flavor, release.Of(vm.OS)), accountsOf(t, vm)}
		files, err := s.files()
		if err != nil {
			return artifact.Set{}, err
		}
		set.Files = append(set.Files, files...)
		set.Steps = append(set.Steps, s.step(files))
	}
	return set, nil
}

// files leaves out those that would do nothing.
func (s *server) files() ([]artifact.File, error) {
	config, err := s.config()
	if err != nil {
		return nil, err
	}
	files := []artifact.File{config}
	if sql := schemaSQL(s.db, s.dialect); sql != "" {
		files = append(files, s.sql(schemaFile, artifact.SQLScript, "Schemas and tables, made when they are missing.", sql))
	}
	if sql := rowsSQL(s.db); sql != "" {
		files = append(files, s.sql(rowsFile, artifact.SQLScript,
			"Rows that must be there, added when no row is like them.", sql))
	}
	if len(s.accounts) > 0 {
		users := s.sql(usersFile, artifact.SQLScript, "Accounts with their passwords and privileges.", usersSQL(s.accounts))
		users.Secrets = secretsOf(s.accounts)
		files = append(files, users)
	}
	compared, err := s.effectFiles()
	return append(files, compared...), err
}

// effectFiles look at what the server has.
func (s *server) effectFiles() (files []artifact.File, err error) {
	type look struct {
		path            string
		format          artifact.Format
		template, title string
		view            any
	}
	looks := []look{
		{revokeFile, s.dialect.ofRoles, "mariadb/revoke.sql.tmpl", "Prints the statements that take away what the accounts should not have.", s.effects()},
		{missingFile, artifact.SQLAudit, "mariadb/missing.sql.tmpl", "Prints what should be there and is not.", s.effects()},
	}
	if c := s.comparison(); len(c.Tables) > 0 {
		looks = append(looks, look{compareFile, artifact.SQLChanges, "mariadb/compare.sql.tmpl",
			"Prints statements that add to tables what they lack, and lines with what is in the way.", c})
	}
	for _, l := range looks {
		text, err := templates.Text(l.template, l.view)
		if err != nil {
			return nil, err
		}
		files = append(files, s.sql(l.path, l.format, l.title, text))
	}
	return files, nil
}

// config is the configuration file. It is read after Debian's own.
func (s *server) config() (artifact.File, error) {
	file := artifact.File{Machine: s.vm.Name, Path: s.dialect.config + "/60-stackgen.cnf",
		Format: artifact.MyCnf, Step: stepName}.Installed()
	return templates.File(file, "mariadb/server.cnf.tmpl", struct {
		BindAddress  netip.Addr
		Port         int
		CharacterSet string
		Collation    string
	}{s.db.BindAddress, s.db.Port, s.db.CharacterSet, collationOf(s.db)})
}

func (s *server) sql(path string, format artifact.Format, title, statements string) artifact.File {
	text := "-- " + artifact.Header + "\n-- " + title + "\n" + prologue + "\n" + statements
	return artifact.File{Machine: s.vm.Name, Path: path, Format: format, Content: text, Step: stepName}
}
