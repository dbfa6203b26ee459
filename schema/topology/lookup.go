package topology

import (
	"cmp"
	"net/netip"
	"slices"
	"sort"
	"strings"
)

// find looks a name up in a list sorted by name. It looks at the elements where
// they are: copies of them, taken at each comparison, were most of what
// rendering a large topology allocated.
func find[T any](list []T, name string, nameOf func(*T) string) *T {
	i := sort.Search(len(list), func(i int) bool { return nameOf(&list[i]) >= name })
	if i == len(list) || nameOf(&list[i]) != name {
		return nil
	}
	return &list[i]
}

// Network is the network of that name, or nil.
func (t *Topology) Network(name string) *Network {
	return find(t.Networks, name, func(n *Network) string { return n.Name })
}

// Host is the host of that name, or nil.
func (t *Topology) Host(name string) *Host {
	return find(t.Hosts, name, func(h *Host) string { return h.Name })
}

// Made reports whether hosts come by the image by themselves.
func (i *Image) Made() bool { return i.Source != nil || i.Build != nil }

// ImagesOn are the images that a host needs for its VMs, in their order.
func (t *Topology) ImagesOn(host string) (list []*Image) {
	needed := map[string]bool{}
	for _, vm := range t.VMsOn(host) {
		for _, d := range vm.Disks {
			needed[d.Image] = true
		}
		if vm.Install != nil {
			needed[vm.Install.CDROM] = true
		}
	}
	for i := range t.Images {
		if needed[t.Images[i].Name] {
			list = append(list, &t.Images[i])
		}
	}
	return list
}

// Image is the image of that name, or nil.
func (t *Topology) Image(name string) *Image {
	return find(t.Images, name, func(i *Image) string { return i.Name })
}

// VM is the VM of that name, or nil.
func (t *Topology) VM(name string) *VM {
	return find(t.VMs, name, func(v *VM) string { return v.Name })
}

// Bridge is the bridge of that name, or nil.
func (h *Host) Bridge(name string) *Bridge {
	return find(h.Bridges, name, func(b *Bridge) string { return b.Name })
}

// Pool is the storage pool of that name, or nil.
func (h *Host) Pool(name string) *Pool {
	return find(h.Pools, name, func(p *Pool) string { return p.Name })
}

// Interface is the interface of that name, or nil.
func (v *VM) Interface(name string) *Interface {
	return find(v.Interfaces, name, func(i *Interface) string { return i.Name })
}

// Ruleset is the ruleset of that name, or nil.
func (f *Firewall) Ruleset(name string) *Ruleset {
	return find(f.Rulesets, name, func(r *Ruleset) string { return r.Name })
}

// Database is the database of that name, or nil.
func (m *MariaDB) Database(name string) *Database {
	return find(m.Databases, name, func(d *Database) string { return d.Name })
}

// Profile is the path of a VPN client's profile among all of a router: the
// client's name, below that of the tunnel where the router has several.
func (r *Router) Profile(v *OpenVPN, client string) string {
	if len(r.OpenVPN) > 1 {
		return v.Name + "/" + client + ".ovpn"
	}
	return client + ".ovpn"
}

// AddressWithin is an address with the prefix length of its network: what
// interfaces(5) and VyOS call an address. It is invalid when either is missing.
func (t *Topology) AddressWithin(network string, a netip.Addr) netip.Prefix {
	n := t.Network(network)
	if n == nil || !a.IsValid() {
		return netip.Prefix{}
	}
	return netip.PrefixFrom(a, n.Subnet.Bits())
}

// AddressOf is the address at which from reaches the VM named to: the one on a
// network that both are on, else the first that VM has. It is invalid when
// there is no such VM or it has no address. From may be nil.
func (t *Topology) AddressOf(from *VM, to string) netip.Addr {
	vm := t.VM(to)
	if vm == nil {
		return netip.Addr{}
	}
	var first netip.Addr
	for _, i := range vm.Interfaces {
		if !i.Address.IsValid() {
			continue
		}
		if from != nil && from.On(i.Network) {
			return i.Address
		}
		if !first.IsValid() {
			first = i.Address
		}
	}
	return first
}

// Resolve is the prefix that a target stands for, seen from a VM; a machine or
// a single address has full length. It is invalid for a target that names
// nothing, or nothing that exists.
func (t *Topology) Resolve(from *VM, g Target) netip.Prefix {
	switch {
	case g.VM != "":
		if a := t.AddressOf(from, g.VM); a.IsValid() {
			return netip.PrefixFrom(a, a.BitLen())
		}
		return netip.Prefix{}
	case g.Network != "":
		if n := t.Network(g.Network); n != nil {
			return n.Subnet
		}
		return netip.Prefix{}
	}
	return g.Address
}

// IsZero reports whether a target says nothing: any machine, any port.
func (g Target) IsZero() bool { return g.Anywhere() && len(g.Port) == 0 && g.PortGroup == "" }

// Anywhere reports whether a target names no addresses, which is to say all.
func (g Target) Anywhere() bool {
	return g.VM+g.Network+g.AddressGroup+g.NetworkGroup == "" && !g.Address.IsValid()
}

// On reports whether the VM has an interface on a network.
func (v *VM) On(network string) bool {
	return slices.ContainsFunc(v.Interfaces, func(i Interface) bool { return i.Network == network })
}

// Owns reports whether an address is one of the VM's own, be it in a tunnel.
func (v *VM) Owns(a netip.Addr) bool {
	if !a.IsValid() {
		return false
	}
	return slices.ContainsFunc(v.Interfaces, func(i Interface) bool { return i.Has(a) }) ||
		v.Router != nil && slices.ContainsFunc(v.Router.Tunnels(), func(t Tunnel) bool { return t.Own == a })
}

// DefaultRoute is the interface and gateway of a VM's default route: of its
// first interface whose network has a gateway that is not the VM itself. Both
// are zero when there is none.
func (t *Topology) DefaultRoute(v *VM) (iface string, gateway netip.Addr) {
	for _, i := range v.Interfaces {
		n := t.Network(i.Network)
		if n != nil && i.Address.IsValid() && n.Gateway.IsValid() && !v.Owns(n.Gateway) {
			return i.Name, n.Gateway
		}
	}
	return "", netip.Addr{}
}

// OnLinkGateway reports whether a network's gateway is on the link and in no subnet of it, as
// providers have it who give out single addresses, or as a link-local address (RFC 4291). A
// route to it needs the interface beside the address.
func (n *Network) OnLinkGateway() bool {
	g := n.Gateway
	if !g.IsValid() || g.Is4() != n.Subnet.Addr().Is4() || n.Subnet.Contains(g) {
		return false
	}
	return n.Subnet.IsSingleIP() || g.Is6() && g.IsLinkLocalUnicast()
}

// RouterOf is the VM that a network's gateway address belongs to, the first in the
// order of the VMs, or nil when the gateway is outside the topology. Of routers
// that share it, it is the one that is preferred.
func (t *Topology) RouterOf(n *Network) *VM { return t.index.gateways[n.Name] }

// InterfaceTo is the interface of a VM in whose subnet an address lies, or nil.
func (t *Topology) InterfaceTo(v *VM, a netip.Addr) *Interface {
	for i := range v.Interfaces {
		if n := t.Network(v.Interfaces[i].Network); n != nil && n.Subnet.Contains(a) {
			return &v.Interfaces[i]
		}
	}
	return nil
}

// Beside is the interface of a VM that has another address in the subnet of one,
// and that address: behind it machines are reached without a router that are not
// of its network. It is nil when there is none.
func (t *Topology) Beside(v *VM, a netip.Addr) (*Interface, netip.Addr) {
	for i := range v.Interfaces {
		for _, p := range v.Interfaces[i].Addresses {
			if t.Network(v.Interfaces[i].Network) != nil && p.Contains(a) {
				return &v.Interfaces[i], p.Addr()
			}
		}
	}
	return nil, netip.Addr{}
}

// VMsOn lists the VMs of a host.
func (t *Topology) VMsOn(host string) []*VM { return t.index.guests[host] }

// ManagementAddress is the address of a host: that of its first bridge that has
// one. It is invalid when no bridge has one.
func (h *Host) ManagementAddress() netip.Addr {
	for _, b := range h.Bridges {
		if b.Address.IsValid() {
			return b.Address
		}
	}
	return netip.Addr{}
}

// DiskPath is where a disk of a VM lies on its host. The first disk is named
// after the VM alone, so that adding another renames nothing. One whose VM has a new
// name lies where it lay.
func (t *Topology) DiskPath(v *VM, d *Disk) string {
	name := cmp.Or(v.RenamedFrom, v.Name)
	if d.Name != v.Disks[0].Name {
		name += "-" + cmp.Or(d.RenamedFrom, d.Name)
	}
	dir := "/var/lib/libvirt/images"
	if h := t.Host(v.Host); h != nil && h.Pool(d.Pool) != nil {
		dir = h.Pool(d.Pool).Path
	}
	return dir + "/" + name + ".qcow2"
}

// SeedPath is where the medium lies from which cloud-init tells a VM who it is:
// beside its first disk.
func (t *Topology) SeedPath(v *VM) string {
	return strings.TrimSuffix(t.DiskPath(v, &v.Disks[0]), ".qcow2") + "-seed.iso"
}

// FQDN is a machine's full name in the stack's domain.
func (t *Topology) FQDN(machine string) string {
	if t.Domain == "" {
		return machine
	}
	return machine + "." + t.Domain
}
