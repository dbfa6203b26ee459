package mariadb

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// all is the privilege that stands for every one of its level.
const all = "ALL PRIVILEGES"

// account is a user at one host, as the server knows accounts.
type account struct {
	user, host string
	password   artifact.Secret
	grants     []grant
}

// grant is the privileges on everything, when schema is empty, on a schema, when
// table is empty, or on a table.
type grant struct {
	schema, table string
	privileges    []string
}

// accountsOf lists the accounts of a server, one for each host of a user. Hosts
// that name nothing are left out: they are findings.
func accountsOf(t *topology.Topology, vm *topology.VM) (accounts []account) {
	for _, u := range vm.MariaDB.Users {
		for _, h := range u.Hosts {
			if host := hostOf(t, vm, h); host != "" {
				secret := artifact.Secret{Name: string(u.Password), Encoding: artifact.SQL}
				accounts = append(accounts, account{u.Name, host, secret, grantsOf(u, vm.MariaDB.Flavor)})
			}
		}
	}
	return accounts
}

// hostOf is a host as the server compares it with a client's address: it does
// not look up names (skip-name-resolve). It is empty for one that names nothing.
func hostOf(t *topology.Topology, vm *topology.VM, name string) string {
	if name == "localhost" || strings.HasSuffix(name, "%") {
		return name // the server's socket; a pattern of the server's own
	}
	p := t.Resolve(vm, topology.Target{VM: name})
	if !p.IsValid() {
		p = t.Resolve(vm, topology.Target{Network: name})
	}
	if !p.IsValid() {
		p = parse(name)
	}
	switch {
	case !p.IsValid():
		return ""
	case p.IsSingleIP():
		return p.Addr().String()
	case p.Addr().Is6():
		return p.String() // a finding: see [checker.host]
	}
	return p.Addr().String() + "/" + netmask(p)
}

func parse(s string) netip.Prefix {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p
	}
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a, a.BitLen())
	}
	return netip.Prefix{}
}

// netmask is the mask of an IPv4 prefix.
func netmask(p netip.Prefix) string {
	m := ^uint32(0) << (32 - p.Bits())
	return fmt.Sprintf("%d.%d.%d.%d", m>>24, m>>16&255, m>>8&255, m&255)
}

// grantsOf merges the grants of a user that are on the same schema or table.
func grantsOf(u topology.DBUser, flavor string) (grants []grant) {
	for _, g := range u.Grants {
		schema, table, _ := strings.Cut(g.On, ".")
		if table == "*" {
			table = ""
		}
		if schema == "*" {
			schema = ""
		}
		i := slices.IndexFunc(grants, func(o grant) bool { return o.schema == schema && o.table == table })
		if i < 0 {
			i = len(grants)
			grants = append(grants, grant{schema: schema, table: table})
		}
		grants[i].privileges = append(grants[i].privileges, listedPrivileges(flavor, g.Privileges)...)
	}
	for i := range grants {
		grants[i].privileges = normal(grants[i].privileges)
	}
	return grants
}

// listedPrivileges are privileges by the names that the server lists them by:
// MariaDB has renamed one and still takes its old name.
func listedPrivileges(flavor string, names []string) []string {
	if flavor == "mysql" {
		return names
	}
	names = slices.Clone(names)
	for i, n := range names {
		if n == "REPLICATION CLIENT" {
			names[i] = "BINLOG MONITOR"
		}
	}
	return names
}

// normal sorts privileges and leaves ALL alone, as the syntax wants it.
func normal(privileges []string) []string {
	if slices.Contains(privileges, all) {
		return []string{all}
	}
	slices.Sort(privileges)
	return slices.Compact(privileges)
}

// String is the account as statements name it. The server itself writes it like
// this in its information_schema, without escapes; no name of ours needs any.
func (a account) String() string { return stringLiteral(a.user) + "@" + stringLiteral(a.host) }

// place is what the privileges are on. In the name of a schema _ and % would
// stand for any character, if not for the backslash; in that of a table not.
func (g grant) place() string {
	if g.schema == "" {
		return "*.*"
	}
	if g.table == "" {
		return identifier(strings.NewReplacer("_", `\_`, "%", `\%`).Replace(g.schema)) + ".*"
	}
	return qualifiedName(g.schema, g.table)
}

// usersSQL makes accounts, gives them their passwords and grants. Nothing is
// taken away here, so that no account is without a privilege in between.
func usersSQL(accounts []account) string {
	var b strings.Builder
	for _, a := range accounts {
		password := "'" + a.password.PlaceHolder() + "'"
		fmt.Fprintf(&b, "CREATE USER IF NOT EXISTS %s IDENTIFIED BY %s;\n", a, password)
		fmt.Fprintf(&b, "ALTER USER %s IDENTIFIED BY %s;\n", a, password)
		for _, g := range a.grants {
			fmt.Fprintf(&b, "GRANT %s ON %s TO %s;\n", strings.Join(g.privileges, ", "), g.place(), a)
		}
	}
	return b.String()
}

// secretsOf are those of some accounts, each once.
func secretsOf(accounts []account) (secrets []artifact.Secret) {
	for _, a := range accounts {
		if !slices.Contains(secrets, a.password) {
			secrets = append(secrets, a.password)
		}
	}
	return secrets
}
