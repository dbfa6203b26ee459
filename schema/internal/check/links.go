package check

import (
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// checkLinks finds router advertisements with nothing to tell.
func checkLinks(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		for _, a := range vm.Router.RouterAdverts {
			iface := vm.Interface(a.Name)
			if iface != nil && len(t.Prefixes(*iface)) == 0 {
				diags.Errorf("routing/no-prefix", routerPath(vm, "routerAdvert", a.Name), "interface %q has no IPv6 address with a prefix of 64 bits to tell of", a.Name).
					AtKey().Also(vmPath(vm, "interfaces", a.Name), "the interface").
					Hintf("add one to its addresses: '2001:db8:0:1::1/64'")
			}
			for j, server := range a.NameServers {
				path := routerPath(vm, "routerAdvert", a.Name, "nameServers", j)
				switch {
				case !server.Is6():
					diags.Errorf("addresses/family", path, "%s is IPv4, and advertisements are of IPv6", server).
						Hintf("write an IPv6 address, or leave it to DHCP")
				case !server.IsGlobalUnicast() && !server.IsLinkLocalUnicast():
					diags.Errorf("routing/advertised-resolver", path, "no machine can ask %s", server).
						Hintf("write the address of a resolver, perhaps the router's own there")
				}
			}
		}
	}
	return diags
}

// links checks the interfaces that advertisements and shapers are for.
func (r *references) links(vm *topology.VM) {
	for _, a := range vm.Router.RouterAdverts {
		r.routerInterface(routerPath(vm, "routerAdvert", a.Name), vm, a.Name)
	}
	for _, s := range vm.Router.Shapers {
		r.routerInterface(routerPath(vm, "shapers", s.Name), vm, s.Name)
	}
}
