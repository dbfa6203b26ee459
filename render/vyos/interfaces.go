package vyos

import "strings"

// derivedMAC begins the MAC addresses that follow from names.
const derivedMAC = "52:54:00:"

// interfaces names the card of each interface by hw-id, which VyOS would do
// itself at the first boot, so that eth0 stays eth0 whatever order the cards
// are found in. An address that the user gave, often because a provider routes
// to it, is also set with mac.
func (b builder) interfaces() {
	for _, i := range b.vm.Interfaces {
		n := b.iface(i.Name)
		n.leaf("description", i.Network)
		n.leaf("hw-id", i.MAC)
		if !strings.HasPrefix(i.MAC, derivedMAC) {
			n.leaf("mac", i.MAC)
		}
		if p := b.t.AddressWithin(i.Network, i.Address); p.IsValid() {
			n.leaf("address", p.String())
		}
		if network := b.t.Network(i.Network); network != nil {
			n.number("mtu", network.MTU)
		}
	}
}

// iface is where an interface is configured, by the kind that its name says.
func (b builder) iface(name string) node {
	kind := "ethernet"
	switch {
	case strings.HasPrefix(name, "vtun"):
		kind = "openvpn"
	case strings.HasPrefix(name, "wg"):
		kind = "wireguard"
	}
	return b.root.at("interfaces "+kind, name)
}

func (b builder) system() {
	n := b.root.at("system")
	n.leaf("host-name", b.vm.Name)
	n.leaf("domain-name", b.t.Domain)
	for _, a := range b.vm.Router.NameServers {
		n.leaf("name-server", a.String())
	}
}
