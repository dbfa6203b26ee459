package check

import (
	"net/netip"
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// checkSubnets finds subnets that get into each other's way, and gateways that
// are not in theirs.
func checkSubnets(t *topology.Topology) (diags diag.List) {
	for i := range t.Networks {
		checkGateway(&t.Networks[i], &diags)
		specialSubnet(&t.Networks[i], &diags)
	}
	overlaps(subnetsOf(t), &diags)
	return diags
}

func checkGateway(n *topology.Network, diags *diag.List) {
	if n.Gateway.IsValid() && !n.OnLinkGateway() {
		path := networkPath(n, "gateway")
		if d := inSubnet(diags, path, "gateway "+n.Gateway.String(), n.Gateway, n.Subnet); d != nil {
			d.Also(networkPath(n, "subnet"), "the subnet")
			if d.Rule == "addresses/outside-subnet" {
				d.Hintf("write an address from %s to %s; a gateway on the link outside of the subnet goes with a subnet of a single address, as '192.0.2.10/32'",
					topology.FirstHost(n.Subnet), topology.LastHost(n.Subnet))
			}
		}
	}
}

// specialSubnets are not for networks of machines (RFC 6890).
var specialSubnets = []struct {
	prefix netip.Prefix
	what   string
}{
	{netip.MustParsePrefix("0.0.0.0/8"), "this network"},
	{netip.MustParsePrefix("127.0.0.0/8"), "loopback"},
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local addresses"},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast"},
	{netip.MustParsePrefix("240.0.0.0/4"), "the future"},
	{netip.MustParsePrefix("::1/128"), "loopback"},
	{netip.MustParsePrefix("fe80::/10"), "link-local addresses"},
	{netip.MustParsePrefix("ff00::/8"), "multicast"},
}

func specialSubnet(n *topology.Network, diags *diag.List) {
	for _, s := range specialSubnets {
		if s.prefix.Overlaps(n.Subnet) {
			diags.Errorf("addresses/special", networkPath(n, "subnet"), "the subnet %s is in %s, which is for %s", n.Subnet,
				s.prefix, s.what).
				Hintf("write a private subnet such as 10.0.1.0/24, or one that you were given")
			return
		}
	}
}

// subnetInUse is an address range in use, and where it is written.
type subnetInUse struct {
	path   string
	prefix netip.Prefix
}

// subnetsOf lists the subnets of networks and of tunnels. Two routers that are
// WireGuard peers of each other write one subnet both.
func subnetsOf(t *topology.Topology) (subnets []subnetInUse) {
	for i := range t.Networks {
		subnets = append(subnets, subnetInUse{networkPath(&t.Networks[i], "subnet"), t.Networks[i].Subnet})
	}
	shared := map[netip.Prefix]string{} // to the router that has it
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		for _, u := range vm.Router.Tunnels() {
			if !u.Subnet.IsValid() {
				continue
			}
			if other := shared[u.Subnet]; u.Kind == "wireguard" && other != "" && other != vm.Name {
				continue
			}
			if u.Kind == "wireguard" {
				shared[u.Subnet] = vm.Name
			}
			subnets = append(subnets, subnetInUse{routerPath(vm, u.Kind, u.Name, "subnet"), u.Subnet})
		}
	}
	return subnets
}

// overlaps reports each subnet that lies in another. Two subnets are disjoint
// or one holds the other, so in order of their addresses, wide before narrow,
// whatever holds a subnet was before it and still open.
func overlaps(subnets []subnetInUse, diags *diag.List) {
	slices.SortStableFunc(subnets, func(a, b subnetInUse) int {
		if c := a.prefix.Addr().Compare(b.prefix.Addr()); c != 0 {
			return c
		}
		return a.prefix.Bits() - b.prefix.Bits()
	})
	var open []subnetInUse
	for _, s := range subnets {
		for len(open) > 0 && !open[len(open)-1].prefix.Overlaps(s.prefix) {
			open = open[:len(open)-1]
		}
		if len(open) > 0 {
			holder := open[len(open)-1]
			diags.Errorf("addresses/overlap", s.path, "the subnet %s overlaps %s of %s", s.prefix, holder.prefix, holder.path).
				Also(holder.path, "the other subnet").
				Hintf("give each network a range of its own")
		}
		open = append(open, s)
	}
}

// firstHost and lastHost are the ends of what machines of a subnet can have.

func family(a netip.Addr) string {
	if a.Is4() {
		return "IPv4"
	}
	return "IPv6"
}
