package nginx

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"stackgen/schema/topology"
)

// siteView is what the template of a site shows.
type siteView struct {
	Description string
	Name        string
	Listens     []string
	TLS         []string      // lines
	Challenge   bool          // it answers that of ACME, on plain HTTP of its own
	Redirect    *redirectView // the server of plain HTTP, if it is another
	ServerNames string
	Root        string
	Index       string
	MaxBodySize string
	Caches      []string // addresses of the caches in front
	Forwarded   bool     // one of them takes TLS off
	Fallback    string   // what answers for a path that is no file
	Socket      string   // of the php-fpm pool; empty: the site has no PHP
	Logs        []string
	OwnRoot     bool   // whether / is answered in the user's own words
	Extra       string // the user's own directives
	Hidden      bool   // whether they speak of hidden files
}

func siteOf(t *topology.Topology, f frontsByAddress, vm *topology.VM, s topology.Site) siteView {
	view := siteView{
		Description: s.Description,
		Name:        s.Name,
		Listens:     listens(vm, s),
		TLS:         tlsOf(t, vm, s),
		Challenge:   s.TLS != nil && s.Plain() && !s.TLS.Redirect && byACME(t, s),
		Redirect:    redirectOf(t, vm, s),
		ServerNames: strings.Join(s.Names(), " "),
		Root:        unlessOwn(s, "root", s.Root),
		Index:       strings.Join(s.Index, " "),
		MaxBodySize: unlessOwn(s, "client_max_body_size", size(s.ClientMaxBodySize)),
		Logs:        logs(s),
		OwnRoot:     s.Locates("/"),
		Hidden:      speaksOfHidden(s),
		Caches:      f.caches(t, vm, s.Listen),
		Forwarded:   s.TLS == nil && s.PHP && f.takeTLS(vm, s.Listen),
		Fallback:    "=404",
		Extra:       strings.TrimRight(s.Extra, "\n"),
	}
	if s.PHP {
		view.Socket = vm.PHP.Socket()
		if i := slices.IndexFunc(s.Index, isPHP); i >= 0 {
			view.Fallback = "/" + strings.TrimPrefix(s.Index[i], "/") + "$is_args$args"
		}
	}
	return view
}

// unlessOwn is a value, or empty where the user's own words have that directive:
// nginx takes it once.
func unlessOwn(s topology.Site, directive, value string) string {
	if s.Says(directive) {
		return ""
	}
	return value
}

// logs are those that the user's own words do not speak of.
func logs(s topology.Site) (lines []string) {
	for _, kind := range []string{"access", "error"} {
		if !s.Says(kind + "_log") {
			lines = append(lines, fmt.Sprintf("%s_log /var/log/nginx/%s.%[1]s.log;", kind, s.Name))
		}
	}
	return lines
}

// speaksOfHidden reports whether a regular expression of the user's own is about
// hidden files, and so has to come before ours.
func speaksOfHidden(s topology.Site) bool {
	return slices.ContainsFunc(s.Directives(), func(d topology.Directive) bool {
		return d.Name == "location" && len(d.Args) == 2 && strings.HasPrefix(d.Args[0], "~") &&
			strings.Contains(d.Args[1], `/\.`)
	})
}

func isPHP(file string) bool { return strings.HasSuffix(file, ".php") }

// listens adds IPv6 where the VM has an address of it: on a kernel without
// IPv6 nginx would not start.
func listens(vm *topology.VM, s topology.Site) []string {
	var suffix string
	if s.DefaultServer {
		suffix = " default_server"
	}
	if s.TLS == nil {
		return sockets(vm, s, s.Listen, suffix)
	}
	all := sockets(vm, s, s.TLS.Listen, " ssl"+http2Parameter(vm)+suffix)
	if s.Plain() && !s.TLS.Redirect {
		all = append(sockets(vm, s, s.Listen, suffix), all...)
	}
	return all
}

// sockets are those of a port, with what stands behind each.
func sockets(vm *topology.VM, s topology.Site, port int, suffix string) []string {
	if s.Listen = port; s.Address.IsValid() {
		return []string{listenOf(s) + suffix}
	}
	all := []string{listenOf(s) + suffix}
	if slices.ContainsFunc(vm.Interfaces, func(i topology.Interface) bool { return i.Address.Is6() }) {
		all = append(all, fmt.Sprintf("[::]:%d%s", port, suffix))
	}
	return all
}

// size writes bytes in nginx's binary units, of which g is the largest. Zero is
// empty: nginx's own limit.
func size(s topology.Size) string {
	switch {
	case s == 0:
		return ""
	case s%(1<<40) == 0:
		return fmt.Sprintf("%dg", s>>30)
	}
	return strings.ToLower(strings.TrimSuffix(s.String(), "iB"))
}

// frontsByAddress are the caches that fetch from an address and port.
type frontsByAddress map[netip.AddrPort][]*topology.VM

func frontsOf(t *topology.Topology) frontsByAddress {
	f := frontsByAddress{}
	for i := range t.VMs {
		cache := &t.VMs[i]
		if cache.Varnish == nil {
			continue
		}
		for _, b := range cache.Varnish.Backends {
			to := netip.AddrPortFrom(t.Resolve(cache, b.Target).Addr(), uint16(b.Target.Port.Single()))
			f[to] = append(f[to], cache)
		}
	}
	return f
}

// caches are the addresses from which caches fetch from a port of a VM. Only
// they are believed about whose request they pass on.
func (f frontsByAddress) caches(t *topology.Topology, vm *topology.VM, port int) (addresses []string) {
	for _, i := range vm.Interfaces {
		for _, cache := range f[netip.AddrPortFrom(i.Address, uint16(port))] {
			if a := source(t, cache, vm, i); a.IsValid() { // else it is another's finding, which a policy may lower
				addresses = append(addresses, a.String())
			}
		}
	}
	slices.Sort(addresses)
	return slices.Compact(addresses)
}

// takeTLS reports whether a cache that fetches from a port of a VM has TLS in front.
func (f frontsByAddress) takeTLS(vm *topology.VM, port int) bool {
	return slices.ContainsFunc(vm.Interfaces, func(i topology.Interface) bool {
		return slices.ContainsFunc(f[netip.AddrPortFrom(i.Address, uint16(port))], func(cache *topology.VM) bool {
			return cache.Varnish.TLS != nil
		})
	})
}

// source is the address that a packet from one VM to an interface of another
// comes from: that on the interface's network, if the VM is on it.
func source(t *topology.Topology, from, to *topology.VM, at topology.Interface) netip.Addr {
	if from == to {
		return at.Address
	}
	for _, i := range from.Interfaces {
		if i.Network == at.Network && i.Address.IsValid() {
			return i.Address
		}
	}
	return t.AddressOf(to, from.Name)
}
