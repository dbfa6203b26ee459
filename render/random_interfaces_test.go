package render_test

import (
	"fmt"
	"maps"
	"slices"
)

// randomInterfaces gives the router more of them, and those that it has more to
// say. What only addresses are on is no way for packets, so that no other
// subject is told of it.
func randomInterfaces(d dice, s *stack) {
	interfaces := block(s.document, "vms", "rtr01", "interfaces")
	randomVLANs(d, s, "eth1")
	if d.chance(40) {
		randomBond(d, s)
	}
	if d.chance(30) {
		s.join("eth30", object{"network": "lan", one(d, "dhcp", "dhcpv6"): true})
	}
	if d.chance(30) {
		block(s.document, "networks")["six"] = object{"bridge": "br-lan", "vlan": 66, "subnet": "2001:db8:6::/64"}
		s.join("eth31", object{"network": "six", "address": "2001:db8:6::a"})
	}
	if d.chance(40) {
		interfaces["lo"] = object{"addresses": some(d, "10.255.0.1/32", "2001:db8:ff::1/128")}
	}
	if d.newer(s, 1, 40, "vc6.6") {
		interfaces[one(d, "dum0", "dum77")] = object{"addresses": some(d, "10.255.1.1/32", "10.255.2.0/31", "2001:db8:fe::1/64")}
	}
	for i, name := range slices.Sorted(maps.Keys(interfaces)) {
		iface := interfaces[name].(object)
		randomInterface(d, iface, i)
		if iface["network"] != nil || d.chance(3) || name != "lo" && d.newer(s, 0, 100, "vc6.6", "1.1") {
			randomMTU(d, s, iface)
		}
	}
	if d.chance(30) {
		block(s.document, "networks", one(d, s.networks...))["mtu"] = 576 + d.IntN(8424)
	}
}

// newer is a chance on releases that are not among the old ones, and a small one
// on those.
func (d dice) newer(s *stack, small, percent int, old ...string) bool {
	if slices.Contains(old, s.version) {
		percent = small
	}
	return d.chance(percent)
}

// join adds an interface that packets come and go by.
func (s *stack) join(name string, iface object) {
	block(s.document, "vms", "rtr01", "interfaces")[name] = iface
	s.interfaces = append(s.interfaces, name)
}

// randomVLANs adds networks that the router is on by VLANs of an interface.
func randomVLANs(d dice, s *stack, parent string) {
	for range d.IntN(3) {
		i := len(s.interfaces)
		tag, subnet := 100*i+d.IntN(100), fmt.Sprintf("10.40.%d.", i)
		network := fmt.Sprintf("vlan%d", tag)
		block(s.document, "networks")[network] = object{"bridge": "br-lan", "vlan": tag, "subnet": subnet + "0/24"}
		iface := object{"network": network, "address": subnet + "1"}
		if d.chance(20) {
			iface = object{"network": network, one(d, "dhcp", "dhcpv6"): true}
		} else {
			s.networks = append(s.networks, network)
		}
		s.join(fmt.Sprintf("%s.%d", parent, tag), iface)
	}
}

// randomBond adds a bond and its cards, which have nothing of their own.
func randomBond(d dice, s *stack) {
	cards := some(d, "eth20", "eth21", "eth22")
	for _, card := range cards {
		block(s.document, "vms", "rtr01", "interfaces")[card] = object{"network": "lan"}
	}
	bond := object{"interfaces": cards, "mode": one(d, "802.3ad", "active-backup", "broadcast", "round-robin", "transmit-load-balance", "adaptive-load-balance", "xor-hash")}
	if d.chance(50) {
		bond["hashPolicy"] = one(d, "layer2", "layer2+3", "layer3+4")
	}
	name := one(d, "bond0", "bond9")
	s.join(name, object{"network": "lan", "bond": bond})
	randomVLANs(d, s, name)
}

// randomInterface adds to the i-th interface what is not needed.
func randomInterface(d dice, iface object, i int) {
	if d.chance(30) {
		iface["description"] = d.text()
	}
	if _, addressed := iface["address"]; addressed && d.chance(30) {
		iface["addresses"] = some(d, fmt.Sprintf("10.50.%d.1/24", i), fmt.Sprintf("10.51.%d.1/31", i), fmt.Sprintf("2001:db8:50:%d::1/64", i), fmt.Sprintf("2001:db8:51:%d::1/127", i))
	}
	if iface["network"] == "wan" && d.chance(40) {
		iface["mac"] = fmt.Sprintf("00:50:56:00:%02x:%02x", d.IntN(256), d.IntN(256))
	}
}

// randomMTU gives an interface an MTU, or not.
func randomMTU(d dice, s *stack, iface object) {
	if d.chance(30) {
		iface["mtu"] = 68 + d.IntN(one(d, 1433, 8933))
	}
	if d.newer(s, 1, 5, "vc6.6", "1.1") {
		iface["mtu"] = 9001 + d.IntN(7000)
	}
}
