package schema

import "stackgen/schema/topology"

// routerServices checks the networks that a router does something for.
func (r *references) routerServices(vm *topology.VM) {
	for _, d := range vm.Router.DHCPServers {
		r.network(routerPath(vm, "dhcpServer", d.Name), d.Name)
	}
	if dns := vm.Router.DNSForwarding; dns != nil {
		for i, n := range dns.Networks {
			r.network(routerPath(vm, "dnsForwarding", "networks", i), n)
		}
	}
}
