package topology

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
)

// Interface is a network interface of a VM; its name is the one in the guest,
// and says what it is.
type Interface struct {
	Name        string         `json:"name"`
	Description string         `json:"description,omitempty"`
	Network     string         `json:"network,omitempty"`
	Address     netip.Addr     `json:"address,omitzero"`    // in its network; zero: none configured by us
	Addresses   []netip.Prefix `json:"addresses,omitempty"` // more of them, with the bits of the host
	Shared      []netip.Addr   `json:"shared,omitempty"`    // with other routers, by VRRP
	DHCP        bool           `json:"dhcp,omitempty"`
	DHCPv6      bool           `json:"dhcpv6,omitempty"`
	MTU         int            `json:"mtu,omitempty"` // bytes; 0: the network's
	Bond        *BondSettings  `json:"bond,omitempty"`
	MAC         string         `json:"mac,omitempty"`  // of a card
	Offloads    bool           `json:"offloads"`       // checksum and segmentation offload of the virtio device
	UUID        string         `json:"uuid,omitempty"` // of a card: its identity as a port of the bridge
}

// BondSettings is how a bond of a router uses its cards.
type BondSettings struct {
	Interfaces []string `json:"interfaces"`
	Mode       string   `json:"mode"` // as VyOS and the kernel call it: 802.3ad
	HashPolicy string   `json:"hashPolicy"`
}

// Kind is what an interface is.
type Kind string

// The kinds of interface. Only routers have others than cards.
const (
	Card     Kind = "card"     // a virtio device on the bridge of its network
	VLAN     Kind = "VLAN"     // the tagged frames of a card or a bond: eth1.20
	Bonding  Kind = "bond"     // several cards as one: bond0
	Dummy    Kind = "dummy"    // a place for addresses: dum0
	Loopback Kind = "loopback" // lo
)

var (
	vlanName  = regexp.MustCompile(`^(.+)\.([0-9]+)$`)
	bondName  = regexp.MustCompile(`^bond[0-9]+$`)
	dummyName = regexp.MustCompile(`^dum[0-9]+$`)
)

// Kind is what the interface is.
func (i Interface) Kind() Kind {
	switch {
	case i.Name == "lo":
		return Loopback
	case vlanName.MatchString(i.Name):
		return VLAN
	case bondName.MatchString(i.Name):
		return Bonding
	case dummyName.MatchString(i.Name):
		return Dummy
	}
	return Card
}

// Parent is the interface that a VLAN is on, and its tag. Of another kind it is
// "" and 0.
func (i Interface) Parent() (name string, tag int) {
	m := vlanName.FindStringSubmatch(i.Name)
	if m == nil {
		return "", 0
	}
	tag, _ = strconv.Atoi(m[2]) // too many digits give the largest number
	return m[1], tag
}

// Cards are the interfaces that the virtual machine is made with.
func (v *VM) Cards() []Interface {
	return slices.DeleteFunc(slices.Clone(v.Interfaces), func(i Interface) bool { return i.Kind() != Card })
}

// Bond is the bond that a card is in, or "".
func (v *VM) Bond(card string) string {
	for _, i := range v.Interfaces {
		if i.Bond != nil && slices.Contains(i.Bond.Interfaces, card) {
			return i.Name
		}
	}
	return ""
}

// MTUOf is the MTU of an interface in bytes: its own, or its network's. Zero
// leaves the device's default.
func (t *Topology) MTUOf(i Interface) int {
	if n := t.Network(i.Network); i.MTU == 0 && n != nil {
		return n.MTU
	}
	return i.MTU
}

// AddressesOf are all addresses of an interface that are known before it is up,
// that in its network first.
func (t *Topology) AddressesOf(i Interface) (all []netip.Prefix) {
	if p := t.AddressWithin(i.Network, i.Address); p.IsValid() {
		all = append(all, p)
	}
	return append(all, i.Addresses...)
}

// Has reports whether an address is one of the interface's own, or one that it
// shares.
func (i Interface) Has(a netip.Addr) bool {
	return i.Address == a || slices.Contains(i.Shared, a) ||
		slices.ContainsFunc(i.Addresses, func(p netip.Prefix) bool { return p.Addr() == a })
}
