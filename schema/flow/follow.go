package flow

import (
	"cmp"
	"net/netip"
	"slices"

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
	case "service":
		n.followProgram(w, hostHeader)
	}
}

// followCache goes on to the first backend that answers, or the first if none
// does: that is what a health check would find. All others get requests as well,
// and must have what the first has.
func (n *Net) followCache(w *Walk, hostHeader string) {
	vm := w.At
	var first *Walk
	var others []*Walk
	for i := range vm.Varnish.Backends {
		next := n.throughCache(vm, &vm.Varnish.Backends[i], hostHeader)
		switch {
		case first == nil:
			first = next
		case !first.Reached() && next.Reached():
			first, others = next, append(others, first)
		default:
			others = append(others, next)
		}
	}
	if first == nil {
		return
	}
	w.Hops = append(w.Hops, first.Hops...)
	for _, other := range others {
		w.beside(first, other, vm.Varnish.VCL != "")
	}
}

// throughCache walks from a cache to a backend and on. What the backend's own
// header says is for requests without one.
func (n *Net) throughCache(vm *topology.VM, b *topology.Backend, hostHeader string) *Walk {
	next := n.ToBackend(vm, b)
	if hostHeader == "" {
		hostHeader = b.HostHeader
	}
	if next.At != vm {
		n.Follow(next, hostHeader)
	}
	return next
}

// beside adds a backend that gets some of the requests. A walk that arrives at
// the first only is over where that has another site, unless a VCL of the user's
// own chooses.
func (w *Walk) beside(first, other *Walk, chosen bool) {
	if len(other.Hops) == 0 || !w.Reached() {
		return
	}
	hop := other.Hops[0]
	switch stop := other.Stopped(); {
	case stop.Why != "":
		w.add(Backend, hop.Machine, hop.Path, "%s, not reached: %s", hop.Text, stop.Text)
	case chosen || first.site == nil || other.site == nil || SameNames(first.site, other.site):
		w.add(Backend, hop.Machine, hop.Path, "%s, as well", hop.Text)
	default:
		w.stop(NoSite, hop.Machine, hop.Path, "%s answers with site %s, and not with %s: requests get either", hop.Text,
			other.site.ServerName, first.site.ServerName)
	}
}

// SameNames reports whether two sites are for the same names.
func SameNames(a, b *topology.Site) bool {
	names := func(s *topology.Site) []string {
		return slices.Sorted(slices.Values(append(slices.Clone(s.Aliases), s.ServerName)))
	}
	return slices.Equal(names(a), names(b))
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
		case !s.On(port):
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
	w.site = site
	path := diag.Path("vms", vm.Name, "nginx", "sites", site.Name)
	w.add(Site, vm.Name, path, "site %s from %s", site.ServerName, site.Root)
	if !site.PHP || vm.PHP == nil {
		return
	}
	w.add(Socket, vm.Name, diag.Join(path, "php"), "*.php by %s", vm.PHP.Socket())
	for _, c := range n.Connections(vm) {
		if next := n.ToDatabase(vm, c); c.Program == "" && len(next.Hops) > 0 {
			w.then(next)
			return
		}
	}
}

// maxFollowed ends a walk through programs that ask each other in a circle.
const maxFollowed = 64

// followProgram goes on to what a program connects to, one after the other, and to
// its database.
func (n *Net) followProgram(w *Walk, hostHeader string) {
	vm, name := w.At, w.By.Name
	for i, u := range vm.Upstreams() {
		if u.Kind != "connection" || u.Name != name || len(w.Hops) > maxFollowed {
			continue
		}
		next := n.ToConnection(vm, &vm.Upstreams()[i])
		if next.By != nil && next.At != vm {
			n.Follow(next, hostHeader)
		}
		w.Hops = append(w.Hops, next.Hops...)
	}
	for _, c := range n.Connections(vm) {
		if c.Program == name && len(w.Hops) <= maxFollowed {
			w.Hops = append(w.Hops, n.ToDatabase(vm, c).Hops...)
		}
	}
}

// ToConnection walks from a program to what it connects to.
func (n *Net) ToConnection(vm *topology.VM, u *topology.Upstream) *Walk {
	w := &Walk{}
	path := diag.Join(diag.Path("vms", vm.Name), u.Path...)
	to := n.Resolve(vm, u.Target)
	if !to.IsValid() {
		w.stop(NoMachine, vm.Name, path, "what %s connects to has no address", u.Name)
		return w
	}
	p := Packet{Protocol: u.Protocol, To: to.Addr(), Port: u.Target.Port.Single()}
	w.add(Connect, vm.Name, path, "%s connects to %s", u.Name, netip.AddrPortFrom(p.To, uint16(p.Port)))
	return w.then(n.FromVM(vm, p))
}
