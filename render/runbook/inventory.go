package runbook

import (
	"fmt"
	"strings"

	"stackgen/schema/topology"
)

func machines(t *topology.Topology) (rows []string) {
	for _, h := range t.Hosts {
		rows = append(rows, row(code(h.Name), "hypervisor", "", "", "", "", text(h.Description)))
	}
	for i := range t.VMs {
		vm := &t.VMs[i]
		rows = append(rows, row(code(vm.Name), vm.Role(), code(vm.Host), fmt.Sprint(vm.VCPUs), vm.Memory.String(),
			disks(t, vm), text(vm.Description)))
	}
	return rows
}

func disks(t *topology.Topology, vm *topology.VM) string {
	var all []string
	for i := range vm.Disks {
		d := &vm.Disks[i]
		words := code(d.Name) + " " + d.Size.String()
		if d.Image != "" {
			words += " from " + code(d.Image)
		}
		all = append(all, words)
	}
	return strings.Join(all, ", ")
}

func networks(t *topology.Topology) (rows []string) {
	for i := range t.Networks {
		n := &t.Networks[i]
		rows = append(rows, row(code(n.Name), code(n.Subnet.String()), gateway(t, n), code(n.Bridge), vlan(n),
			text(n.Description)))
	}
	return rows
}

// gateway also says whose address it is: often a router of the provider.
func gateway(t *topology.Topology, n *topology.Network) string {
	if !n.Gateway.IsValid() {
		return ""
	}
	if vm := t.RouterOf(n); vm != nil {
		return code(n.Gateway.String()) + " (" + code(vm.Name) + ")"
	}
	return code(n.Gateway.String()) + " (not of this stack)"
}

func vlan(n *topology.Network) string {
	if n == nil || n.VLAN == 0 {
		return "untagged"
	}
	return fmt.Sprint(n.VLAN)
}

func addressRows(t *topology.Topology) (rows []string) {
	for _, h := range t.Hosts {
		for _, b := range h.Bridges {
			if b.Address.IsValid() {
				rows = append(rows, row(code(h.Name), code(b.Name), code(b.Network),
					code(t.AddressWithin(b.Network, b.Address).String()), "", vlan(t.Network(b.Network))))
			}
		}
	}
	for i := range t.VMs {
		vm := &t.VMs[i]
		for _, n := range vm.Interfaces {
			address := "none given"
			if p := t.AddressWithin(n.Network, n.Address); p.IsValid() {
				address = code(p.String())
			}
			rows = append(rows, row(code(vm.Name), code(n.Name), code(n.Network), address, code(n.MAC),
				vlan(t.Network(n.Network))))
		}
		rows = append(rows, tunnels(vm)...)
	}
	for _, g := range t.VRRP {
		rows = append(rows, row(codes(g.Routers), "VRRP "+fmt.Sprint(g.VRID), code(g.Network),
			code(t.AddressWithin(g.Network, g.Address).String()), "", vlan(t.Network(g.Network))))
	}
	return rows
}

func tunnels(vm *topology.VM) (rows []string) {
	if vm.Router == nil {
		return nil
	}
	for _, u := range vm.Router.Tunnels() {
		subnet := "told by the server"
		if u.Subnet.IsValid() {
			subnet = code(u.Subnet.String())
		}
		rows = append(rows, row(code(vm.Name), code(u.Name), "VPN", subnet, "", ""))
	}
	for _, p := range vm.Router.IPsec {
		for _, u := range p.Tunnels {
			rows = append(rows, row(code(vm.Name), code(p.Name), "IPsec to "+code(p.RemoteAddress.String()),
				code(u.Remote.String()), "", ""))
		}
	}
	return rows
}
