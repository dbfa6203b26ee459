package topology

import "net/netip"

// ResolveTargets writes beside each name in a target, a pushed route or the
// environment of a pool the address that it stands for: the model as a person
// wants to see it. Renderers resolve for themselves and do not need it.
func (t *Topology) ResolveTargets() {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router != nil {
			t.resolveRouter(vm)
		}
		if vm.Varnish != nil {
			for j := range vm.Varnish.Backends {
				t.resolve(vm, &vm.Varnish.Backends[j].Target)
			}
		}
		if vm.PHP != nil {
			t.resolveEnv(vm)
		}
	}
}

func (t *Topology) resolveRouter(vm *VM) {
	r := vm.Router
	for i := range r.NAT.Source {
		t.resolve(vm, &r.NAT.Source[i].Source)
		t.resolve(vm, &r.NAT.Source[i].Destination)
	}
	for i := range r.NAT.Destination {
		t.resolve(vm, &r.NAT.Destination[i].Source)
		t.resolve(vm, &r.NAT.Destination[i].Translation)
	}
	for i := range r.NAT.Static {
		t.resolve(vm, &r.NAT.Static[i].Translation)
	}
	for _, set := range r.Firewall.Rulesets {
		for i := range set.Rules {
			t.resolve(vm, &set.Rules[i].Source)
			t.resolve(vm, &set.Rules[i].Destination)
		}
	}
	t.resolveServices(vm)
	for _, o := range r.OpenVPN {
		for i := range o.PushRoutes {
			t.resolve(vm, &o.PushRoutes[i])
		}
	}
	for _, p := range r.IPsec {
		for i := range p.Tunnels {
			t.resolve(vm, &p.Tunnels[i].Local)
		}
	}
	for _, w := range r.WireGuard {
		for _, p := range w.Peers {
			for i := 0; p.Profile != nil && i < len(p.Profile.AllowedIPs); i++ {
				t.resolve(vm, &p.Profile.AllowedIPs[i])
			}
		}
	}
}

// resolveServices writes out what servers tell their clients.
func (t *Topology) resolveServices(vm *VM) {
	for i := range vm.Router.DHCPServers {
		d := &vm.Router.DHCPServers[i]
		d.DefaultRouter, d.NameServers, d.StaticMappings = t.DHCPRouter(d), t.DHCPNameServers(vm, d), t.Mappings(vm, d)
	}
	if dns := vm.Router.DNSForwarding; dns != nil {
		dns.NameServers = vm.Router.Upstream()
	}
}

func (t *Topology) resolve(from *VM, g *Target) {
	if p := t.Resolve(from, *g); p != (netip.Prefix{}) {
		g.Address = p
	}
}

func (t *Topology) resolveEnv(vm *VM) {
	for i := range vm.PHP.Env {
		e := &vm.PHP.Env[i]
		if a := t.AddressOf(vm, e.VM); e.VM != "" && a.IsValid() {
			e.Value = a.String()
		}
	}
}
