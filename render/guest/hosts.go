package guest

import (
	"net/netip"
	"slices"
	"strings"

	"stackgen/schema/topology"
)

// hostsView is what /etc/hosts shows.
type hostsView struct {
	Header  string
	Entries []entry
}

// entry is a line of /etc/hosts, the full name first: hosts(5) takes it for the
// canonical one.
type entry struct {
	Address netip.Addr
	Names   string
}

// ownAddress stands for a machine that has no permanent address; one that has
// is listed with it (Debian Reference, 5.1.1).
var ownAddress = netip.AddrFrom4([4]byte{127, 0, 1, 1})

// machines lists every machine of the stack that has an address, as seen from
// a guest, in the order of the addresses, and the guest in any case.
func machines(t *topology.Topology, from *topology.VM) (entries []entry) {
	for i := range t.Hosts {
		if a := hostAddress(&t.Hosts[i], from); a.IsValid() {
			entries = append(entries, entry{a, names(t, t.Hosts[i].Name)})
		}
	}
	for i := range t.VMs {
		a := t.AddressOf(from, t.VMs[i].Name)
		if !a.IsValid() && t.VMs[i].Name == from.Name {
			a = ownAddress
		}
		if a.IsValid() {
			entries = append(entries, entry{a, names(t, t.VMs[i].Name)})
		}
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return a.Address.Compare(b.Address) })
	return entries
}

// hostAddress is a host's address on a network of the guest, else its first.
func hostAddress(h *topology.Host, from *topology.VM) netip.Addr {
	for _, b := range h.Bridges {
		if b.Address.IsValid() && from.On(b.Network) {
			return b.Address
		}
	}
	return h.ManagementAddress()
}

func names(t *topology.Topology, machine string) string {
	if full := t.FQDN(machine); full != machine {
		return full + " " + machine
	}
	return machine
}

// viewpoint is all of a guest that its table depends on: guests with the same
// one have equal tables.
func viewpoint(vm *topology.VM) string {
	var networks []string
	addressed := false
	for _, i := range vm.Interfaces {
		networks = append(networks, i.Network)
		addressed = addressed || i.Address.IsValid()
	}
	if !addressed {
		return "only " + vm.Name
	}
	slices.Sort(networks)
	return strings.Join(networks, " ")
}
