package guest

import (
	"net/netip"
	"slices"

	"stackgen/schema/topology"
)

// hostsView is what /etc/hosts shows.
type hostsView struct {
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

// peerSets are the machines that each machine works with: those it names, those
// that name it, and the routers of its networks. All others are a resolver's
// business, so that the tables of a large stack do not grow with its square.
type peerSets map[string][]string

func peerSetsOf(t *topology.Topology) peerSets {
	c := peerSets{}
	routers := routersOf(t)
	for i := range t.VMs {
		vm := &t.VMs[i]
		for _, name := range vm.References() {
			c.join(vm.Name, name)
		}
		for _, iface := range vm.Interfaces {
			c.join(vm.Name, routers[iface.Network])
		}
	}
	return c
}

func (c peerSets) join(a, b string) {
	c[a] = append(c[a], b)
	c[b] = append(c[b], a)
}

// routersOf are the VMs that are a network's gateway, by network.
func routersOf(t *topology.Topology) map[string]string {
	routers := map[string]string{}
	for _, vm := range t.VMs {
		for _, i := range vm.Interfaces {
			if n := t.Network(i.Network); n != nil && n.Gateway.IsValid() && n.Gateway == i.Address {
				routers[n.Name] = vm.Name
			}
		}
	}
	return routers
}

// machines lists a guest and its company as seen from it, in the order of the
// addresses. Only the guest itself is listed without an address.
func (c peerSets) machines(t *topology.Topology, from *topology.VM) (entries []entry) {
	listed := append(slices.Clone(c[from.Name]), from.Name)
	slices.Sort(listed)
	for _, name := range slices.Compact(listed) {
		a := t.AddressOf(from, name)
		if !a.IsValid() && name == from.Name {
			a = ownAddress
		}
		if a.IsValid() {
			entries = append(entries, entry{a, names(t, name)})
		}
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return a.Address.Compare(b.Address) })
	return entries
}

func names(t *topology.Topology, machine string) string {
	if full := t.FQDN(machine); full != machine {
		return full + " " + machine
	}
	return machine
}
