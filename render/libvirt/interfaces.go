package libvirt

import (
	"cmp"
	"slices"
	"strings"

	"stackgen/schema/topology"

	"libvirt.org/go/libvirtxml"
)

// interfaces lists the virtio interfaces, eth2 before eth10: libvirt gives them
// PCI addresses in this order, and a guest that names its interfaces by the
// kernel's numbers finds them in the order of their names.
func interfaces(t *topology.Topology, vm *topology.VM) []libvirtxml.DomainInterface {
	var list []libvirtxml.DomainInterface
	sorted := slices.SortedStableFunc(slices.Values(vm.Cards()), func(a, b topology.Interface) int {
		return compareNatural(a.Name, b.Name)
	})
	for _, i := range sorted {
		list = append(list, nic(t.Network(i.Network), i, t.MTUOf(i)))
	}
	return list
}

// nic is a port of the network's bridge. Its interface ID is ours: libvirt
// would invent another one at every definition.
func nic(n *topology.Network, i topology.Interface, mtu int) libvirtxml.DomainInterface {
	x := libvirtxml.DomainInterface{
		MAC:    &libvirtxml.DomainInterfaceMAC{Address: i.MAC},
		Source: &libvirtxml.DomainInterfaceSource{Bridge: &libvirtxml.DomainInterfaceSourceBridge{Bridge: n.Bridge}},
		VirtualPort: &libvirtxml.DomainInterfaceVirtualPort{Params: &libvirtxml.DomainInterfaceVirtualPortParams{
			OpenVSwitch: &libvirtxml.DomainInterfaceVirtualPortParamsOpenVSwitch{InterfaceID: i.UUID},
		}},
		Model: &libvirtxml.DomainInterfaceModel{Type: "virtio"},
	}
	if n.VLAN != 0 {
		x.VLan = &libvirtxml.DomainInterfaceVLan{Tags: []libvirtxml.DomainInterfaceVLanTag{{ID: uint(n.VLAN)}}}
	}
	if mtu != 0 {
		x.MTU = &libvirtxml.DomainInterfaceMTU{Size: uint(mtu)}
	}
	if !i.Offloads {
		x.Driver = withoutOffloads()
	}
	return x
}

// withoutOffloads makes the guest fill in every checksum and cut every segment
// itself. A datapath in user space forwards frames as they are: with offloads,
// ping works and TCP does not.
func withoutOffloads() *libvirtxml.DomainInterfaceDriver {
	return &libvirtxml.DomainInterfaceDriver{
		Name: "qemu",
		Host: &libvirtxml.DomainInterfaceDriverHost{CSum: "off", GSO: "off", TSO4: "off", TSO6: "off", ECN: "off",
			UFO: "off"},
		Guest: &libvirtxml.DomainInterfaceDriverGuest{CSum: "off", TSO4: "off", TSO6: "off", ECN: "off", UFO: "off"},
	}
}

// compareNatural compares names with runs of digits in them by the numbers' values.
func compareNatural(a, b string) int {
	for a != "" && b != "" {
		wordA, numberA, restA := head(a)
		wordB, numberB, restB := head(b)
		// The longer number is greater: no one pads some of them with zeros.
		if c := cmp.Or(strings.Compare(wordA, wordB), cmp.Compare(len(numberA), len(numberB)),
			strings.Compare(numberA, numberB)); c != 0 {
			return c
		}
		a, b = restA, restB
	}
	return strings.Compare(a, b)
}

// head splits off the first word without digits and the number behind it.
func head(s string) (word, number, rest string) {
	const digits = "0123456789"
	i := strings.IndexAny(s, digits)
	if i < 0 {
		return s, "", ""
	}
	rest = strings.TrimLeft(s[i:], digits)
	return s[:i], s[i : len(s)-len(rest)], rest
}
