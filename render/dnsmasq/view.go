package dnsmasq

import (
	"fmt"
	"net/netip"
	"slices"

	"stackgen/render/internal/netmask"
	"stackgen/schema/topology"
)

// view is what the template shows: finished words.
type view struct {
	Router      string
	Interfaces  []string
	WithoutDHCP []string // the interfaces with DNS only
	Domain      string
	DNS         *dnsView // nil: there is none
	DHCP        []dhcpView
}

type dnsView struct {
	CacheSize int
	Servers   []netip.Addr
	Zone      string // that nobody else is asked about, or ""
	Records   []string
}

// dhcpView is a network. Router and NameServers begin with a comma; empty ones
// keep dnsmasq from naming itself.
type dhcpView struct {
	Tag                 string
	Ranges              []string
	Router, NameServers string
	Hosts               []string
}

func viewOf(t *topology.Topology, vm *topology.VM) view {
	v := view{Router: vm.Name, Domain: t.Domain}
	for i := range vm.Router.DHCPServers {
		d := &vm.Router.DHCPServers[i]
		v.Interfaces = append(v.Interfaces, vm.InterfaceOn(d.Name).Name)
		v.DHCP = append(v.DHCP, dhcpOf(t, vm, d))
	}
	if f := vm.Router.DNSForwarding; f != nil {
		for _, network := range f.Networks {
			if name := vm.InterfaceOn(network).Name; !slices.Contains(v.Interfaces, name) {
				v.WithoutDHCP = append(v.WithoutDHCP, name)
			}
		}
		v.Interfaces = append(v.Interfaces, v.WithoutDHCP...)
		v.DNS = dnsOf(t, vm, f)
	}
	slices.Sort(v.Interfaces)
	return v
}

// answersDNS reports whether a network is one whose machines may ask for names.
func answersDNS(vm *topology.VM, network string) bool {
	return slices.Contains(vm.Router.DNSForwarding.Networks, network)
}

func dnsOf(t *topology.Topology, vm *topology.VM, f *topology.DNSForwarding) *dnsView {
	v := &dnsView{CacheSize: f.CacheSize, Servers: vm.Router.Upstream()}
	if f.Authoritative {
		v.Zone = t.Domain
	}
	for _, r := range t.HostRecords(f) {
		names := r.Name
		if full := t.FQDN(r.Name); full != r.Name {
			names = full + "," + names
		}
		v.Records = append(v.Records, fmt.Sprintf("%s,%s", names, r.Address))
	}
	return v
}

// dhcpOf has a range in any case: dnsmasq knows by it that the network is served.
func dhcpOf(t *topology.Topology, vm *topology.VM, d *topology.DHCPServer) dhcpView {
	subnet := t.Network(d.Name).Subnet
	tail := fmt.Sprintf("%s,%d", netmask.Of(subnet), d.Lease.Seconds())
	v := dhcpView{Tag: d.Name}
	for _, r := range d.Ranges {
		v.Ranges = append(v.Ranges, fmt.Sprintf("%s,%s,%s", r.Start, r.Stop, tail))
	}
	if len(d.Ranges) == 0 {
		v.Ranges = []string{fmt.Sprintf("%s,static,%s", subnet.Addr(), tail)}
	}
	if a := t.DHCPRouter(d); a.IsValid() {
		v.Router = "," + a.String()
	}
	for _, a := range t.DHCPNameServers(vm, d) {
		if a.Is4() {
			v.NameServers += "," + a.String()
		}
	}
	for _, m := range t.Mappings(vm, d) {
		v.Hosts = append(v.Hosts, fmt.Sprintf("%s,%s,%s", m.MAC, m.Address, m.Label()))
	}
	return v
}
