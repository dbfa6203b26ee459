package check

import (
	"net/netip"
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/internal/wording"
	"stackgen/schema/topology"
)

// maxTag is the highest tag of a VLAN, IEEE 802.1Q.
const maxTag = 4094

// minMTU6 is the least that IPv6 works with (RFC 8200, section 5).
const minMTU6 = 1280

// checkInterfaces finds interfaces that their VM cannot have, or that say what
// their kind does not know.
func checkInterfaces(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		for _, iface := range vm.Interfaces {
			c := interfaceChecker{t, vm, iface, vmPath(vm, "interfaces", iface.Name), &diags}
			c.kind()
			c.network()
			c.addresses()
			c.vlan()
			c.mtu()
			c.bond()
		}
	}
	return diags
}

// interfaceChecker looks at one interface of a VM.
type interfaceChecker struct {
	t     *topology.Topology
	vm    *topology.VM
	iface topology.Interface
	path  string
	diags *diag.List
}

// kind finds what only a router has, and what only a card has. That a Debian
// guest has a VLAN is the finding of package ifupdown.
func (c interfaceChecker) kind() {
	kind := c.iface.Kind()
	switch {
	case kind == topology.Card:
	case c.vm.Router == nil && (kind != topology.VLAN || c.vm.OS == ""):
		c.diags.Errorf("interfaces/kind", c.path, "%q names a %s, which only a router has", c.iface.Name, kind).
			AtKey().Hintf("give the card another name, or the VM a router block")
	case c.iface.MAC != "":
		c.diags.Errorf("interfaces/card-only", diag.Join(c.path, "mac"), "a %s has no MAC address of its own", kind).
			Hintf("leave it out, or write it in the card")
	case !c.iface.Offloads:
		c.diags.Errorf("interfaces/card-only", diag.Join(c.path, "offloads"), "a %s has no offloads of its own", kind).
			Hintf("leave it out, or write it in the card")
	}
}

// network finds an interface that has to be on a network and is not, or the
// other way round.
func (c interfaceChecker) network() {
	switch kind := c.iface.Kind(); kind {
	case topology.Dummy, topology.Loopback:
		if c.iface.Network != "" {
			c.diags.Errorf("interfaces/network", diag.Join(c.path, "network"), "a %s is on no network", kind).
				Hintf("leave it out, and write the address with its prefix length in addresses")
		}
	default:
		if c.iface.Network == "" {
			c.diags.Errorf("interfaces/network", c.path, "interface %q is on no network", c.iface.Name).
				AtKey().Hintf("add network: with the name of a network")
		}
	}
}

// addresses finds addresses that nothing says the rest of, and two sources of
// one.
func (c interfaceChecker) addresses() {
	i := c.iface
	if i.Address.IsValid() && i.Network == "" {
		c.diags.Errorf("addresses/no-network", diag.Join(c.path, "address"),
			"%s has no prefix length: the interface names no network", i.Address).
			Hintf("write it in addresses, with its prefix length")
	}
	asked := i.DHCP && i.Address.Is4() || i.DHCPv6 && i.Address.Is6()
	if none := i.Kind() == topology.Dummy || i.Kind() == topology.Loopback; asked || none && (i.DHCP || i.DHCPv6) {
		key := "dhcp"
		if i.DHCPv6 {
			key = "dhcpv6"
		}
		d := c.diags.Errorf("interfaces/dhcp", diag.Join(c.path, key), "interface %q cannot ask for its address", i.Name)
		if asked {
			d.Also(diag.Join(c.path, "address"), "it is given here")
		}
		d.Hintf("leave out %s, or the address", key)
	}
}

// vlan finds a VLAN that is not the one of its network, or whose frames do not
// reach it: the port of a card on an untagged network has all tags, that of one
// on a VLAN has none.
func (c interfaceChecker) vlan() {
	if c.iface.Kind() != topology.VLAN || c.vm.Router == nil {
		return
	}
	parent, tag := c.iface.Parent()
	below := c.vm.Interface(parent)
	own, outer := c.t.Network(c.iface.Network), (*topology.Network)(nil)
	if below != nil {
		outer = c.t.Network(below.Network)
	}
	switch {
	case tag < 1 || tag > maxTag:
		c.diags.Errorf("interfaces/vlan", c.path, "%d is no tag of a VLAN", tag).AtKey().
			Hintf("write a number from 1 to %d behind the dot", maxTag)
	case below == nil || own == nil || outer == nil: // references/missing
	case below.Kind() != topology.Card && below.Kind() != topology.Bonding:
		c.diags.Errorf("interfaces/vlan", c.path, "a %s carries no VLANs", below.Kind()).AtKey().
			Also(vmPath(c.vm, "interfaces", parent), "the interface").Hintf("write the name of a card or a bond before the dot")
	case own.VLAN != tag || own.Bridge != outer.Bridge:
		c.diags.Errorf("interfaces/vlan", diag.Join(c.path, "network"), "network %q is not VLAN %d of bridge %q", own.Name,
			tag, outer.Bridge).
			Also(networkPath(own), "the network").Also(networkPath(outer, "bridge"), "the bridge that "+parent+" is on").
			Hintf("write %s.%d for the network's own tag, or a network with bridge: %q and vlan: %d", parent, own.VLAN, outer.Bridge, tag)
	case outer.VLAN != 0:
		c.diags.Errorf("interfaces/vlan", c.path, "the port of %q has the frames of VLAN %d only", parent, outer.VLAN).
			AtKey().
			Also(networkPath(outer, "vlan"), "the VLAN of its network").
			Hintf("put %q on a network of the bridge without a vlan: its port then has all of them", parent)
	}
}

// mtu finds one that is too small for an IPv6 address, which the kernel then
// does not take, or larger than that of the card that the frames leave by.
func (c interfaceChecker) mtu() {
	mtu, key := c.t.MTUOf(c.iface), "network"
	if c.iface.MTU != 0 {
		key = "mtu"
	}
	path := diag.Join(c.path, key)
	parent, _ := c.iface.Parent()
	below := c.vm.Interface(parent)
	six := slices.ContainsFunc(c.t.AddressesOf(c.iface), func(p netip.Prefix) bool { return p.Addr().Is6() })
	switch {
	case mtu == 0:
	case mtu < minMTU6 && (six || c.iface.DHCPv6):
		c.diags.Errorf("interfaces/mtu", path, "an MTU of %d is too small for IPv6", mtu).
			Hintf("write %d or more, or leave out the IPv6 addresses", minMTU6)
	case below != nil && mtu > mtuOr(c.t.MTUOf(*below)):
		c.diags.Errorf("interfaces/mtu", path, "an MTU of %d is more than the %d of %q", mtu, mtuOr(c.t.MTUOf(*below)),
			parent).
			Also(vmPath(c.vm, "interfaces", parent), "the interface below").
			Hintf("write a smaller one, or mtu: %d in %q", mtu, parent)
	}
}

// bond finds a bond that is not one, and cards that cannot be in it.
func (c interfaceChecker) bond() {
	if is, has := c.iface.Kind() == topology.Bonding, c.iface.Bond != nil; is != has {
		if is && c.vm.Router == nil {
			return // interfaces/kind
		}
		c.diags.Errorf("interfaces/bond", c.path, "interface %q is a %s; a bond is named bond0 and has a bond block",
			c.iface.Name, c.iface.Kind()).
			AtKey().Hintf("write bond: { interfaces: […] } in a bond and nowhere else")
		return
	}
	if c.iface.Bond == nil {
		return
	}
	for i, name := range c.iface.Bond.Interfaces {
		if card := c.vm.Interface(name); card != nil {
			c.member(diag.Join(c.path, "bond", "interfaces", i), *card)
		}
	}
}

// member finds a card that cannot be in the bond.
func (c interfaceChecker) member(path string, card topology.Interface) {
	at := vmPath(c.vm, "interfaces", card.Name)
	own, other := c.t.Network(c.iface.Network), c.t.Network(card.Network)
	switch {
	case card.Kind() != topology.Card:
		c.diags.Errorf("interfaces/bond", path, "%q is a %s, and a bond is made of cards", card.Name, card.Kind()).
			Also(at, "the interface").
			Hintf("name a card")
	case c.vm.Bond(card.Name) != c.iface.Name:
		c.diags.Errorf("interfaces/bond", path, "%q is already in %q", card.Name, c.vm.Bond(card.Name)).
			Also(vmPath(c.vm, "interfaces", c.vm.Bond(card.Name)), "the other bond").
			Hintf("a card is in one bond")
	case card.Address.IsValid() || len(card.Addresses) > 0 || card.DHCP || card.DHCPv6:
		c.diags.Errorf("interfaces/bond", path, "%q has an address of its own", card.Name).Also(at, "the card").
			Hintf("move the address to %q", c.iface.Name)
	case own != nil && other != nil && (own.Bridge != other.Bridge || own.VLAN != other.VLAN):
		c.diags.Errorf("interfaces/bond", path, "%q is on network %q, and the bond on %q", card.Name, other.Name, own.Name).
			Also(diag.Join(at, "network"), "its network").
			Hintf("put both on one network")
	}
}

// cards checks the interfaces that a VLAN and a bond are made of.
func (r *references) cards(vm *topology.VM, i topology.Interface) {
	names := namesOf(vm.Interfaces, func(i topology.Interface) string { return i.Name })
	if parent, _ := i.Parent(); parent != "" && vm.Router != nil && vm.Interface(parent) == nil {
		r.missing(vmPath(vm, "interfaces", i.Name), reference{wording.Quoted("VM", vm.Name), "interface", parent},
			slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == i.Name }))
	}
	if i.Bond == nil {
		return
	}
	for j, name := range i.Bond.Interfaces {
		if vm.Interface(name) == nil {
			r.missing(vmPath(vm, "interfaces", i.Name, "bond", "interfaces", j),
				reference{wording.Quoted("VM", vm.Name), "interface", name}, names)
		}
	}
}
