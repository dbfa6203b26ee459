package runbook

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"stackgen/schema/topology"
)

// records are the names that must lead to the stack, for people to put into
// the DNS.
func records(t *topology.Topology) (rows []string) {
	w := entryPathsOf(t)
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Nginx != nil {
			for _, s := range vm.Nginx.Sites {
				for _, name := range s.Names() {
					if name == "_" || strings.HasSuffix(name, "*") {
						continue // no name that the DNS has
					}
					rows = append(rows, record(name, w.entrances(t, server{vm.Name, s.Listen}),
						"site "+code(s.Name)+" of "+code(vm.Name))...)
				}
			}
		}
		if vm.Router != nil {
			for _, v := range vm.Router.OpenVPN {
				if v.Mode == "server" {
					rows = append(rows, remote(t, vm, v.Remote, "OpenVPN "+code(v.Name))...)
				}
			}
			for _, w := range vm.Router.WireGuard {
				rows = append(rows, remote(t, vm, w.Remote, "WireGuard "+code(w.Name))...)
			}
		}
	}
	return rows
}

// remote is the name by which the other ends of a tunnel find a router, if it is
// one.
func remote(t *topology.Topology, vm *topology.VM, name, what string) []string {
	if _, err := netip.ParseAddr(name); name == "" || err == nil {
		return nil
	}
	return record(name, []netip.Addr{front(t, vm)}, what+" of "+code(vm.Name))
}

func record(name string, addresses []netip.Addr, what string) (rows []string) {
	for _, a := range addresses {
		if !a.IsValid() {
			continue
		}
		kind, note := "A", what
		if a.Is6() {
			kind = "AAAA"
		}
		if a.IsPrivate() {
			note += ", reached from inside only"
		}
		rows = append(rows, row(code(name), kind, code(a.String()), note))
	}
	return rows
}

// front is a router's address on the network of its default route.
func front(t *topology.Topology, vm *topology.VM) netip.Addr {
	name, _ := t.DefaultRoute(vm)
	if i := vm.Interface(name); i != nil {
		return i.Address
	}
	return t.AddressOf(nil, vm.Name)
}

// server is a port of a VM.
type server struct {
	vm   string
	port int
}

// entryPaths lead to servers.
type entryPaths struct {
	caches   map[server][]server     // that pass on to a server
	forwards map[server][]netip.Addr // of routers, that they forward to a server
}

func entryPathsOf(t *topology.Topology) entryPaths {
	w := entryPaths{map[server][]server{}, map[server][]netip.Addr{}}
	owner := map[netip.Addr]string{}
	for _, vm := range t.VMs {
		for _, i := range vm.Interfaces {
			owner[i.Address] = vm.Name
		}
	}
	for i := range t.VMs {
		vm := &t.VMs[i]
		for _, s := range vm.Offers() {
			for _, u := range s.Upstreams {
				if !u.Passes {
					continue
				}
				to := server{owner[t.Resolve(vm, u.Target).Addr()], u.Target.Port.Single()}
				for _, l := range s.Listeners {
					w.caches[to] = append(w.caches[to], server{vm.Name, l.Port})
				}
			}
		}
		if vm.Router != nil {
			for _, r := range vm.DestinationRules() {
				to := server{owner[t.Resolve(vm, r.Translation).Addr()], cmp.Or(r.Translation.Port.Single(), r.Port.Single())}
				if a := vm.PublicAddress(r); a.IsValid() {
					w.forwards[to] = append(w.forwards[to], a)
				}
			}
		}
	}
	return w
}

// entrances are the addresses at which a visitor reaches a server: those that
// are forwarded to it or to a cache before it, else that of the cache, else its
// own.
func (w entryPaths) entrances(t *topology.Topology, s server) (addresses []netip.Addr) {
	servers := append(slices.Clone(w.caches[s]), s)
	for _, s := range servers {
		addresses = append(addresses, w.forwards[s]...)
	}
	if len(addresses) == 0 {
		addresses = append(addresses, t.AddressOf(nil, servers[0].vm))
	}
	slices.SortFunc(addresses, netip.Addr.Compare)
	return slices.Compact(addresses)
}
