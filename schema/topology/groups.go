package topology

import (
	"net/netip"
	"slices"
)

// Groups are names for lists of addresses, networks, ports and interfaces.
type Groups struct {
	Address   []AddressGroup   `json:"address,omitempty"`
	Network   []NetworkGroup   `json:"network,omitempty"`
	Port      []PortGroup      `json:"port,omitempty"`
	Interface []InterfaceGroup `json:"interface,omitempty"`
}

// AddressGroup is a list of machines.
type AddressGroup struct {
	Name        string         `json:"name"`
	Description string         `json:"description,omitempty"`
	Addresses   []GroupAddress `json:"addresses"`
}

// GroupAddress is a VM, or a range of addresses.
type GroupAddress struct {
	VM    string    `json:"vm,omitempty"`
	Range AddrRange `json:"range,omitzero"`
}

// NetworkGroup is a list of networks.
type NetworkGroup struct {
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Networks    []Target `json:"networks"`
}

// PortGroup is a list of ports.
type PortGroup struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Ports       Ports  `json:"ports"`
}

// InterfaceGroup is a list of interfaces of the router.
type InterfaceGroup struct {
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Interfaces  []string `json:"interfaces"`
}

// Addresses is the address group of that name, or nil.
func (g *Groups) Addresses(name string) *AddressGroup {
	return find(g.Address, name, func(g *AddressGroup) string { return g.Name })
}

// Networks is the network group of that name, or nil.
func (g *Groups) Networks(name string) *NetworkGroup {
	return find(g.Network, name, func(g *NetworkGroup) string { return g.Name })
}

// Ports is the port group of that name, or nil.
func (g *Groups) Ports(name string) *PortGroup {
	return find(g.Port, name, func(g *PortGroup) string { return g.Name })
}

// Interfaces is the interface group of that name, or nil.
func (g *Groups) Interfaces(name string) *InterfaceGroup {
	return find(g.Interface, name, func(g *InterfaceGroup) string { return g.Name })
}

// PortsOf are the ports that a target of a router's rule stands for, those of
// its group included; none is any port.
func (r *Router) PortsOf(g Target) Ports {
	if group := r.Firewall.Groups.Ports(g.PortGroup); group != nil {
		return group.Ports
	}
	return g.Port
}

// Ranges are the addresses that a target of a router's rule names, without
// regard to Not. None is all, or nothing that exists.
func (t *Topology) Ranges(vm *VM, g Target) []AddrRange {
	groups := &vm.Router.Firewall.Groups
	if a := groups.Addresses(g.AddressGroup); a != nil {
		return t.AddressesIn(vm, a)
	}
	if n := groups.Networks(g.NetworkGroup); n != nil {
		return prefixRanges(t.NetworksIn(vm, n)...)
	}
	return prefixRanges(t.Resolve(vm, g))
}

// AddressesIn are the addresses of a group, seen from a VM, in order.
func (t *Topology) AddressesIn(vm *VM, g *AddressGroup) (list []AddrRange) {
	for _, m := range g.Addresses {
		if a := t.AddressOf(vm, m.VM); m.VM != "" && a.IsValid() {
			list = append(list, AddrRange{a, a})
		} else if m.VM == "" {
			list = append(list, m.Range)
		}
	}
	slices.SortFunc(list, func(a, b AddrRange) int { return a.First.Compare(b.First) })
	return slices.Compact(list)
}

// NetworksIn are the prefixes of a group, in order.
func (t *Topology) NetworksIn(vm *VM, g *NetworkGroup) (list []netip.Prefix) {
	for _, n := range g.Networks {
		if p := t.Resolve(vm, n); p.IsValid() {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b netip.Prefix) int { return a.Addr().Compare(b.Addr()) })
	return slices.Compact(list)
}

func prefixRanges(prefixes ...netip.Prefix) (list []AddrRange) {
	for _, p := range prefixes {
		if p.IsValid() {
			list = append(list, AddrRange{p.Masked().Addr(), LastAddress(p)})
		}
	}
	return list
}
