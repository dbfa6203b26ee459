package vyos

import (
	"net/netip"
	"strconv"

	"stackgen/schema/topology"
)

func (b builder) dns() {
	f := b.vm.Router.DNSForwarding
	if f == nil {
		return
	}
	n := b.root.at("service dns forwarding")
	n.leaf("cache-size", strconv.Itoa(f.CacheSize))
	for _, name := range f.Networks {
		if b.d.has(dnsAddresses) {
			n.leaf("listen-address", b.vm.AddressOn(name).String())
			n.leaf("allow-from", b.t.Network(name).Subnet.String())
		} else {
			n.leaf("listen-on", b.vm.InterfaceOn(name).Name)
		}
	}
	for _, a := range b.vm.Router.Upstream() {
		b.upstream(n, a)
	}
	for _, r := range b.t.HostRecords(f) {
		if f.Authoritative {
			b.record(n, r)
		} else {
			b.hostMapping(r)
		}
	}
}

// upstream is a resolver to ask: a tag where it can have a port.
func (b builder) upstream(n node, a netip.Addr) {
	if b.d.has(dnsPorts) {
		n.at("name-server", a.String()).here()
	} else {
		n.leaf("name-server", a.String())
	}
}

// record is a name in the zone that the forwarder answers for alone.
func (b builder) record(n node, r topology.HostRecord) {
	kind := "a"
	if r.Address.Is6() {
		kind = "aaaa"
	}
	n.at("authoritative-domain", b.t.Domain).at("records "+kind, r.Name).leaf("address", r.Address.String())
}

// hostMapping is a line of the router's own table of hosts, which the forwarder
// reads in every release.
func (b builder) hostMapping(r topology.HostRecord) {
	full := b.t.FQDN(r.Name)
	n := b.root.at("system static-host-mapping host-name", full)
	n.leaf("inet", r.Address.String())
	if full != r.Name {
		n.leaf("alias", r.Name)
	}
}
