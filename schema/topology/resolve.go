package topology

import "net/netip"

// ResolveTargets writes beside each name of a machine or network the address that
// it stands for: the model as a person wants to see it. Renderers resolve for
// themselves and do not need it.
func (t *Topology) ResolveTargets() {
	for i := range t.VMs {
		vm := &t.VMs[i]
		vm.Mentions(func(m Mention) { t.resolve(vm, m) })
		if vm.Router != nil {
			t.resolveServices(vm)
		}
	}
}

func (t *Topology) resolve(from *VM, m Mention) {
	if m.Target != nil {
		if p := t.Resolve(from, *m.Target); p != (netip.Prefix{}) {
			m.Target.Address = p
		}
	}
	if a := t.AddressOf(from, m.VM); m.resolve != nil && a.IsValid() {
		m.resolve(a)
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
