package check

import (
	"slices"
	"testing"

	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/topology"
	"stackgen/schema/topology/topologytest"
)

// TestMissingMachinesAreFound writes the name of no machine at each place of the
// model that takes one, and wants a finding.
func TestMissingMachinesAreFound(t *testing.T) {
	full := topologytest.Full()
	networksOnly := []string{ // what the schema takes there is a network or an address
		".VMs.0.Router.BGP.Networks.0.VM", ".VMs.0.Router.OSPF.Areas.0.Networks.0.VM",
		".VMs.0.Router.NAT.Source.0.Source.VM", ".VMs.0.Router.Firewall.Groups.Network.0.Networks.0.VM",
		".VMs.0.Router.OpenVPN.0.PushRoutes.0.VM", ".VMs.0.Router.WireGuard.0.Peers.0.Profile.AllowedIPs.0.VM",
		".VMs.0.Router.IPsec.0.Tunnels.0.Local.VM",
	}
	for _, p := range topologytest.MachineNames(full) {
		if slices.Contains(networksOnly, p.Path) {
			continue
		}
		p.Value.SetString("nobody")
		found := slices.ContainsFunc(checkReferences(full), func(d diag.Diagnostic) bool {
			return d.Rule == "references/missing" && d.Message == `there is no VM "nobody"` || d.Message == `there is no VM or network "nobody"`
		})
		if !found {
			t.Errorf("%s: nobody misses the machine", p.Path)
		}
		p.Value.SetString("")
	}
}

// TestPlainSecretsAreFound writes a password into each environment and each file
// of the model, and wants a warning.
func TestPlainSecretsAreFound(t *testing.T) {
	full := topologytest.Full()
	find := func(path string) {
		if !slices.ContainsFunc(checkHygiene(full), func(d diag.Diagnostic) bool { return d.Rule == "hygiene/plain-secret" }) {
			t.Errorf("%s: nobody sees the secret", path)
		}
	}
	for _, p := range topologytest.Places[topology.Env](full) {
		e := p.Value.Addr().Interface().(*topology.Env)
		*e = topology.Env{Name: "DB_PASSWORD", Value: "s3cret"}
		find(p.Path)
		*e = topology.Env{Name: "env"}
	}
	for _, p := range topologytest.Places[topology.File](full) {
		f := p.Value.Addr().Interface().(*topology.File)
		f.Content = "password = 's3cret-9'\n"
		find(p.Path)
		f.Content = ""
	}
}

// TestSecretsAreUsed wants each secret of the model among the uses.
func TestSecretsAreUsed(t *testing.T) {
	full := topologytest.Full()
	for _, p := range topologytest.Places[topology.Secret](full) {
		p.Value.SetString("vault/one")
		if secretUses(full)["vault/one"] == "" {
			t.Errorf("%s: nobody uses the secret", p.Path)
		}
		p.Value.SetString("")
	}
}

// TestListenersAreTraced wants a walk to each port of a VM with everything to end
// at what listens there.
func TestListenersAreTraced(t *testing.T) {
	full := topologytest.Full()
	vm := &full.VMs[0]
	numberPorts(vm)
	for _, l := range vm.Listeners() {
		to := l.Address
		if !to.IsValid() || to.IsUnspecified() {
			to = vm.Interfaces[0].Address
		}
		w := flow.New(full).FromVM(vm, flow.Packet{Protocol: l.Protocol, To: to, Port: l.Port})
		if w.By == nil || w.By.Service != l.Service {
			t.Errorf("%s on %s port %d: a walk ends at %+v", l.Service, l.Protocol, l.Port, w.Stopped())
		}
	}
}

// numberPorts gives each port of a VM that the model has a field for a number of its
// own.
func numberPorts(vm *topology.VM) {
	vm.SSH.Port, vm.MariaDB.Port, vm.Varnish.Listen, vm.Nginx.Sites[0].Listen = 1001, 1002, 1003, 1004
	vm.Varnish.TLS.Listen, vm.Nginx.Sites[0].TLS.Listen = 1007, 1008
	vm.Router.OpenVPN[0].Port, vm.Router.OpenVPN[0].Protocol, vm.Router.WireGuard[0].Port = 1005, "udp", 1006
}

// TestUnreachableUpstreamsAreFound wants a finding about each thing that a service
// asks at a port where nothing listens.
func TestUnreachableUpstreamsAreFound(t *testing.T) {
	full := topologytest.Full()
	for _, place := range topologytest.MachineNames(full) {
		place.Value.SetString("")
	}
	vm := &full.VMs[0]
	numberPorts(vm)
	for _, s := range vm.Offers() {
		for _, u := range s.Upstreams {
			if u.Kind == "variable" { // an address that says nothing of a port
				continue
			}
			other := lonely(full)
			target := targetAt(other, u)
			target.VM, target.Port = "lonely", topology.Ports{{First: 9999, Last: 9999}}
			if !slices.ContainsFunc(checkPaths(other), func(d diag.Diagnostic) bool { return d.Rule == "services/no-listener" }) {
				t.Errorf("%s: nobody sees that %s %s asks a port where nothing listens", s.Name, u.Kind, u.Name)
			}
		}
	}
}

// lonely is a model with one more machine, on which only SSH listens.
func lonely(full *topology.Topology) *topology.Topology {
	other := topologytest.Full()
	numberPorts(&other.VMs[0])
	address := other.VMs[0].Interfaces[0].Address.Next()
	iface := topology.Interface{Name: "eth0", Network: other.Networks[0].Name, Address: address}
	other.VMs = append([]topology.VM{{Name: "lonely", Host: other.VMs[0].Host, OS: "debian-12", SSH: topology.SSH{Port: 22}, Interfaces: []topology.Interface{iface}}}, other.VMs...)
	other.Complete()
	return other
}

// targetAt is the target of something that a service asks, in another model.
func targetAt(t *topology.Topology, u topology.Upstream) (target *topology.Target) {
	vm := &t.VMs[len(t.VMs)-1]
	vm.Mentions(func(m topology.Mention) {
		if m.Target != nil && diag.Path(m.Path...) == diag.Path(u.Path...) {
			target = m.Target
		}
	})
	return target
}
