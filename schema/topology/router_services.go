package topology

import (
	"net/netip"
	"slices"
	"strings"
)

// DHCPServer hands out addresses on a network.
type DHCPServer struct {
	Name           string          `json:"name"` // of the network
	Ranges         []DHCPRange     `json:"ranges,omitempty"`
	Lease          Duration        `json:"lease"`
	DefaultRouter  netip.Addr      `json:"defaultRouter,omitzero"` // zero: the gateway of the network
	NameServers    []netip.Addr    `json:"nameServers,omitempty"`  // none: see [Topology.DHCPNameServers]
	StaticMappings []StaticMapping `json:"staticMappings,omitempty"`
	MapVMs         bool            `json:"mapVMs"` // those of the network as well; see [Topology.Mappings]
}

// DHCPRange is the addresses from one to another, both included.
type DHCPRange struct {
	Name  string     `json:"name"`
	Start netip.Addr `json:"start"`
	Stop  netip.Addr `json:"stop"`
}

// Contains reports whether an address is in a range.
func (r DHCPRange) Contains(a netip.Addr) bool {
	return a.IsValid() && r.Start.Compare(a) <= 0 && a.Compare(r.Stop) <= 0
}

// StaticMapping is a machine that always gets the same address.
type StaticMapping struct {
	Name    string     `json:"name"`
	MAC     string     `json:"mac"`
	Address netip.Addr `json:"address"`
}

// Label is the DNS label by which a server knows the machine.
func (m StaticMapping) Label() string {
	return label(strings.ToLower(m.Name))
}

// label has a hyphen for what a DNS label cannot have (RFC 1123).
func label(name string) string {
	return strings.Trim(strings.NewReplacer(".", "-", "_", "-").Replace(name), "-")
}

// DNSForwarding answers the DNS queries of some networks.
type DNSForwarding struct {
	Networks      []string     `json:"networks"`
	NameServers   []netip.Addr `json:"nameServers,omitempty"` // none: those that the router asks
	CacheSize     int          `json:"cacheSize"`
	Hosts         bool         `json:"hosts"`         // knows the machines of the topology
	Authoritative bool         `json:"authoritative"` // alone, for the domain of the topology
}

// HostRecord is a machine and the address that its name stands for.
type HostRecord struct {
	Name    string
	Address netip.Addr
}

// AddressOn is the address of a VM on a network; zero if it has none.
func (v *VM) AddressOn(network string) netip.Addr {
	if i := v.InterfaceOn(network); i != nil {
		return i.Address
	}
	return netip.Addr{}
}

// InterfaceOn is the first interface of a VM that has an address on a network,
// or nil.
func (v *VM) InterfaceOn(network string) *Interface {
	for i := range v.Interfaces {
		if v.Interfaces[i].Network == network && v.Interfaces[i].Address.IsValid() {
			return &v.Interfaces[i]
		}
	}
	return nil
}

// addressOn is the address of a host on a network; zero if it has none.
func (h *Host) addressOn(network string) netip.Addr {
	for _, b := range h.Bridges {
		if b.Network == network {
			return b.Address
		}
	}
	return netip.Addr{}
}

// Upstream are the resolvers that a router's DNS forwarder asks.
func (r *Router) Upstream() []netip.Addr {
	if len(r.DNSForwarding.NameServers) > 0 {
		return r.DNSForwarding.NameServers
	}
	return r.NameServers
}

// DHCPRouter is the default gateway that a DHCP server tells clients; zero if
// there is none.
func (t *Topology) DHCPRouter(d *DHCPServer) netip.Addr {
	if n := t.Network(d.Name); n != nil && !d.DefaultRouter.IsValid() {
		return n.Gateway
	}
	return d.DefaultRouter
}

// DHCPNameServers are the resolvers that the DHCP server of a router tells
// clients, the first of these that there are: its own, those of the network, the
// router itself, those that the router asks.
func (t *Topology) DHCPNameServers(router *VM, d *DHCPServer) []netip.Addr {
	n, dns := t.Network(d.Name), router.Router.DNSForwarding
	switch {
	case len(d.NameServers) > 0:
		return d.NameServers
	case n != nil && len(n.NameServers) > 0:
		return n.NameServers
	case dns != nil && slices.Contains(dns.Networks, d.Name):
		return []netip.Addr{router.AddressOn(d.Name)}
	}
	return router.Router.NameServers
}

// Mappings are all static mappings of a router's DHCP server: those of the user,
// and those of the VMs that have an address on the network, by their names. The
// router itself asks nobody, and VLANs and bonds have no card of their own.
func (t *Topology) Mappings(router *VM, d *DHCPServer) []StaticMapping {
	all := slices.Clone(d.StaticMappings)
	if !d.MapVMs {
		return all
	}
	for _, vm := range t.index.members[d.Name] {
		first := true
		for _, iface := range vm.Cards() {
			if iface.Network != d.Name || !iface.Address.IsValid() || iface.MAC == "" || vm.Name == router.Name {
				continue
			}
			name := vm.Name
			if !first {
				name = labelOf(vm.Name, iface.Name)
			}
			first = false
			all = append(all, StaticMapping{Name: name, MAC: iface.MAC, Address: iface.Address})
		}
	}
	return all
}

// labelOf is a DNS label for another interface of a VM: servers take no other
// name.
func labelOf(vm, iface string) string {
	iface = label(iface)
	return vm[:min(len(vm), 62-len(iface))] + "-" + iface
}

// HostRecords are the machines that a DNS forwarder knows, by name: hypervisors
// and VMs, each with its address on one of the networks that may ask, if it has
// one there.
func (t *Topology) HostRecords(f *DNSForwarding) (records []HostRecord) {
	if !f.Hosts {
		return nil
	}
	add := func(name string, on func(network string) netip.Addr, other netip.Addr) {
		a := other
		for _, network := range slices.Backward(f.Networks) {
			if here := on(network); here.IsValid() {
				a = here
			}
		}
		if a.IsValid() {
			records = append(records, HostRecord{name, a})
		}
	}
	for i := range t.Hosts {
		h := &t.Hosts[i]
		add(h.Name, h.addressOn, h.ManagementAddress())
	}
	for i := range t.VMs {
		v := &t.VMs[i]
		add(v.Name, v.AddressOn, t.AddressOf(nil, v.Name))
	}
	slices.SortFunc(records, func(a, b HostRecord) int { return strings.Compare(a.Name, b.Name) })
	return records
}
