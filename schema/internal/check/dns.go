package check

import (
	"net/netip"
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/topology"
)

// checkDNS finds DNS forwarders that nobody could ask, or that ask themselves.
func checkDNS(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil || vm.Router.DNSForwarding == nil {
			continue
		}
		dns, path := vm.Router.DNSForwarding, routerPath(vm, "dnsForwarding")
		if dns.Authoritative && t.Domain == "" {
			diags.Errorf("dns/no-domain", diag.Join(path, "authoritative"), "the stack has no domain to answer for").
				Hintf("add domain: to the topology, or leave authoritative out")
		}
		for j, a := range dns.NameServers {
			if vm.Owns(a) || a.IsLoopback() {
				diags.Errorf("dns/loop", diag.Join(path, "nameServers", j), "%s is the forwarder itself", a).
					Hintf("write the address of another resolver")
			}
		}
		if a := slices.IndexFunc(vm.Router.NameServers, vm.Owns); len(dns.NameServers) == 0 && a >= 0 {
			diags.Errorf("dns/loop", routerPath(vm, "nameServers", a),
				"%s is the router's own forwarder, which asks the router's resolvers", vm.Router.NameServers[a]).
				Also(path, "the forwarder").Hintf("add nameServers to dnsForwarding")
		}
	}
	return diags
}

// checkRouterServices finds services of routers that do not get through to the
// machines that they are for.
func checkRouterServices(t *topology.Topology) (diags diag.List) {
	n := flow.New(t)
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		seen := "" // DNS listens twice
		for _, l := range vm.Listeners() {
			if path := flow.ListenerPath(vm, l); path != seen && blockedService(n, vm, l, path, &diags) {
				seen = path
			}
		}
	}
	silentResolvers(n, &diags)
	return diags
}

// blockedService finds a service for a network whose packets the router's own
// firewall drops.
func blockedService(n *flow.Net, vm *topology.VM, l topology.Listener, path string, diags *diag.List) bool {
	at := slices.IndexFunc(vm.Interfaces,
		func(i topology.Interface) bool { return l.Address.IsValid() && i.Address == l.Address })
	if at < 0 {
		return false
	}
	i := vm.Interfaces[at]
	p := flow.Packet{Protocol: l.Protocol, Source: neighbour(n, i), To: l.Address, Port: l.Port}
	if l.Service == "dhcp" {
		p.SourcePort = 68 // of every client (RFC 2131, 4.1)
	}
	v, attached := n.Filter(vm, i.Name, "local", p)
	if attached && !v.Accept {
		diags.Errorf("firewall/service-blocked", path, "%s is for network %q, but the firewall of %q does not let %s port %d in by %q", serviceName(l), i.Network, vm.Name, l.Protocol, l.Port, i.Name).
			Also(v.Path, "closed here").Hintf("accept %s port %d in a ruleset with direction: 'local'", l.Protocol, l.Port)
	}
	return attached && !v.Accept
}

// silentResolvers warns about a network whose resolver is a machine of the
// topology that answers no queries.
func silentResolvers(n *flow.Net, diags *diag.List) {
	for i := range n.Networks {
		network := &n.Networks[i]
		for j, a := range network.NameServers {
			vm := ownerOf(n.Topology, a)
			if vm == nil || !vm.Managed() || answersDNS(vm, a) {
				continue
			}
			diags.Warningf("dns/silent", networkPath(network, "nameServers", j), "%s is %q, where nothing answers DNS queries",
				a, vm.Name).
				Also(vmPath(vm), "the machine").Hintf("add dnsForwarding: { networks: ['%s'] } to a router, or name another resolver", network.Name)
		}
	}
}

// ownerOf is the VM that has an address, or nil.
func ownerOf(t *topology.Topology, a netip.Addr) *topology.VM {
	if !slices.ContainsFunc(t.Networks, func(n topology.Network) bool { return n.Subnet.Contains(a) }) {
		return nil
	}
	for i := range t.VMs {
		if t.VMs[i].Owns(a) {
			return &t.VMs[i]
		}
	}
	return nil
}

func answersDNS(vm *topology.VM, a netip.Addr) bool {
	return slices.ContainsFunc(vm.Listeners(), func(l topology.Listener) bool {
		return l.Protocol == "udp" && l.Port == 53 && l.Answers(a)
	})
}
