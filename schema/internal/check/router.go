package check

import (
	"net/netip"
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/internal/wording"
	"stackgen/schema/release"
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
		groupShape(t, vm, &diags)
		attachments(vm, &diags)
		jumpLoops(vm, &diags)
		checkZones(vm, &diags)
		for _, set := range vm.Router.Firewall.Rulesets {
			for _, rule := range set.Rules {
				path := routerPath(vm, "firewall", "rulesets", set.Name, "rules", rule.Number)
				knownProtocol(path, rule.Protocol, &diags)
				portNeedsProtocol(path, rule, &diags)
				jumps(path, rule, &diags)
				ruleFamily(t, vm, set.Family, path, rule, &diags)
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
		diags.Errorf("router/os", routerPath(vm, "platform"),
			"a router on platform %q needs a Debian system, and %q has no os", vm.Router.Platform, vm.Name).
			Hintf("write os: '%s' in the VM", release.Newest().Name)
	}
	if vm.Router.Platform == "vyos" && vm.OS != "" {
		diags.Errorf("router/os", vmPath(vm, "os"), "a VM with os %q cannot run the router platform %q", vm.OS,
			vm.Router.Platform).
			Also(routerPath(vm, "platform"), "the platform").Hintf("leave os out: VyOS is the operating system")
	}
}

// hooks finds two rulesets at one place: only the first would ever be asked.
func hooks(vm *topology.VM, diags *diag.List) {
	type place struct{ iface, direction, family string }
	first := map[place]string{}
	for i := range vm.Router.Firewall.Rulesets {
		set := &vm.Router.Firewall.Rulesets[i]
		for _, h := range vm.Router.Firewall.Hooks(set) {
			at := place{h.Interface, h.Direction, h.Family}
			path := routerPath(vm, "firewall", "rulesets", set.Name, "attach", h.Attachment)
			other, taken := first[at]
			if !taken {
				first[at] = path
				continue
			}
			diags.Errorf("firewall/hook-twice", path, "a ruleset is already attached to %q of %q", h.Direction, h.Interface).
				Also(other, "already attached here").Hintf("put the rules of both in one ruleset")
		}
	}
}

// knownProtocol reports a name that protocols(5) does not have.
func knownProtocol(path, protocol string, diags *diag.List) {
	names := topology.ProtocolNames()
	if _, ok := topology.ProtocolNumber(protocol); ok || protocol == "" || slices.Contains(names, protocol) {
		return
	}
	d := diags.Errorf("firewall/protocol", diag.Join(path, "protocol"), "%q is no protocol of IP", protocol)
	if near := wording.Nearest(protocol, names); near != "" {
		d.Hintf("did you mean %q?", near)
	} else {
		d.Hintf("write a name of protocols(5), as 'tcp' or 'igmp', or a number from '0' to '255'")
	}
}

func portNeedsProtocol(path string, rule topology.Rule, diags *diag.List) {
	if topology.HasPorts(rule.Protocol) {
		return
	}
	for _, side := range []struct {
		key    string
		target topology.Target
	}{{"source", rule.Source}, {"destination", rule.Destination}} {
		if len(side.target.Port) == 0 && side.target.PortGroup == "" {
			continue
		}
		d := diags.Errorf("firewall/port-protocol", diag.Join(path, side.key, portKey(side.target)),
			"a port is matched, but %s", protocolSays(rule.Protocol))
		d.Hintf("write protocol: 'tcp', 'udp' or 'tcp_udp' in the rule")
		return
	}
}

// portKey is the key by which a target names ports.
func portKey(g topology.Target) string {
	if g.PortGroup != "" {
		return "portGroup"
	}
	return "port"
}

func protocolSays(protocol string) string {
	if protocol == "" {
		return "the rule names no protocol"
	}
	return "protocol " + protocol + " has no ports"
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

// nextTo reports whether a router reaches an address without another router.
func nextTo(t *topology.Topology, vm *topology.VM, a netip.Addr) bool {
	beside, _ := t.Beside(vm, a)
	return onNetwork(t, vm, a) != nil || inTunnel(vm, a) || beside != nil
}

// inTunnel reports whether an address lies in a tunnel of the router.
func inTunnel(vm *topology.VM, a netip.Addr) bool {
	return slices.ContainsFunc(vm.Router.Tunnels(), func(t topology.Tunnel) bool { return t.Subnet.Contains(a) })
}
