package check

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/topology"
)

// checkApplications finds applications that do not get on with their databases,
// and databases that do not get to see their clients.
func checkApplications(t *topology.Topology) (diags diag.List) {
	n := flow.New(t)
	for i := range t.VMs {
		vm := &t.VMs[i]
		for _, c := range n.Connections(vm) {
			a := application{n: n, vm: vm, c: c, diags: &diags}
			a.check()
		}
		noDatabase(t, vm, &diags)
		if vm.MariaDB != nil {
			listener(n, vm, &diags)
		}
	}
	return diags
}

// application is an application and one of its databases.
type application struct {
	n     *flow.Net
	vm    *topology.VM
	c     flow.Connection
	diags *diag.List
}

func (a application) env(e *topology.Env) string { return vmPath(a.vm, a.c.EnvPath(e)...) }

func (a application) check() {
	db := a.c.To.MariaDB
	a.listener()
	if p := a.c.Port; p != nil && p.Value != "" && p.Value != strconv.Itoa(db.Port) {
		a.diags.Errorf("database/port", a.env(p), "the application asks port %s, but the database listens on %d", p.Value,
			db.Port).
			Also(databasePath(a.c.To, "port"), "the port of the database").Hintf("write %q", strconv.Itoa(db.Port))
	}
	if e := a.c.Name; e != nil && e.Value != "" && db.Database(e.Value) == nil {
		d := a.diags.Errorf("database/schema", a.env(e), "VM %q has no database %q", a.c.To.Name, e.Value).
			Also(databasePath(a.c.To), "the database server")
		suggest(d, e.Value, namesOf(db.Databases, func(d topology.Database) string { return d.Name }))
	}
	if a.c.User != nil && a.c.User.Value != "" {
		a.account()
	}
	if a.c.Program == "" && !slices.Contains(a.vm.PHP.Extensions, "mysql") {
		a.diags.Warningf("database/extension", vmPath(a.vm, "php"),
			"the application uses a database, but PHP has no extension for it").
			Also(a.env(a.c.Host), "the database").Hintf("add extensions: ['mysql']")
	}
}

// account checks who the application says it is.
func (a application) account() {
	db := a.c.To.MariaDB
	name := a.c.User.Value
	users := namesOf(db.Users, func(u topology.DBUser) string { return u.Name })
	i := slices.Index(users, name)
	if i < 0 {
		d := a.diags.Errorf("database/user", a.env(a.c.User), "VM %q has no database user %q", a.c.To.Name, name).
			Also(databasePath(a.c.To), "the database server")
		suggest(d, name, users)
		return
	}
	user := &db.Users[i]
	path := databasePath(a.c.To, "users", name)
	if p := a.c.Password; p != nil && p.Secret != user.Password {
		a.password(p, user, path)
	}
	if u, _ := a.n.Account(a.vm, a.c); u == nil {
		a.diags.Errorf("database/host", diag.Join(path, "hosts"), "user %q may not come from %s, whose application uses it",
			name, a.source()).
			Also(a.env(a.c.User), "used here").Hintf("add %q to hosts", a.client())
	}
	if e := a.c.Name; e != nil && db.Database(e.Value) != nil && !mayUse(user, e.Value) {
		a.diags.Warningf("database/privileges", path, "user %q has no privileges on %q, which the application uses", name,
			e.Value).
			Also(a.env(e), "used here").Hintf("add grants: [{ privileges: ['ALL'], on: '%s.*' }]", e.Value)
	}
}

// source is who asks, in words: a server looks up no names, so that on its own
// machine localhost and 127.0.0.1 are two clients.
func (a application) source() string {
	switch {
	case a.vm != a.c.To:
		return strconv.Quote(a.vm.Name)
	case !a.c.At.IsValid():
		return "the socket of " + strconv.Quote(a.vm.Name)
	}
	return fmt.Sprintf("%q at %s", a.vm.Name, a.c.At)
}

// client is who asks as the hosts of an account name it.
func (a application) client() string {
	switch {
	case a.vm != a.c.To:
		return a.vm.Name
	case !a.c.At.IsValid():
		return "localhost"
	}
	return a.c.At.String()
}

// listener finds an application on the server's own machine that asks at an address
// which the server does not listen on.
func (a application) listener() {
	bind := a.c.To.MariaDB.BindAddress
	if a.vm != a.c.To || !a.c.At.IsValid() || bind.IsUnspecified() || bind == a.c.At {
		return
	}
	a.diags.Errorf("database/listener", a.env(a.c.Host),
		"the application asks %s, and the database listens on %s only", a.c.At, bind).
		Also(databasePath(a.c.To, "bindAddress"), "the address of the database").
		Hintf("write 'localhost': the server's socket; or %q", bind)
}

// password finds two ends of a connection with two passwords. Their values are
// not known here, and would not be shown.
func (a application) password(p *topology.Env, user *topology.DBUser, path string) {
	at := diag.Join(path, "password", "secret")
	if p.Secret == "" {
		a.diags.Errorf("database/password", a.env(p), "the application has a password of its own; the database has the secret %q", string(user.Password)).
			Also(at, "the password of the database").Hintf("write { secret: '%s' }", user.Password)
		return
	}
	a.diags.Errorf("database/password", a.env(p), "the application has the secret %q, the database %q", string(p.Secret),
		string(user.Password)).
		Also(at, "the password of the database").Hintf("write the same secret at both ends")
}

func mayUse(user *topology.DBUser, database string) bool {
	return slices.ContainsFunc(user.Grants, func(g topology.Grant) bool {
		schema, _, _ := strings.Cut(g.On, ".")
		return schema == database || schema == "*"
	})
}

// noDatabase warns about the address of a database on a machine that has none.
func noDatabase(t *topology.Topology, vm *topology.VM, diags *diag.List) {
	vm.Variables(func(e *topology.Env, path ...any) {
		to := t.VM(e.VM)
		upper := strings.ToUpper(e.Name)
		if to == nil || to.MariaDB != nil || len(to.Services) > 0 || !to.Managed() || !strings.HasSuffix(upper, "HOST") {
			return
		}
		if strings.Contains(upper, "DB") || strings.Contains(upper, "DATABASE") || strings.Contains(upper, "MYSQL") ||
			strings.Contains(upper, "MARIADB") {
			diags.Errorf("database/none", vmPath(vm, append(path, "vm")...), "VM %q has no database", to.Name).
				Also(vmPath(to), "the VM").Hintf("name the VM that has one")
		}
	})
}

// listener finds accounts for clients that the server does not listen for.
func listener(n *flow.Net, vm *topology.VM, diags *diag.List) {
	m := vm.MariaDB
	for _, u := range m.Users {
		for i, host := range u.Hosts {
			if host == "localhost" || host == vm.Name || isLoopback(host) || listensFor(n, vm, host) {
				continue
			}
			diags.Errorf("database/listener", databasePath(vm, "bindAddress"),
				"the database listens on %s only, where %q cannot reach it", m.BindAddress, host).
				Also(databasePath(vm, "users", u.Name, "hosts", i), "who is to reach it").
				Hintf("leave bindAddress out: the server listens on the VM's own address")
			return
		}
	}
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// listensFor reports whether the address that a server listens on is the one
// that a client uses.
func listensFor(n *flow.Net, vm *topology.VM, client string) bool {
	bind := vm.MariaDB.BindAddress
	from := n.VM(client)
	if from == nil || bind.IsLoopback() || !bind.IsValid() {
		return !bind.IsLoopback()
	}
	return bind.IsUnspecified() || n.AddressOf(from, vm.Name) == bind
}
