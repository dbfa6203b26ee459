package flow

import (
	"cmp"
	"net/netip"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// Follow goes on from the service that took a connection to what that asks in
// turn: from the cache to a backend, from the site to its pool and database. It
// says nothing about a service that asks nobody. The host header picks a site.
func (n *Net) Follow(w *Walk, hostHeader string) {
	if w.By == nil || !w.Reached() {
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
	var first, standard, best *topology.Site
	rank := 0
	for i := range vm.Nginx.Sites {
		s := &vm.Nginx.Sites[i]
		switch {
		case s.Listen != port:
			continue
		case s.Answers(hostHeader) > rank:
			best, rank = s, s.Answers(hostHeader)
		case s.DefaultServer:
			standard = s
		case first == nil:
			first = s
		}
	}
	return cmp.Or(best, standard, first)
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
