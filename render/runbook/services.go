package runbook

import (
	"fmt"
	"slices"
	"strings"

	"stackgen/schema/topology"
)

// listeners are who takes connections where.
func listeners(t *topology.Topology) (rows []string) {
	for _, h := range t.Hosts {
		rows = append(rows, row(code(h.Name), "any", fmt.Sprintf("tcp %d", h.SSH.Port), "SSH"))
		for _, vm := range t.VMsOn(h.Name) {
			if g := vm.Graphics; g != nil {
				rows = append(rows, row(code(h.Name), code(g.Listen.String()), "tcp, from 5900 on",
					strings.ToUpper(g.Type)+" display of "+code(vm.Name)))
			}
		}
	}
	for i := range t.VMs {
		for _, s := range t.VMs[i].Offers() {
			for _, words := range listenersOf(s) {
				rows = append(rows, row(append([]string{code(t.VMs[i].Name)}, words[:]...)...))
			}
		}
	}
	return rows
}

// listenersOf gives address, port and program of each place where a service
// listens. What takes connections on several ports at once has one line.
func listenersOf(s topology.Service) (all [][3]string) {
	if s.Beside != "" {
		return append(all, [3]string{addressOf(s.Listeners[0]), portList(s.Listeners) + ", protocol " + s.Beside, s.Title})
	}
	if !s.Named {
		slices.SortStableFunc(s.Listeners, func(a, b topology.Listener) int { return a.Port - b.Port })
	}
	for _, l := range s.Listeners {
		all = append(all, [3]string{addressOf(l), portOf(l), programOf(s, l)})
	}
	for _, in := range s.Inner {
		words := [3]string{addressOf(in.Listener), "", programOf(s, in.Listener)}
		if in.Socket != "" {
			words[0] = code(in.Socket)
		} else {
			words[1] = portOf(in.Listener)
		}
		if in.For != "" {
			words[2] += ", " + in.For
		}
		all = append(all, words)
	}
	return all
}

func addressOf(l topology.Listener) string {
	if !l.Address.IsValid() {
		return "any"
	}
	return code(l.Address.String())
}

func portOf(l topology.Listener) string { return fmt.Sprintf("%s %d", l.Protocol, l.Port) }

func portList(list []topology.Listener) string {
	words := make([]string, len(list))
	for i, l := range list {
		words[i] = portOf(l)
	}
	return strings.Join(words, ", ")
}

func programOf(s topology.Service, l topology.Listener) string {
	if s.Named {
		return s.Title + " " + code(l.Name)
	}
	return s.Title
}

func sites(t *topology.Topology) (rows []string) {
	for _, vm := range t.VMs {
		if vm.Nginx == nil {
			continue
		}
		for _, s := range vm.Nginx.Sites {
			php := ""
			if s.PHP {
				php = code(vm.PHP.Pool)
			}
			rows = append(rows, row(code(vm.Name), code(s.Name), codes(s.Names()), fmt.Sprint(s.Listen), code(s.Root), php,
				text(s.Description)))
		}
	}
	return rows
}

func backends(t *topology.Topology) (rows []string) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Varnish == nil {
			continue
		}
		for _, b := range vm.Varnish.Backends {
			probe := "none"
			if p := b.Probe; p != nil {
				probe = fmt.Sprintf("%s every %s", code(p.URL), p.Interval)
			}
			rows = append(rows, row(code(vm.Name), code(b.Name), target(t, vm, b.Target), probe))
		}
	}
	return rows
}

// target says what a target is and, if that is not the same, its address.
func target(t *topology.Topology, from *topology.VM, g topology.Target) string {
	words := "any"
	p := t.Resolve(from, g)
	switch {
	case g.VM != "":
		words = code(g.VM) + " " + code(p.Addr().String())
	case g.Network != "":
		words = code(g.Network) + " " + code(p.String())
	case g.AddressGroup+g.NetworkGroup != "":
		words = "group " + code(g.AddressGroup+g.NetworkGroup)
	case p.IsValid() && p.IsSingleIP():
		words = code(p.Addr().String())
	case p.IsValid():
		words = code(p.String())
	}
	if g.Not {
		words = "all but " + words
	}
	if len(g.Port) > 0 {
		words += " port " + g.Port.String()
	}
	if g.PortGroup != "" {
		words += " port group " + code(g.PortGroup)
	}
	return words
}

func accounts(t *topology.Topology) (rows []string) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.MariaDB == nil {
			continue
		}
		for _, u := range vm.MariaDB.Users {
			var from, may []string
			for _, h := range u.Hosts {
				words := code(h)
				if a := t.AddressOf(vm, h); a.IsValid() {
					words += " " + code(a.String())
				}
				from = append(from, words)
			}
			for _, g := range u.Grants {
				may = append(may, strings.Join(g.Privileges, ", ")+" on "+code(g.On))
			}
			rows = append(rows, row(code(vm.Name), code(u.Name), strings.Join(from, ", "), strings.Join(may, "; ")))
		}
	}
	return rows
}
