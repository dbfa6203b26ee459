package flow

import (
	"net/netip"
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// Follow goes on from the service that took a connection to what that asks in
// turn: from the cache to a backend, from the site to its pool and database. It
// says nothing about a service that asks nobody. The host header picks a site.
func (n *Net) Follow(w *Walk, hostHeader string) {
	if w.By == nil {
		return
	}
	switch w.By.Service {
	case "varnish":
		n.followCache(w, hostHeader)
	case "nginx":
		n.followSite(w, hostHeader)
	}
}

// followCache goes on to the first backend that answers, or the first if none
// does: that is what a health check would find.
func (n *Net) followCache(w *Walk, hostHeader string) {
	vm := w.At
	var first *Walk
	for i := range vm.Varnish.Backends {
		b := &vm.Varnish.Backends[i]
		next := n.ToBackend(vm, b)
		if b.HostHeader != "" && hostHeader == "" {
			hostHeader = b.HostHeader
		}
		if next.By != nil && next.At != vm {
			n.Follow(next, hostHeader)
		}
		if first == nil || !first.Reached() && next.Reached() {
			first = next
		}
	}
	if first != nil {
		w.Hops = append(w.Hops, first.Hops...)
	}
}

// ToBackend walks from a cache to one of its backends.
func (n *Net) ToBackend(vm *topology.VM, b *topology.Backend) *Walk {
	w := &Walk{}
	path := diag.Path("vms", vm.Name, "varnish", "backends", b.Name)
	to := n.Resolve(vm, b.Target)
	if !to.IsValid() {
		w.stop(NoMachine, vm.Name, path, "backend %s has no address", b.Name)
		return w
	}
	p := Packet{Protocol: "tcp", To: to.Addr(), Port: b.Target.Port.Single()}
	w.add(Backend, vm.Name, path, "backend %s at %s", b.Name, netip.AddrPortFrom(p.To, uint16(p.Port)))
	return w.then(n.FromVM(vm, p))
}

// then continues a walk with another.
func (w *Walk) then(next *Walk) *Walk {
	w.Hops = append(w.Hops, next.Hops...)
	w.At, w.By = next.At, next.By
	return w
}

// siteFor is the server block that answers on a port: the one of that name, the
// default one, or the first (ngx_http_core_module, listen).
func siteFor(vm *topology.VM, port int, hostHeader string) *topology.Site {
	var first, standard *topology.Site
	for i := range vm.Nginx.Sites {
		s := &vm.Nginx.Sites[i]
		switch {
		case s.Listen != port:
			continue
		case hostHeader != "" && (s.ServerName == hostHeader || slices.Contains(s.Aliases, hostHeader)):
			return s
		case s.DefaultServer:
			standard = s
		case first == nil:
			first = s
		}
	}
	if standard != nil {
		return standard
	}
	return first
}

func (n *Net) followSite(w *Walk, hostHeader string) {
	vm := w.At
	site := siteFor(vm, w.By.Port, hostHeader)
	path := diag.Path("vms", vm.Name, "nginx", "sites", site.Name)
	w.add(Site, vm.Name, path, "site %s from %s", site.ServerName, site.Root)
	if !site.PHP || vm.PHP == nil {
		return
	}
	w.add(Socket, vm.Name, diag.Join(path, "php"), "*.php by %s", vm.PHP.Socket())
	for _, c := range n.Connections(vm) {
		if next := n.ToDatabase(vm, c); len(next.Hops) > 0 {
			w.then(next)
			return
		}
	}
}

// Connection is how an application reaches a database, read from the variables
// of its environment: those whose names begin alike belong together.
type Connection struct {
	To       *topology.VM  // the database server
	Host     *topology.Env // DB_HOST
	User     *topology.Env // DB_USER; nil: not given
	Password *topology.Env // DB_PASSWORD; nil: not given
	Name     *topology.Env // DB_NAME; nil: not given
	Port     *topology.Env // DB_PORT; nil: not given
}

// Connections lists how the application of a VM reaches databases: one for each
// variable that is the address of a database server.
func (n *Net) Connections(vm *topology.VM) (all []Connection) {
	if vm.PHP == nil {
		return nil
	}
	for i := range vm.PHP.Env {
		host := &vm.PHP.Env[i]
		if to := n.VM(host.VM); to != nil && to.MariaDB != nil {
			prefix := prefixOf(host.Name)
			all = append(all, Connection{
				To: to, Host: host,
				User:     variable(vm, prefix, "USER", "USERNAME", "LOGIN"),
				Password: variable(vm, prefix, "PASSWORD", "PASS", "PASSWD", "PW"),
				Name:     variable(vm, prefix, "NAME", "DATABASE", "SCHEMA", "DB"),
				Port:     variable(vm, prefix, "PORT"),
			})
		}
	}
	return all
}

// Account is the account and the host pattern by which a connection is let in,
// or nil.
func (n *Net) Account(vm *topology.VM, c Connection) (u *topology.DBUser, pattern string) {
	if c.User == nil {
		return nil, ""
	}
	from := n.sourceTo(vm, c.To)
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

// sourceTo is the address that a VM has towards another.
func (n *Net) sourceTo(vm, to *topology.VM) netip.Addr {
	if vm == to {
		return netip.Addr{}
	}
	if r, ok := n.routeOf(vm, n.AddressOf(vm, to.Name)); ok {
		return r.source
	}
	return netip.Addr{}
}

// covers reports whether the host of an account stands for an address. On the
// server itself, no address, it is localhost.
func (n *Net) covers(server *topology.VM, host string, a netip.Addr) bool {
	if !a.IsValid() || host == "localhost" {
		return !a.IsValid() && (host == "localhost" || host == server.Name)
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
	to := n.AddressOf(vm, c.To.Name)
	env := diag.Path("vms", vm.Name, "php", "env", c.Host.Name)
	if !to.IsValid() {
		w.stop(NoMachine, vm.Name, env, "%s has no address", c.To.Name)
		return w
	}
	p := Packet{Protocol: "tcp", To: to, Port: c.To.MariaDB.Port}
	w.add(Database, vm.Name, env, "%s at %s", c.To.MariaDB.Flavor, netip.AddrPortFrom(p.To, uint16(p.Port)))
	w.then(n.FromVM(vm, p))
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
