package topology

import (
	"net/netip"
	"slices"
)

// VRRPGroup is an address that routers share: the first that is up has it.
type VRRPGroup struct {
	Name              string     `json:"name"`
	Description       string     `json:"description,omitempty"`
	Network           string     `json:"network"`
	VRID              int        `json:"vrid"`
	Address           netip.Addr `json:"address,omitzero"`  // zero: nobody gave one, and the network has no gateway
	Routers           []string   `json:"routers"`           // VMs, the first is preferred
	AdvertiseInterval int        `json:"advertiseInterval"` // seconds
	Preempt           bool       `json:"preempt"`
}

// topPriority is that of the first router: 255 is for one that owns the address
// (RFC 5798, section 5.2.4).
const topPriority = 200

// priorityStep is how much less each router has than the one before.
const priorityStep = 10

// Membership is a router's part in a group.
type Membership struct {
	Group     *VRRPGroup
	Interface *Interface // on the network of the group
	Priority  int
}

// VRRPOf lists the groups that a VM shares an address in.
func (t *Topology) VRRPOf(vm *VM) (all []Membership) {
	for _, g := range t.index.groups[vm.Name] {
		if iface := vm.InterfaceOn(g.Network); iface != nil {
			all = append(all, Membership{g, iface, topPriority - slices.Index(g.Routers, vm.Name)*priorityStep})
		}
	}
	return all
}

// shareAddresses gives the interfaces of routers the addresses that they share,
// and a group the gateway of its network where it has no address of its own.
func (t *Topology) shareAddresses() {
	for i := range t.VRRP {
		g := &t.VRRP[i]
		if n := t.Network(g.Network); !g.Address.IsValid() && n != nil {
			g.Address = n.Gateway
		}
		for _, name := range g.Routers {
			vm := t.VM(name)
			if vm == nil || !g.Address.IsValid() {
				continue
			}
			if iface := vm.InterfaceOn(g.Network); iface != nil {
				iface.Shared = append(iface.Shared, g.Address)
			}
		}
	}
}
