package check

import (
	"net/netip"
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// Leases that a server takes: dnsmasq(8) lends nothing for less than two
// minutes, and ten years are in no unit of any of them too many.
const (
	minLease = 2 * 60
	maxLease = 10 * 365 * 24 * 60 * 60
)

// checkDHCP finds DHCP servers that would not start, or would give an address
// to two machines.
func checkDHCP(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		for j := range vm.Router.DHCPServers {
			d := dhcp{t: t, vm: vm, server: &vm.Router.DHCPServers[j], diags: &diags}
			d.path = routerPath(vm, "dhcpServer", d.server.Name)
			if d.network = t.Network(d.server.Name); d.network != nil {
				d.check()
			}
		}
	}
	return diags
}

// dhcp is a DHCP server while it is checked.
type dhcp struct {
	t       *topology.Topology
	vm      *topology.VM
	server  *topology.DHCPServer
	network *topology.Network
	path    string
	diags   *diag.List
}

func (d dhcp) check() {
	if !d.network.Subnet.Addr().Is4() {
		d.diags.Errorf("dhcp/ipv4-only", d.path, "network %q is %s, which this server does not speak", d.network.Name,
			d.network.Subnet).
			AtKey().Also(networkPath(d.network, "subnet"), "the subnet").Hintf("serve an IPv4 network")
		return
	}
	onNetworkAt(d.vm, d.path, d.network.Name, d.diags)
	if s := d.server.Lease.Seconds(); s < minLease || s > maxLease {
		d.diags.Errorf("dhcp/lease", diag.Join(d.path, "lease"), "a lease of %s is not from two minutes to ten years",
			d.server.Lease).
			Hintf("write '24h', or '10m' where guests come and go")
	}
	if a := d.server.DefaultRouter; a.IsValid() {
		d.inSubnet(a, "defaultRouter")
	}
	for i := range d.server.Ranges {
		d.addressRange(i)
	}
	d.mappings()
	if len(d.server.Ranges) == 0 && len(d.t.Mappings(d.vm, d.server)) == 0 {
		d.diags.Errorf("dhcp/nothing", d.path, "the server has no address to give: no range, and no machine with an address").
			AtKey().Hintf("add ranges: { pool: { start: …, stop: … } }")
	}
}

// onNetworkAt reports a service for a network on which the router has no address
// to serve it from.
func onNetworkAt(vm *topology.VM, path, network string, diags *diag.List) {
	if vm.AddressOn(network).IsValid() {
		return
	}
	d := diags.Errorf("router/not-on-network", path, "%q has no address on network %q to serve it from", vm.Name, network)
	var names []string
	for _, i := range vm.Interfaces {
		if i.Address.IsValid() {
			names = append(names, i.Network)
		}
	}
	suggest(d, network, names)
}

// inSubnet reports an address that nobody on the network can have.
func (d dhcp) inSubnet(a netip.Addr, key ...any) bool {
	found := inSubnet(d.diags, diag.Join(d.path, key...), a.String(), a, d.network.Subnet)
	if found != nil {
		found.Also(networkPath(d.network, "subnet"), "the subnet of network "+d.network.Name)
	}
	return found == nil
}

func (d dhcp) addressRange(i int) {
	r := d.server.Ranges[i]
	path := diag.Join(d.path, "ranges", r.Name)
	start, stop := d.inSubnet(r.Start, "ranges", r.Name, "start"), d.inSubnet(r.Stop, "ranges", r.Name, "stop")
	if !start || !stop {
		return
	}
	if r.Stop.Less(r.Start) {
		d.diags.Errorf("dhcp/range-order", diag.Join(path, "stop"), "the range ends at %s, before its start %s", r.Stop,
			r.Start).
			Also(diag.Join(path, "start"), "the start").Hintf("swap them")
		return
	}
	for _, o := range d.server.Ranges[:i] {
		if o.Contains(r.Start) || r.Contains(o.Start) {
			d.diags.Errorf("dhcp/range-overlap", path, "the range %s to %s has addresses of the range %q", r.Start, r.Stop,
				o.Name).
				AtKey().Also(diag.Join(d.path, "ranges", o.Name), "the other range").Hintf("make one range of the two")
		}
	}
}

// mappings finds an address, a MAC address or a name that is mapped twice. The
// addresses of VMs are checked where they are written.
func (d dhcp) mappings() {
	all := d.t.Mappings(d.vm, d.server)
	for i, m := range d.server.StaticMappings {
		path := diag.Join(d.path, "staticMappings", m.Name)
		if !d.inSubnet(m.Address, "staticMappings", m.Name, "address") {
			continue
		}
		j := slices.IndexFunc(all[i+1:], func(o topology.StaticMapping) bool {
			return o.Label() == m.Label() || o.MAC == m.MAC || o.Address == m.Address
		})
		if j >= 0 {
			o := all[i+1+j]
			d.diags.Errorf("dhcp/mapping-twice", path, "%q, %s for %s, is also mapped as %q, %s for %s", m.Name, m.Address,
				m.MAC, o.Name, o.Address, o.MAC).
				AtKey().Hintf("keep one of them; VMs of the network are mapped by themselves")
		}
	}
}

// checkLeases finds addresses that two machines would have, or nobody: it looks
// at a DHCP server together with the machines of its network.
func checkLeases(t *topology.Topology) (diags diag.List) {
	places := addressUses(t)
	first := map[string]string{} // network to the server that was there first
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		for _, d := range vm.Router.DHCPServers {
			path := routerPath(vm, "dhcpServer", d.Name)
			for _, r := range d.Ranges {
				rangeTaken(t, vm, places, d, r, path, &diags)
			}
			if other := first[d.Name]; other != "" {
				diags.Warningf("dhcp/two-servers", path, "network %q has another DHCP server, and clients get an address from whichever answers first", d.Name).
					AtKey().Also(other, "the other server").Hintf("keep one of them")
			} else {
				first[d.Name] = path
			}
			withoutLease(t, d, path, &diags)
		}
	}
	return diags
}

// rangeTaken finds a range with the address of a machine in it that the server does not
// know about: it may lend it to another. What it maps it keeps for its owner; a
// server that does not is the renderer's to complain about.
func rangeTaken(t *topology.Topology, vm *topology.VM, places []addressUse, d topology.DHCPServer, r topology.DHCPRange,
	server string, diags *diag.List) {
	n := t.Network(d.Name)
	mapped := t.Mappings(vm, &d)
	for _, p := range append([]addressUse{{networkPath(n, "gateway"), n.Gateway, n}}, places...) {
		known := slices.ContainsFunc(mapped, func(m topology.StaticMapping) bool { return m.Address == p.address })
		if p.network == n && r.Contains(p.address) && !known {
			diags.Errorf("dhcp/range-taken", diag.Join(server, "ranges", r.Name),
				"the range %s to %s has %s in it, which a machine has already", r.Start, r.Stop, p.address).
				AtKey().Also(p.path, "the address").Hintf("leave the address out of the range")
			return
		}
	}
}

// withoutLease warns about a VM that would ask in vain.
func withoutLease(t *topology.Topology, d topology.DHCPServer, path string, diags *diag.List) {
	if len(d.Ranges) > 0 {
		return
	}
	for i := range t.VMs {
		for _, iface := range t.VMs[i].Interfaces {
			if iface.Network == d.Name && !iface.Address.IsValid() {
				diags.Warningf("dhcp/no-lease", vmPath(&t.VMs[i], "interfaces", iface.Name), "the interface has no address, and the DHCP server of network %q has no range to lend one from", d.Name).
					Also(path, "the server").Hintf("give it an address, or the server a range")
			}
		}
	}
}
