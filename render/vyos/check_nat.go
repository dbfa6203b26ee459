package vyos

import (
	"net/netip"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

func (c checker) nat() {
	for _, r := range c.t.SourceRules(c.vm) {
		path := c.path("nat", r.Written.List, r.Written.Number)
		c.text(path, r.Description)
		c.ipv4(path, "source", r.Source)
		c.ipv4(path, "destination", r.Destination)
		c.addressRange(diag.Join(path, "translation"), r.Translation)
	}
	for _, r := range c.vm.DestinationRules() {
		path := c.path("nat", r.Written.List, r.Written.Number)
		c.text(path, r.Description)
		c.ipv4(path, "source", r.Source)
		c.ipv4(path, "translation", r.Translation)
		if r.Translation.IsZero() && !r.Exclude {
			c.diags.Errorf("vyos/nat-translation", diag.Join(path, "translation"), "the rule translates to nothing").
				Hintf("name a VM, an address or a port")
		}
		c.publicAddress(path, r)
	}
}

// publicAddress reports a rule for packets to an IPv6 address, which is written
// in the rule or that of the interface.
func (c checker) publicAddress(path string, r topology.DestinationNAT) {
	key := "inboundInterface"
	if r.Address.IsValid() {
		key = "address"
	}
	if a := c.vm.PublicAddress(r); a.IsValid() && !a.Is4() {
		c.diags.Errorf("vyos/ipv4-only", diag.Join(path, key), "%s is IPv6, which NAT rules do not translate", a).
			Hintf("give the machine a public IPv6 address and a firewall rule")
	}
}

// addressRange reports a range that VyOS takes for one that runs backwards: it
// compares both ends as words of the other byte order (ipaddrcheck,
// --is-ipv4-range). Within one /24 the order is the same.
func (c checker) addressRange(path string, r topology.AddrRange) {
	if r.First.Is4() && !netip.PrefixFrom(r.First, 24).Contains(r.Last) {
		c.diags.Errorf("vyos/address-range", path,
			"the range %s is wider than a /24, which VyOS may take for one that runs backwards", r).
			Hintf("write a range for each /24")
	}
}
