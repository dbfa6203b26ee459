package vyos

import (
	"hash/fnv"
	"strconv"

	"stackgen/schema/topology"
)

func (b builder) dhcp() {
	for i := range b.vm.Router.DHCPServers {
		d := &b.vm.Router.DHCPServers[i]
		network := b.t.Network(d.Name)
		n := b.root.at("service dhcp-server shared-network-name", d.Name).at("subnet", network.Subnet.String())
		if b.d.has(kea) {
			n.leaf("subnet-id", subnetID(d.Name))
		}
		for _, r := range d.Ranges {
			b.dhcpRange(n, r)
		}
		n.number("lease", d.Lease.Seconds())
		b.dhcpOptions(n.at(b.d.word(dhcpOption)), d)
		for _, m := range b.t.Mappings(b.vm, d) {
			mapping := n.at("static-mapping", m.Name)
			mapping.leaf("ip-address", m.Address.String())
			mapping.leaf(b.d.word(mappingMAC), m.MAC)
		}
	}
}

// dhcpRange names a range, or makes it of its start, which is a tag, and its
// end.
func (b builder) dhcpRange(n node, r topology.DHCPRange) {
	if !b.d.has(namedRanges) {
		n.at("start", r.Start.String()).leaf("stop", r.Stop.String())
		return
	}
	n = n.at("range", r.Name)
	n.leaf("start", r.Start.String())
	n.leaf("stop", r.Stop.String())
}

// dhcpOptions are what clients are told beside their address.
func (b builder) dhcpOptions(n node, d *topology.DHCPServer) {
	if a := b.t.DHCPRouter(d); a.IsValid() {
		n.leaf("default-router", a.String())
	}
	for _, a := range b.t.DHCPNameServers(b.vm, d) {
		if a.Is4() {
			n.leaf(b.d.word(dhcpNameServer), a.String())
		}
	}
	n.leaf("domain-name", b.t.Domain)
}

// subnetID is the number by which Kea knows the leases of a network. It follows
// from the name: another network must not change it.
func subnetID(network string) string {
	h := fnv.New32a()
	h.Write([]byte(network))
	return strconv.FormatUint(uint64(max(h.Sum32(), 1)), 10)
}
