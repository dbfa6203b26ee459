package schema

import (
	"net/netip"
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// checkRouters finds routes and firewall rules that say too little or
// contradict each other.
func checkRouters(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		routerOS(vm, &diags)
		hooks(vm, &diags)
		for _, set := range vm.Router.Firewall.Rulesets {
			for _, rule := range set.Rules {
				path := routerPath(vm, "firewall", "rulesets", set.Name, "rules", rule.Number)
				portNeedsProtocol(path, rule, &diags)
				ruleFamilies(t, vm, path, rule, &diags)
			}
		}
		for _, route := range vm.Router.StaticRoutes {
			staticRoute(t, vm, route, &diags)
		}
	}
	return diags
}

// routerOS finds two minds about what a router is: VyOS is a system of its own,
// the other platform needs one.
func routerOS(vm *topology.VM, diags *diag.List) {
	if vm.Router.Platform == "debian" && vm.OS == "" {
		diags.Errorf("router/os", routerPath(vm, "platform"), "a router on platform %q needs a Debian system, and %q has no os", vm.Router.Platform, vm.Name).
			Hintf("write os: 'debian-12' in the VM")
	}
	if vm.Router.Platform == "vyos" && vm.OS != "" {
		diags.Errorf("router/os", vmPath(vm, "os"), "a VM with os %q cannot run the router platform %q", vm.OS, vm.Router.Platform).
			Also(routerPath(vm, "platform"), "the platform").Hintf("leave os out: VyOS is the operating system")
	}
}

// hooks finds two rulesets at one place: only the first would ever be asked.
func hooks(vm *topology.VM, diags *diag.List) {
	first := map[topology.Attachment]string{}
	for _, set := range vm.Router.Firewall.Rulesets {
		for i, a := range set.Attach {
			path := routerPath(vm, "firewall", "rulesets", set.Name, "attach", i)
			other, taken := first[a]
			if !taken {
				first[a] = path
				continue
			}
			diags.Errorf("firewall/hook-twice", path, "a ruleset is already attached to %q of %q", a.Direction, a.Interface).
				Also(other, "already attached here").Hintf("put the rules of both in one ruleset")
		}
	}
}

func portNeedsProtocol(path string, rule topology.Rule, diags *diag.List) {
	switch rule.Protocol {
	case "tcp", "udp", "tcp_udp":
		return
	}
	for _, side := range []struct {
		key    string
		target topology.Target
	}{{"source", rule.Source}, {"destination", rule.Destination}} {
		if len(side.target.Port) == 0 {
			continue
		}
		d := diags.Errorf("firewall/port-protocol", diag.Join(path, side.key, "port"), "a port is matched, but %s", protocolSays(rule.Protocol))
		d.Hintf("write protocol: 'tcp', 'udp' or 'tcp_udp' in the rule")
		return
	}
}

func protocolSays(protocol string) string {
	if protocol == "" {
		return "the rule names no protocol"
	}
	return "protocol " + protocol + " has no ports"
}

// ruleFamilies finds a rule whose two sides never meet in one packet.
func ruleFamilies(t *topology.Topology, vm *topology.VM, path string, rule topology.Rule, diags *diag.List) {
	from, to := t.Resolve(vm, rule.Source), t.Resolve(vm, rule.Destination)
	if from.IsValid() && to.IsValid() && from.Addr().Is4() != to.Addr().Is4() {
		diags.Errorf("addresses/family", path, "the source %s is %s, but the destination %s is %s", from, family(from.Addr()), to, family(to.Addr()))
	}
}

// onNetwork is the network of a VM that an address lies in, or nil.
func onNetwork(t *topology.Topology, vm *topology.VM, a netip.Addr) *topology.Network {
	for _, i := range vm.Interfaces {
		if n := t.Network(i.Network); n != nil && n.Subnet.Contains(a) {
			return n
		}
	}
	return nil
}

// inTunnel reports whether an address lies in a tunnel of the router.
func inTunnel(vm *topology.VM, a netip.Addr) bool {
	return slices.ContainsFunc(vm.Router.Tunnels(), func(t topology.Tunnel) bool { return t.Subnet.Contains(a) })
}
