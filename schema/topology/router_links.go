package topology

import "net/netip"

// RouterAdvert tells the machines behind an interface, which is its name, of
// IPv6 (RFC 4861): that they may make addresses of its prefixes, and that this
// is their router.
type RouterAdvert struct {
	Name            string       `json:"name"`
	ManagedFlag     bool         `json:"managedFlag,omitempty"`     // addresses are had from DHCPv6
	OtherConfigFlag bool         `json:"otherConfigFlag,omitempty"` // other things are
	NameServers     []netip.Addr `json:"nameServers,omitempty"`
}

// Shaper limits what leaves by an interface, which is its name.
type Shaper struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Bandwidth   string `json:"bandwidth"` // a rate as tc(8) writes it: 100mbit
}

// Prefixes are the IPv6 subnets of an interface that machines can make
// addresses of: those with 64 bits (RFC 4862, section 5.5.3; RFC 4291, section
// 2.5.1).
func (t *Topology) Prefixes(i Interface) (all []netip.Prefix) {
	for _, p := range t.AddressesOf(i) {
		if p.Addr().Is6() && p.Bits() == 64 {
			all = append(all, p.Masked())
		}
	}
	return all
}
