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
		for _, l := range listenersOf(&t.VMs[i]) {
			rows = append(rows, row(code(t.VMs[i].Name), l[0], l[1], l[2]))
		}
	}
	return rows
}

// listenersOf gives address, port and program.
func listenersOf(vm *topology.VM) (all [][3]string) {
	add := func(address, port, program string) { all = append(all, [3]string{address, port, program}) }
	if vm.OS != "" || vm.Router != nil {
		add("any", fmt.Sprintf("tcp %d", vm.SSH.Port), "SSH")
	}
	if vm.Router != nil {
		for _, v := range vm.Router.OpenVPN {
			if v.Mode == "client" {
				continue
			}
			add("any", fmt.Sprintf("%s %d", v.Protocol, v.Port), "OpenVPN "+code(v.Name))
		}
		for _, w := range vm.Router.WireGuard {
			add("any", fmt.Sprintf("udp %d", w.Port), "WireGuard "+code(w.Name))
		}
		if len(vm.Router.IPsec) > 0 {
			add("any", "udp 500, udp 4500, protocol esp", "IPsec")
		}
		for _, l := range vm.RouterServices() {
			add(code(l.Address.String()), fmt.Sprintf("%s %d", l.Protocol, l.Port), routerServices[l.Service])
		}
	}
	if vm.Varnish != nil {
		add("any", fmt.Sprintf("tcp %d", vm.Varnish.Listen), "Varnish")
		add(code("127.0.0.1"), "tcp 6082", "Varnish, for varnishadm")
	}
	if vm.Nginx != nil {
		for _, port := range nginxPorts(vm.Nginx) {
			add("any", fmt.Sprintf("tcp %d", port), "nginx")
		}
	}
	if vm.PHP != nil {
		add(code(vm.PHP.Socket()), "", "php-fpm, pool "+code(vm.PHP.Pool))
	}
	if vm.MariaDB != nil {
		add(code(vm.MariaDB.BindAddress.String()), fmt.Sprintf("tcp %d", vm.MariaDB.Port), flavors[vm.MariaDB.Flavor])
	}
	return all
}

// routerServices are the names of what a router does for the machines around it.
var routerServices = map[string]string{"dhcp": "DHCP", "dns": "DNS", "ntp": "NTP", "snmp": "SNMP"}

func nginxPorts(n *topology.Nginx) []int {
	var all []int
	for _, s := range n.Sites {
		all = append(all, s.Listen)
	}
	slices.Sort(all)
	return slices.Compact(all)
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
			rows = append(rows, row(code(vm.Name), code(s.Name), codes(namesOf(s)), fmt.Sprint(s.Listen), code(s.Root), php,
				text(s.Description)))
		}
	}
	return rows
}

func namesOf(s topology.Site) []string { return append([]string{s.ServerName}, s.Aliases...) }

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

// flavors are the products by their words in a topology.
var flavors = map[string]string{"mariadb": "MariaDB", "mysql": "MySQL"}

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
