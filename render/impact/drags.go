package impact

import (
	"fmt"
	"maps"
	"slices"

	"stackgen/schema/topology"
)

// What a change drags along, seen from the model before the change: that is
// what people use now.

// nicsOnBridge lists each interface that has a port on the bridge.
func nicsOnBridge(m models) (list []string) {
	host, bridge := m.key(1), m.key(3)
	for _, vm := range m.old.VMsOn(host) {
		for _, i := range vm.Interfaces {
			if n := m.old.Network(i.Network); n != nil && n.Bridge == bridge {
				list = append(list, vm.Name+" "+i.Name)
			}
		}
	}
	if h := m.old.Host(host); h != nil {
		if b := h.Bridge(bridge); b != nil && b.Address.IsValid() {
			list = append(list, host+" itself, "+b.Address.String())
		}
	}
	return list
}

// onNetwork lists each interface in the network.
func onNetwork(m models) (list []string) {
	for _, vm := range m.old.VMs {
		for _, i := range vm.Interfaces {
			if i.Network == m.key(1) {
				list = append(list, vm.Name+" "+i.Name)
			}
		}
	}
	for _, h := range m.old.Hosts {
		for _, b := range h.Bridges {
			if b.Network == m.key(1) {
				list = append(list, h.Name+" "+b.Name)
			}
		}
	}
	return list
}

// onHost lists the VMs of the host.
func onHost(m models) (list []string) {
	for _, vm := range m.old.VMsOn(m.key(1)) {
		list = append(list, vm.Name)
	}
	return list
}

// stackMachines lists all machines.
func stackMachines(m models) (list []string) {
	for _, h := range m.old.Hosts {
		list = append(list, h.Name)
	}
	for _, vm := range m.old.VMs {
		list = append(list, vm.Name)
	}
	return list
}

// flows lists what goes through the router: what it publishes, whom it takes
// to other networks, who comes in by VPN.
func flows(m models) (list []string) {
	vm := m.old.VM(m.key(1))
	if vm == nil || vm.Router == nil {
		return nil
	}
	for _, d := range vm.DestinationRules() {
		list = append(list, fmt.Sprintf("%s port %s to %s", d.Protocol, d.Port, targetName(d.Translation)))
	}
	for _, n := range m.old.Networks {
		if vm.Owns(n.Gateway) {
			list = append(list, "all that leaves "+n.Name)
		}
	}
	for _, u := range vm.Router.Tunnels() {
		list = append(list, vpnClients(u)...)
	}
	return list
}

func targetName(t topology.Target) string {
	switch {
	case t.VM != "":
		return t.VM
	case t.Network != "":
		return t.Network
	}
	return t.Address.String()
}

func vpnClients(u topology.Tunnel) (list []string) {
	for _, name := range slices.Sorted(maps.Keys(u.Ends)) {
		list = append(list, "VPN client "+name)
	}
	return list
}

// tunnelClients lists the other ends of the tunnel that changes.
func tunnelClients(m models) (list []string) {
	if vm := m.old.VM(m.key(1)); vm != nil && vm.Router != nil {
		for _, u := range vm.Router.Tunnels() {
			if u.Name == m.key(4) {
				list = append(list, vpnClients(u)...)
			}
		}
	}
	return list
}

// users lists who uses a VM: caches that fetch from it, routers that publish it
// or leave through it, applications whose database it is.
func users(m models) (list []string) {
	name := m.key(1)
	list = append(list, flows(m)...)
	for _, vm := range m.old.VMs {
		for _, u := range vm.Upstreams() {
			if u.Target.VM == name && u.Kind != "variable" {
				list = append(list, vm.Name+": "+u.Kind+" "+u.Name)
			}
		}
		if vm.Router != nil {
			list = append(list, published(vm, name)...)
		}
	}
	return append(list, applications(m)...)
}

func published(router topology.VM, name string) (list []string) {
	for _, d := range router.DestinationRules() {
		if d.Translation.VM == name {
			list = append(list, fmt.Sprintf("%s: %s port %s from outside", router.Name, d.Protocol, d.Port))
		}
	}
	return list
}

// applications lists the VMs that use the database of a VM: those that are
// told its address, and those that its accounts let in.
func applications(m models) (list []string) {
	name := m.key(1)
	all := m.old.Relations()
	add := func(line string) {
		if !slices.Contains(list, line) {
			list = append(list, line)
		}
	}
	for _, r := range all {
		if r.To == name && r.Kind == "variable" {
			add(r.From + ": application")
		}
	}
	for _, r := range all {
		if r.To == name && r.Kind == "account" && !slices.Contains(list, r.From+": application") {
			add(r.From + ": account " + r.Name)
		}
	}
	return list
}

// sites lists the sites of a web server.
func sites(m models) (list []string) {
	if vm := m.old.VM(m.key(1)); vm != nil && vm.Nginx != nil {
		for _, s := range vm.Nginx.Sites {
			list = append(list, "site "+s.ServerName)
		}
	}
	return list
}

func unique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
