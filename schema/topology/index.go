package topology

// index is what is known of all VMs together. A walk over them for each host or
// network would grow with the square of the stack.
type index struct {
	guests   map[string][]*VM        // by host
	members  map[string][]*VM        // by network
	gateways map[string]*VM          // by network: see RouterOf
	groups   map[string][]*VRRPGroup // by router
}

func indexOf(t *Topology) index {
	x := index{guests: map[string][]*VM{}, members: map[string][]*VM{}, gateways: map[string]*VM{},
		groups: map[string][]*VRRPGroup{}}
	for i := range t.VRRP {
		g := &t.VRRP[i]
		for _, name := range g.Routers {
			x.groups[name] = append(x.groups[name], g)
		}
		n := t.Network(g.Network)
		if _, known := x.gateways[g.Network]; !known && n != nil && g.Address == n.Gateway {
			x.gateways[g.Network] = t.VM(g.Routers[0])
		}
	}
	for i := range t.VMs {
		vm := &t.VMs[i]
		x.guests[vm.Host] = append(x.guests[vm.Host], vm)
		for _, iface := range vm.Interfaces {
			if all := x.members[iface.Network]; len(all) == 0 || all[len(all)-1] != vm {
				x.members[iface.Network] = append(all, vm)
			}
			n := t.Network(iface.Network)
			if _, known := x.gateways[iface.Network]; !known && n != nil && vm.Owns(n.Gateway) {
				x.gateways[n.Name] = vm
			}
		}
	}
	return x
}
