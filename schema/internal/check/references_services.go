package check

import "stackgen/schema/topology"

// routerServices checks the networks and interfaces that a router does something
// for.
func (r *references) routerServices(vm *topology.VM) {
	for _, d := range vm.Router.DHCPServers {
		r.network(routerPath(vm, "dhcpServer", d.Name), d.Name)
	}
	for _, s := range networkServices(vm.Router) {
		for i, n := range s.networks {
			r.network(routerPath(vm, s.key, "networks", i), n)
		}
	}
	if l := vm.Router.LLDP; l != nil {
		for i, name := range l.Interfaces {
			r.routerInterface(routerPath(vm, "lldp", "interfaces", i), vm, name)
		}
	}
}

// networkService is what a router does for some networks.
type networkService struct {
	key      string
	networks []string
}

func networkServices(r *topology.Router) (all []networkService) {
	if r.DNSForwarding != nil {
		all = append(all, networkService{"dnsForwarding", r.DNSForwarding.Networks})
	}
	if r.NTP != nil {
		all = append(all, networkService{"ntp", r.NTP.Networks})
	}
	if r.SSH != nil {
		all = append(all, networkService{"ssh", r.SSH.Networks})
	}
	if r.SNMP != nil {
		all = append(all, networkService{"snmp", r.SNMP.Networks})
	}
	return all
}
