package vyos

import (
	"cmp"
	"strconv"
	"strings"

	"stackgen/schema/topology"
)

// derivedMAC begins the MAC addresses that follow from names.
const derivedMAC = "52:54:00:"

// minMTU6 is the least that IPv6 works with (RFC 8200, section 5).
const minMTU6 = 1280

func (b builder) interfaces() {
	for _, i := range b.vm.Interfaces {
		n := b.iface(i.Name)
		if i.Kind() == topology.Card {
			b.card(n, i)
		}
		if i.Bond != nil {
			b.bond(n, i)
		}
		n.leaf("description", cmp.Or(i.Description, i.Network))
		b.mtu(n, i)
		b.addresses(n, i)
	}
}

// mtu of less than IPv6 needs is refused together with the address that VyOS
// gives an interface by itself, which the kernel would not take.
func (b builder) mtu(n node, i topology.Interface) {
	mtu := b.t.MTUOf(i)
	n.number("mtu", mtu)
	if mtu != 0 && mtu < minMTU6 && b.d.has(linkLocal) {
		n.at("ipv6 address no-default-link-local").here()
	}
}

// card names the card of an interface by hw-id, which VyOS would do itself at
// the first boot, so that eth0 stays eth0 whatever order the cards are found in.
// An address that the user gave, often because a provider routes to it, is also
// set with mac.
func (b builder) card(n node, i topology.Interface) {
	n.leaf("hw-id", i.MAC)
	if !strings.HasPrefix(i.MAC, derivedMAC) {
		n.leaf("mac", i.MAC)
	}
}

// bond joins cards. Old releases write the bond in the cards.
func (b builder) bond(n node, i topology.Interface) {
	n.leaf("mode", i.Bond.Mode)
	n.leaf("hash-policy", i.Bond.HashPolicy)
	for _, card := range i.Bond.Interfaces {
		if b.d.has(bondMembers) {
			n.leaf("member interface", card)
		} else {
			b.iface(card).leaf("bond-group", i.Name)
		}
	}
}

func (b builder) addresses(n node, i topology.Interface) {
	if i.DHCP {
		n.leaf("address", "dhcp")
	}
	if i.DHCPv6 {
		n.leaf("address", "dhcpv6")
	}
	for _, p := range b.t.AddressesOf(i) {
		n.leaf("address", p.String())
	}
}

// iface is where an interface is configured, by the kind that its name says.
func (b builder) iface(name string) node {
	i := topology.Interface{Name: name}
	switch parent, tag := i.Parent(); {
	case parent != "":
		return b.iface(parent).at("vif", strconv.Itoa(tag))
	case strings.HasPrefix(name, "vtun"):
		return b.root.at("interfaces openvpn", name)
	case strings.HasPrefix(name, "wg"):
		return b.root.at("interfaces wireguard", name)
	}
	return b.root.at("interfaces "+nodeOf(i.Kind()), name)
}

// nodeOf is VyOS's word for a kind of interface.
func nodeOf(k topology.Kind) string {
	switch k {
	case topology.Bonding:
		return "bonding"
	case topology.Dummy:
		return "dummy"
	case topology.Loopback:
		return "loopback"
	}
	return "ethernet"
}

func (b builder) system() {
	n := b.root.at("system")
	n.leaf("host-name", b.vm.Name)
	n.leaf("domain-name", b.t.Domain)
	for _, a := range b.vm.Router.NameServers {
		n.leaf("name-server", a.String())
	}
}
