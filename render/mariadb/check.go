package mariadb

import (
	"slices"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/release"
	"stackgen/schema/topology"
)

// Check reports what the server cannot express or would refuse.
func Check(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.MariaDB == nil {
			continue
		}
		c := checker{t, vm, vm.MariaDB, dialectOf(vm.MariaDB.Flavor, release.Of(vm.OS)),
			diag.Path("vms", vm.Name, vm.MariaDB.Flavor), &diags}
		c.server()
		for _, d := range c.db.Databases {
			c.database(d)
		}
		c.users()
	}
	return diags
}

// checker checks one server.
type checker struct {
	t       *topology.Topology
	vm      *topology.VM
	db      *topology.MariaDB
	dialect dialect
	path    string
	diags   *diag.List
}

func (c *checker) server() {
	if c.db.Flavor == "mysql" {
		c.diags.Warningf("mariadb/mysql-package", c.path, "Debian has no package mysql-server").AtKey().
			Hintf("give the VM the package source of MySQL, or use mariadb")
	}
	c.charset(c.db.CharacterSet, c.path)
}

// charset finds character sets that not both flavors have. The path is that of
// the block, where the set may be a default.
func (c *checker) charset(name, path string) {
	if defaultCollation(name) != "" {
		return
	}
	d := c.diags.Errorf("mariadb/character-set", diag.Join(path, "characterSet"),
		"there is no character set %q for clients", name)
	if name == "utf8" {
		d.Hintf("servers disagree on what utf8 is: write utf8mb4, or utf8mb3 for the old one of three bytes")
	}
}

// reservedSchemas belong to the server.
var reservedSchemas = [...]string{"information_schema", "mysql", "performance_schema", "sys"}

func (c *checker) database(d topology.Database) {
	path := diag.Join(c.path, "databases", d.Name)
	if slices.Contains(reservedSchemas[:], strings.ToLower(d.Name)) {
		c.diags.Errorf("mariadb/reserved-name", path, "the schema %q belongs to the server", d.Name).AtKey()
	}
	if d.CharacterSet != "" {
		c.charset(d.CharacterSet, path)
	}
	for _, t := range d.Tables {
		tc := tableChecker{c, t, diag.Join(path, "tables", t.Name)}
		tc.columns()
		tc.rows()
	}
}

// reservedUsers are the accounts by which apply, Debian and the server itself
// come in: a password or fewer privileges would lock them out.
var reservedUsers = [...]string{"debian-sys-maint", "mariadb", "mysql", "root"}

func (c *checker) users() {
	first := make(map[string]string) // the paths of accounts
	maxUser := c.dialect.maxUser
	for _, u := range c.db.Users {
		path := diag.Join(c.path, "users", u.Name)
		switch {
		case slices.Contains(reservedUsers[:], u.Name):
			c.diags.Errorf("mariadb/reserved-name", path, "the account %q belongs to the server", u.Name).AtKey()
		case len(u.Name) > maxUser:
			c.diags.Errorf("mariadb/user-length", path, "%q has %d characters, more than the %d of an account's name", u.Name,
				len(u.Name), maxUser).AtKey()
		}
		for i, h := range u.Hosts {
			c.host(u.Name, h, diag.Join(path, "hosts", i), first)
		}
		for i, g := range u.Grants {
			c.grant(g, diag.Join(path, "grants", i))
		}
	}
}

// host finds hosts that the server cannot compare, and those that come to the
// same account.
func (c *checker) host(user, name, path string, first map[string]string) {
	host := hostOf(c.t, c.vm, name)
	if host == "" {
		return // another's finding
	}
	if host == "%" {
		c.diags.Warningf("mariadb/any-host", path,
			"user %q may come from everywhere: only its password and the firewall keep others out", user).
			Hintf("name the VMs or networks that connect")
	}
	if strings.Contains(host, ":") && strings.Contains(host, "/") {
		c.diags.Errorf("mariadb/ipv6-subnet", path, "an account cannot be at an IPv6 subnet: %q is one", name).
			Hintf("name the VMs that connect")
		return
	}
	key := stringLiteral(user) + "@" + host
	if other, ok := first[key]; ok {
		c.diags.Errorf("mariadb/account-twice", path, "account %q at %s is there already", user, host).
			Also(other, "already used here")
		return
	}
	first[key] = path
}

// onSchemas are privileges that cannot be granted on a table; onServers those that
// are granted on everything only.
var (
	onSchemas = [...]string{"ALTER ROUTINE", "CREATE ROUTINE", "CREATE TEMPORARY TABLES", "EVENT", "EXECUTE",
		"LOCK TABLES"}
	onServers = [...]string{"BINLOG MONITOR", "CREATE USER", "FILE", "PROCESS", "RELOAD", "REPLICATION CLIENT",
		"REPLICATION SLAVE", "SHOW DATABASES", "SHUTDOWN", "SLAVE MONITOR", "SUPER"}
)

// grant finds privileges on a level that cannot have them, and grants on a table
// that need not be there: without CREATE the server refuses them.
func (c *checker) grant(g topology.Grant, path string) {
	schema, name, _ := strings.Cut(g.On, ".")
	for i, p := range g.Privileges {
		at := diag.Join(path, "privileges", i)
		switch {
		case schema != "*" && slices.Contains(onServers[:], p):
			c.diags.Errorf("mariadb/grant-level", at, "%q is a privilege on the whole server, not on %q", p, g.On).
				Hintf("grant it on '*.*'")
		case name != "*" && slices.Contains(onSchemas[:], p):
			c.diags.Errorf("mariadb/grant-level", at, "%q is a privilege on a schema, and %q is a table", p, g.On).
				Hintf("grant it on '%s.*'", schema)
		case c.db.Flavor == "mysql" && (p == "BINLOG MONITOR" || p == "SLAVE MONITOR"):
			c.diags.Errorf("mariadb/grant-level", at, "MySQL has no privilege %q", p).Hintf("write REPLICATION CLIENT")
		}
	}
	if schema == "*" {
		c.diags.Warningf("mariadb/global-grant", diag.Join(path, "on"),
			"the privileges count for all that is on the server: %s",
			strings.Join(g.Privileges, ", ")).Hintf("grant on the schemas that the account works with")
	}
	if name == "*" {
		return
	}
	d := c.db.Database(schema)
	if d == nil || slices.Contains(g.Privileges, all) || slices.Contains(g.Privileges, "CREATE") {
		return
	}
	if !slices.ContainsFunc(d.Tables, func(t topology.Table) bool { return t.Name == name }) {
		c.diags.Errorf("mariadb/grant-table", diag.Join(path, "on"),
			"the server refuses a grant on table %q while it does not exist", g.On).
			Also(diag.Join(c.path, "databases", schema), "its schema").
			Hintf("declare the table, or grant on '%s.*'", schema)
	}
}
