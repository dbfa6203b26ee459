package check

import (
	"cmp"
	"strconv"

	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/internal/wording"
	"stackgen/schema/topology"
)

// checkPaths walks the connections that a topology speaks of, from each end to
// the other, and finds those that do not arrive.
func checkPaths(t *topology.Topology) (diags diag.List) {
	n := flow.New(t)
	n.Lenient = true
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Varnish != nil {
			backendPaths(n, vm, &diags)
		}
		databasePaths(n, vm, &diags)
		connectionPaths(n, vm, &diags)
		if vm.Router != nil {
			for _, rule := range vm.DestinationRules() {
				dnatPath(n, vm, rule, &diags)
			}
		}
	}
	waysOut(n, &diags)
	return diags
}

// backendPaths walks from a cache to each VM that it fetches from.
func backendPaths(n *flow.Net, vm *topology.VM, diags *diag.List) {
	for i := range vm.Varnish.Backends {
		b := &vm.Varnish.Backends[i]
		to := n.VM(b.Target.VM)
		if to == nil || to == vm || !n.AddressOf(vm, to.Name).IsValid() {
			continue
		}
		path := vmPath(vm, "varnish", "backends", b.Name)
		if stop := n.ToBackend(vm, b).Stopped(); stop.Why == flow.NoListener {
			noListener(to, b.Target.Port.Single(), diag.Join(path, "port"), diags)
		} else {
			cut(diags, path, "backend "+strconv.Quote(b.Name)+" is not reached from "+strconv.Quote(vm.Name), stop)
		}
	}
}

// connectionPaths walks from each program of the user's to what it connects to.
func connectionPaths(n *flow.Net, vm *topology.VM, diags *diag.List) {
	for _, u := range vm.Upstreams() {
		if u.Kind != "connection" || u.Target.VM != "" && !n.AddressOf(vm, u.Target.VM).IsValid() {
			continue
		}
		path, to := vmPath(vm, u.Path...), n.VM(u.Target.VM)
		if stop := n.ToConnection(vm, &u).Stopped(); stop.Why == flow.NoListener && to != nil {
			noListener(to, u.Target.Port.Single(), diag.Join(path, "port"), diags)
		} else {
			cut(diags, path, "what service "+strconv.Quote(u.Name)+" connects to is not reached from "+
				strconv.Quote(vm.Name), stop)
		}
	}
}

// databasePaths walks from an application to its databases.
func databasePaths(n *flow.Net, vm *topology.VM, diags *diag.List) {
	for _, c := range n.Connections(vm) {
		stop := n.ToDatabase(vm, c).Stopped()
		path := vmPath(vm, append(c.EnvPath(c.Host), "vm")...)
		if stop.Why != flow.NoListener && stop.Why != flow.NoGrant { // these have rules of their own
			cut(diags, path, wording.Quoted("VM", c.To.Name)+" is not reached from "+strconv.Quote(vm.Name), stop)
		}
	}
}

// cut reports a walk that was stopped on its way. Bridges that are not joined
// have a rule of their own.
func cut(diags *diag.List, path, what string, stop flow.Hop) {
	switch stop.Why {
	case flow.NoRoute, flow.NoMachine, flow.NoSource, flow.NoReturn:
		diags.Errorf("services/no-route", path, "%s: %s", what, stop.Text).Also(stop.Path, "where it ends").
			Hintf("put both on one network, or a router between theirs")
	case flow.Dropped:
		diags.Errorf("services/blocked", path, "%s: %s", what, stop.Text).Also(stop.Path, "what stops it").
			Hintf("add a rule that accepts it")
	}
}

// noListener reports a port on which nothing listens. Where programs of the user's may, it
// only warns, and where nothing is known but SSH it says nothing.
func noListener(to *topology.VM, port int, path string, diags *diag.List) {
	ports := tcpPorts(to)
	var d *diag.Diagnostic
	switch {
	case to.Managed():
		d = diags.Errorf("services/no-listener", path, "nothing listens on port %d of VM %q", port, to.Name)
	case len(ports) > 1:
		d = diags.Warningf("services/no-listener", path, "nothing that the topology knows of listens on port %d of VM %q",
			port, to.Name)
	default:
		return
	}
	d.Also(vmPath(to), "the VM")
	if len(ports) > 0 {
		d.Hintf("it listens on %s", wording.List(ports, "and"))
	}
}

func tcpPorts(vm *topology.VM) (ports []string) {
	for _, l := range vm.Listeners() {
		if l.Protocol == "tcp" {
			ports = append(ports, strconv.Itoa(l.Port))
		}
	}
	return ports
}

// dnatPath walks what a rule of destination NAT is for, from any address outside.
func dnatPath(n *flow.Net, vm *topology.VM, rule topology.DestinationNAT, diags *diag.List) {
	iface := vm.Interface(rule.InboundInterface)
	if iface == nil || !n.IsOutside(n.Network(iface.Network)) || rule.Exclude {
		return
	}
	to, path := vm.PublicAddress(rule), natPath(vm, rule.Written)
	for _, port := range firstPorts(rule.Port) {
		for _, protocol := range openProtocols(n, vm, rule, flow.Packet{To: to, Port: port}) {
			w := n.FromInterface(vm, iface.Name, flow.Packet{Protocol: protocol, To: to, Port: port})
			if len(w.Hops) == 0 || w.Hops[0].Kind != flow.DNAT || w.Hops[0].Path != path {
				return // another rule is before it, or it cannot be resolved
			}
			if dnatFinding(n, vm, rule, port, path, w, diags) {
				return
			}
		}
	}
}

// firstPorts are the first of each range; 0 stands for any port.
func firstPorts(ports topology.Ports) (first []int) {
	for _, r := range ports {
		first = append(first, r.First)
	}
	if len(first) == 0 {
		first = []int{0}
	}
	return first
}

func protocols(p string) []string {
	if p == "tcp_udp" {
		return []string{"tcp", "udp"}
	}
	return []string{p}
}

// openProtocols are those to try a rule with: for one that is for all, any that
// the firewall lets through, or one that it does not.
func openProtocols(n *flow.Net, vm *topology.VM, rule topology.DestinationNAT, p flow.Packet) []string {
	if rule.Protocol != "all" {
		return protocols(rule.Protocol)
	}
	for _, p.Protocol = range []string{"udp", "icmp"} {
		if n.FromInterface(vm, rule.InboundInterface, p).Stopped().Why != flow.Dropped {
			return []string{p.Protocol}
		}
	}
	return []string{"tcp"}
}

// dnatFinding reports why a walk to a port of a rule did not arrive, if it did not.
func dnatFinding(n *flow.Net, vm *topology.VM, rule topology.DestinationNAT, port int, path string, w *flow.Walk,
	diags *diag.List) bool {
	to := n.Resolve(vm, rule.Translation).Addr()
	target := n.VM(rule.Translation.VM)
	switch stop := w.Stopped(); stop.Why {
	case flow.Dropped:
		diags.Errorf("nat/blocked", path, "the rule leads to %s, but the firewall stops it: %s", to, stop.Text).
			Also(stop.Path, "what stops it").
			Hintf("accept the translated address and port: destination NAT comes before the firewall")
		return true
	case flow.NoRoute, flow.NoMachine:
		diags.Errorf("nat/unreachable", diag.Join(path, "translation"), "%s is not reached: %s", to, stop.Text).
			Also(stop.Path, "where it ends").Hintf("write a machine on a network of the router")
		return true
	case flow.NoListener:
		if target != nil && rule.Protocol == "tcp" && len(rule.Port) > 0 {
			noListener(target, cmp.Or(rule.Translation.Port.Single(), port), diag.Join(path, "translation"), diags)
		}
		return true
	case flow.NoReturn:
		noReturn(n, vm, target, path, stop, diags)
		return true
	}
	return false // firewall/answers-dropped
}

// noReturn reports a target whose answers do not come back: they leave by another
// router, where nobody knows the connection.
func noReturn(n *flow.Net, router, target *topology.VM, path string, stop flow.Hop, diags *diag.List) {
	if target == nil || target == router {
		diags.Errorf("nat/no-return", diag.Join(path, "translation"), "%s", stop.Text).Also(stop.Path, "where it ends").
			Hintf("make the router the gateway of the network that it translates to")
		return
	}
	via := "it has no default route"
	if _, gateway := n.DefaultRoute(target); gateway.IsValid() {
		via = "its default route is " + gateway.String()
	}
	diags.Errorf("nat/no-return", diag.Join(path, "translation"), "answers of %q do not come back to %q: %s", target.Name,
		router.Name, via).
		Also(vmPath(target, "interfaces"), "where it sends them").
		Hintf("make the router the gateway of a network that %q is on", target.Name)
}

// waysOut finds networks whose packets leave the topology with private sources.
// A network that is not to reach the Internet is blocked or has no gateway.
func waysOut(n *flow.Net, diags *diag.List) {
	asked := map[string]bool{}
	for i := range n.VMs {
		vm := &n.VMs[i]
		name, _ := n.DefaultRoute(vm)
		iface := vm.Interface(name)
		if iface == nil || asked[iface.Network] {
			continue
		}
		asked[iface.Network] = true
		network := n.Network(iface.Network)
		router := n.RouterOf(network)
		w := n.FromVM(vm, flow.Packet{Protocol: "tcp", To: n.Stranger(iface.Address.Is4()), Port: 443})
		if router == nil || router.Router == nil || w.Stopped().Why != flow.NoSource {
			continue
		}
		diags.Warningf("nat/no-source", networkPath(network), "machines of network %q do not reach the Internet: no source NAT for %s on %q", network.Name, network.Subnet, router.Name).
			Also(routerPath(router, "nat", "source"), "its rules").
			Hintf("add a rule with source: '%s' and the outside interface, or leave out the gateway", network.Name)
	}
}
