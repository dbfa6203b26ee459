package flow

import (
	"net/netip"
	"slices"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// Connection is how an application reaches a database, read from the variables
// of its environment: those whose names begin alike belong together.
type Connection struct {
	Program  string        // whose environment it is; empty: that of PHP
	Path     []any         // of the environment, below the VM
	To       *topology.VM  // the database server
	At       netip.Addr    // where it is asked; invalid: by its socket
	Host     *topology.Env // DB_HOST
	User     *topology.Env // DB_USER; nil: not given
	Password *topology.Env // DB_PASSWORD; nil: not given
	Name     *topology.Env // DB_NAME; nil: not given
	Port     *topology.Env // DB_PORT; nil: not given
}

// Connections lists how the application of a VM reaches databases: one for each
// variable that is the address of a database server.
func (n *Net) Connections(vm *topology.VM) (all []Connection) {
	for _, e := range vm.Environments() {
		for i := range e.Env {
			host := &e.Env[i]
			if to, at := n.databaseOf(vm, host); to != nil && to.MariaDB != nil {
				prefix := prefixOf(host.Name)
				all = append(all, Connection{
					Program: e.Program, Path: e.Path, To: to, At: at, Host: host,
					User:     variable(e.Env, prefix, "USER", "USERNAME", "LOGIN"),
					Password: variable(e.Env, prefix, "PASSWORD", "PASS", "PASSWD", "PW"),
					Name:     variable(e.Env, prefix, "NAME", "DATABASE", "SCHEMA", "DB"),
					Port:     variable(e.Env, prefix, "PORT"),
				})
			}
		}
	}
	return all
}

// EnvPath is a variable of a connection, below the VM.
func (c Connection) EnvPath(e *topology.Env) []any { return append(slices.Clone(c.Path), e.Name) }

// databaseOf is the VM that a variable names and the address by which it is asked:
// by reference, or as the text of a name or an address where the variable is one
// of a database. To clients localhost is the socket of their own machine.
func (n *Net) databaseOf(vm *topology.VM, host *topology.Env) (to *topology.VM, at netip.Addr) {
	if host.VM != "" {
		return n.VM(host.VM), n.AddressOf(vm, host.VM)
	}
	if !host.NamesDatabase() || host.Value == "" {
		return nil, netip.Addr{}
	}
	text := host.Value
	if a, err := netip.ParseAddrPort(text); err == nil {
		text = a.Addr().String()
	} else if _, err := netip.ParseAddr(text); err != nil {
		text, _, _ = strings.Cut(text, ":") // a port, or the path of a socket
	}
	if a, err := netip.ParseAddr(text); err == nil {
		return n.ownerOf(vm, a), a
	}
	if strings.EqualFold(text, "localhost") {
		return vm, netip.Addr{}
	}
	for _, name := range []string{text, strings.TrimSuffix(text, "."+n.Domain)} {
		if to := n.VM(strings.ToLower(name)); to != nil {
			return to, n.AddressOf(vm, to.Name)
		}
	}
	return nil, netip.Addr{}
}

// ownerOf is the VM that an address leads to from a VM, or nil.
func (n *Net) ownerOf(vm *topology.VM, a netip.Addr) *topology.VM {
	if a.IsLoopback() || vm.Owns(a) {
		return vm
	}
	for i := range n.VMs {
		if n.VMs[i].Owns(a) {
			return &n.VMs[i]
		}
	}
	return nil
}

// Account is the account and the host pattern by which a connection is let in,
// or nil.
func (n *Net) Account(vm *topology.VM, c Connection) (u *topology.DBUser, pattern string) {
	if c.User == nil {
		return nil, ""
	}
	from := n.sourceTo(vm, c)
	for i := range c.To.MariaDB.Users {
		u := &c.To.MariaDB.Users[i]
		if u.Name != c.User.Value {
			continue
		}
		for _, h := range u.Hosts {
			if n.covers(c.To, h, from) {
				return u, h
			}
		}
	}
	return nil, ""
}

// sourceTo is the address that the server sees a connection come from: on its own
// machine the one that is asked, none for its socket.
func (n *Net) sourceTo(vm *topology.VM, c Connection) netip.Addr {
	if vm == c.To {
		return c.At
	}
	if r, ok := n.routeOf(vm, c.At); ok {
		return r.source
	}
	return netip.Addr{}
}

// covers reports whether the host of an account stands for an address. A client at
// the socket, with no address, is localhost, and nobody else is: the server looks
// up no names.
func (n *Net) covers(server *topology.VM, host string, a netip.Addr) bool {
	if beginning, ok := strings.CutSuffix(host, "%"); ok {
		return beginning == "" || a.IsValid() && strings.HasPrefix(a.String(), beginning)
	}
	if !a.IsValid() || host == "localhost" {
		return !a.IsValid() && host == "localhost"
	}
	if vm := n.VM(host); vm != nil {
		return n.AddressOf(server, host) == a
	}
	if network := n.Network(host); network != nil {
		return network.Subnet.Contains(a)
	}
	if p, err := netip.ParsePrefix(host); err == nil {
		return p.Contains(a)
	}
	own, err := netip.ParseAddr(host)
	return err == nil && own == a
}

// ToDatabase walks from an application to its database and the account there.
func (n *Net) ToDatabase(vm *topology.VM, c Connection) *Walk {
	w := &Walk{}
	env := diag.Join(diag.Path("vms", vm.Name), c.EnvPath(c.Host)...)
	switch {
	case vm == c.To && !c.At.IsValid():
		w.add(Database, vm.Name, env, "%s by its socket", c.To.MariaDB.Flavor)
	case vm == c.To:
		w.add(Database, vm.Name, env, "%s at %s", c.To.MariaDB.Flavor, netip.AddrPortFrom(c.At, uint16(c.To.MariaDB.Port)))
	case !c.At.IsValid():
		w.stop(NoMachine, vm.Name, env, "%s has no address", c.To.Name)
		return w
	default:
		p := Packet{Protocol: "tcp", To: c.At, Port: c.To.MariaDB.Port}
		w.add(Database, vm.Name, env, "%s at %s", c.To.MariaDB.Flavor, netip.AddrPortFrom(p.To, uint16(p.Port)))
		w.then(n.FromVM(vm, p))
	}
	if !w.Reached() || c.User == nil {
		return w
	}
	users := diag.Path("vms", c.To.Name, c.To.MariaDB.Flavor, "users")
	u, pattern := n.Account(vm, c)
	if u == nil {
		w.stop(NoGrant, c.To.Name, users, "no account %s is for %s", c.User.Value, vm.Name)
		return w
	}
	w.add(Grant, c.To.Name, diag.Join(users, u.Name), "account %s for %s", u.Name, pattern)
	return w
}
