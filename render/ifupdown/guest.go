package ifupdown

import (
	"strings"

	"stackgen/render/internal/iproute"
	"stackgen/schema/topology"
)

// guestStanzas are the interfaces of a VM, those that others are made of before
// them. What the loopback has beyond its own address is added when the first
// comes up: its stanza is the template's.
func guestStanzas(t *topology.Topology, vm *topology.VM) (stanzas []stanza) {
	var lo []string
	for _, kind := range []topology.Kind{topology.Card, topology.Bonding, topology.VLAN, topology.Dummy,
		topology.Loopback} {
		for _, i := range vm.Interfaces {
			switch {
			case i.Kind() != kind:
			case kind == topology.Loopback:
				lo = additional(i)
			case vm.Bond(i.Name) == "": // ifenslave brings up the cards of a bond
				stanzas = append(stanzas, guestStanza(t, vm, i)...)
			}
		}
	}
	if len(stanzas) > 0 {
		for _, up := range lo {
			stanzas[0].option("up", up)
		}
	}
	return stanzas
}

// guestStanza is one interface of a VM, with a second stanza where it asks for
// an IPv6 address besides.
func guestStanza(t *topology.Topology, vm *topology.VM, i topology.Interface) []stanza {
	s := stanza{Classes: []string{"auto " + i.Name}, Name: i.Name}
	if i.Description != "" {
		s.Classes = append([]string{"# " + i.Description}, s.Classes...)
	}
	s.address(t.AddressWithin(i.Network, i.Address))
	if i.DHCP {
		s.Method = "dhcp"
	}
	if routed, gateway := t.DefaultRoute(vm); i.Name == routed {
		s.option("gateway", gateway.String())
	}
	s.device(i)
	s.resolvers(t, t.Network(i.Network))
	s.mtu(t.MTUOf(i))
	for _, up := range additional(i) {
		s.option("up", up)
	}
	for _, r := range t.RoutesOf(vm) {
		if t.BringsUp(vm, r).Name == i.Name {
			s.option("up", append([]string{"ip route replace"}, iproute.Route(r)...)...)
		}
	}
	stanzas := []stanza{s}
	if i.DHCPv6 {
		stanzas = append(stanzas, stanza{Name: i.Name, Family: "inet6", Method: "dhcp"})
	}
	return stanzas
}

// device makes an interface that is no card. That a name with a dot is a VLAN
// ifup knows by itself (interfaces(5), VLAN INTERFACES).
func (s *stanza) device(i topology.Interface) {
	switch {
	case i.Bond != nil:
		s.option("bond-slaves", i.Bond.Interfaces...)
		s.option("bond-mode", bondMode(i.Bond.Mode))
		s.option("bond-xmit-hash-policy", i.Bond.HashPolicy)
		s.option("bond-miimon", "100")
	case i.Kind() == topology.Dummy:
		s.option("pre-up", "ip link show dev", i.Name, "> /dev/null 2>&1 || ip link add", i.Name, "type dummy")
	}
}

// bondMode is the kernel's word for a mode of VyOS.
func bondMode(mode string) string {
	switch mode {
	case "round-robin":
		return "balance-rr"
	case "xor-hash":
		return "balance-xor"
	case "transmit-load-balance":
		return "balance-tlb"
	case "adaptive-load-balance":
		return "balance-alb"
	}
	return mode
}

// additional are the commands that add an interface's further addresses.
func additional(i topology.Interface) (commands []string) {
	for _, p := range i.Addresses {
		commands = append(commands, strings.Join([]string{"ip addr replace", p.String(), "dev", i.Name}, " "))
	}
	return commands
}
