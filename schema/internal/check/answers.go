package check

import (
	"fmt"
	"net/netip"

	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/internal/wording"
	"stackgen/schema/topology"
)

// lost collects what a firewall does not let through that is asked for, by what
// stops it: one cause is one finding, however many suffer.
type lost struct {
	by    map[string]*loss
	order []string
}

// loss is what one rule, or one default, stops.
type loss struct {
	vm    *topology.VM
	text  string // what the walk says
	what  []string
	paths []string // of what is asked for, in the order of what
	wants []string // what would let it through
}

func (l *lost) add(vm *topology.VM, stop, text, what, path string) {
	if l.by == nil {
		l.by = map[string]*loss{}
	}
	one := l.by[stop]
	if one == nil {
		one = &loss{vm: vm, text: text}
		l.by[stop] = one
		l.order = append(l.order, stop)
	}
	for i, known := range one.what {
		if known == what && one.paths[i] == path {
			return
		}
	}
	one.what, one.paths = append(one.what, what), append(one.paths, path)
}

// maxNamed is how many of those that suffer a message names.
const maxNamed = 3

// names lists what is lost in a sentence.
func (l *loss) names() string {
	if more := len(l.what) - maxNamed; more > 1 {
		return wording.List(append(append([]string{}, l.what[:maxNamed]...), fmt.Sprintf("%d more", more)), "and")
	}
	return wording.List(l.what, "and")
}

func (l *loss) also(d *diag.Diagnostic) *diag.Diagnostic {
	for i, path := range l.paths {
		if i < maxNamed {
			d.Also(path, l.what[i])
		}
	}
	return d
}

// checkAnswers finds firewalls that let a question out and its answer not back
// in. It asks what the topology asks: from its networks to the Internet, through
// destination NAT, for backends and databases, and what a router asks itself.
func checkAnswers(t *topology.Topology) (diags diag.List) {
	n := flow.New(t)
	n.Lenient = true
	var l lost
	networkAnswers(n, &l)
	for i := range t.VMs {
		vm := &t.VMs[i]
		serviceAnswers(n, vm, &l)
		if vm.Router != nil {
			publishedAnswers(n, vm, &l)
			ownAnswers(n, vm, &l)
		}
	}
	for _, stop := range l.order {
		one := l.by[stop]
		one.also(diags.Errorf("firewall/answers-dropped", stop, "%q drops the answers to %s: %s", one.vm.Name, one.names(),
			one.text)).
			Hintf("%s", answersHint(one.vm))
	}
	return diags
}

func answersHint(vm *topology.VM) string {
	if vm.Router.Firewall.StatePolicy.Established == "" {
		return "add statePolicy: { established: 'accept', related: 'accept' } to the firewall"
	}
	return "let back what belongs to a connection: statePolicy.established: 'accept', or a rule with state: ['established']"
}

// answer takes note of a walk whose answer a router drops.
func (l *lost) answer(n *flow.Net, w *flow.Walk, what, path string) {
	if stop := w.Stopped(); stop.Why == flow.NoAnswer {
		l.add(n.VM(stop.Machine), stop.Path, stop.Text, what, path)
	}
}

// networkAnswers asks the Internet from each network.
func networkAnswers(n *flow.Net, l *lost) {
	asked := map[string]bool{}
	for i := range n.VMs {
		vm := &n.VMs[i]
		name, _ := n.DefaultRoute(vm)
		iface := vm.Interface(name)
		if vm.Router != nil || iface == nil || asked[iface.Network] {
			continue
		}
		asked[iface.Network] = true
		w := n.FromVM(vm, flow.Packet{Protocol: "tcp", To: n.Stranger(iface.Address.Is4()), Port: 443})
		l.answer(n, w, fmt.Sprintf("what machines of network %q ask the Internet", iface.Network),
			diag.Path("networks", iface.Network))
	}
}

// serviceAnswers asks backends and databases.
func serviceAnswers(n *flow.Net, vm *topology.VM, l *lost) {
	if vm.Varnish != nil {
		for i := range vm.Varnish.Backends {
			b := &vm.Varnish.Backends[i]
			l.answer(n, n.ToBackend(vm, b), fmt.Sprintf("what %q asks its backend %q", vm.Name, b.Name),
				vmPath(vm, "varnish", "backends", b.Name))
		}
	}
	for _, c := range n.Connections(vm) {
		l.answer(n, n.ToDatabase(vm, c), fmt.Sprintf("what %q asks its database", vm.Name),
			vmPath(vm, c.EnvPath(c.Host)...))
	}
	for _, u := range vm.Upstreams() {
		if u.Kind == "connection" {
			l.answer(n, n.ToConnection(vm, &u), fmt.Sprintf("what service %q of %q asks", u.Name, vm.Name),
				vmPath(vm, u.Path...))
		}
	}
}

// publishedAnswers asks what a router publishes by destination NAT, and its own
// services for the machines of a network.
func publishedAnswers(n *flow.Net, vm *topology.VM, l *lost) {
	for _, rule := range vm.DestinationRules() {
		iface := vm.Interface(rule.InboundInterface)
		if iface == nil || rule.Exclude || !n.IsOutside(n.Network(iface.Network)) || !vm.PublicAddress(rule).IsValid() {
			continue
		}
		for _, protocol := range publishedProtocols(rule.Protocol) {
			p := flow.Packet{Protocol: protocol, To: vm.PublicAddress(rule), Port: firstPorts(rule.Port)[0]}
			l.answer(n, n.FromInterface(vm, iface.Name, p), fmt.Sprintf("clients of NAT rule %d", rule.Number),
				natPath(vm, rule.Written))
		}
	}
	for _, s := range vm.Listeners() {
		i := listensOn(vm, s)
		if i == nil || s.Service == "dhcp" { // whose clients have no address to answer to
			continue
		}
		p := flow.Packet{Protocol: s.Protocol, Source: neighbour(n, *i), To: s.Address, Port: s.Port}
		l.answer(n, n.FromInterface(vm, i.Name, p), "clients of "+serviceName(s), flow.ListenerPath(vm, s))
	}
}

func publishedProtocols(p string) []string {
	if p == "all" {
		return []string{"tcp", "udp"}
	}
	return protocols(p)
}

// listensOn is the interface that a service of a router is for, or nil when it
// is for all.
func listensOn(vm *topology.VM, l topology.Listener) *topology.Interface {
	for i := range vm.Interfaces {
		if l.Address.IsValid() && vm.Interfaces[i].Address == l.Address {
			return &vm.Interfaces[i]
		}
	}
	return nil
}

// ownAnswers asks what a router asks itself.
func ownAnswers(n *flow.Net, vm *topology.VM, l *lost) {
	for _, q := range questions(n, vm) {
		l.answer(n, n.FromVM(vm, q.packet), q.what, q.path)
	}
}

// question is what a router asks others.
type question struct {
	what, path string
	packet     flow.Packet
}

// questions are what a router asks: the time, names, and the other ends of its
// tunnels. One asked by name is somewhere outside.
func questions(n *flow.Net, vm *topology.VM) (all []question) {
	r := vm.Router
	ask := func(what, path, protocol, to string, port int) {
		a, err := netip.ParseAddr(to)
		if err != nil {
			a = n.Stranger(true)
		}
		all = append(all, question{what, path, flow.Packet{Protocol: protocol, To: a, Port: port}})
	}
	for i, a := range r.NameServers {
		ask("DNS queries to "+a.String(), routerPath(vm, "nameServers", i), "udp", a.String(), 53)
	}
	if r.DNSForwarding != nil {
		for i, a := range r.DNSForwarding.NameServers {
			ask("DNS queries to "+a.String(), routerPath(vm, "dnsForwarding", "nameServers", i), "udp", a.String(), 53)
		}
	}
	if r.NTP != nil {
		for _, s := range r.NTP.Servers {
			ask("NTP queries to "+s.Name, routerPath(vm, "ntp", "servers", s.Name), "udp", s.Name, 123)
		}
	}
	for _, v := range r.OpenVPN {
		if v.Mode == "client" || v.Role == "active" {
			ask("OpenVPN "+v.Name, routerPath(vm, "openvpn", v.Name), v.Protocol, v.Remote, v.Port)
		}
	}
	for _, w := range r.WireGuard {
		for _, p := range w.Peers {
			if p.Endpoint.IsValid() {
				ask("WireGuard peer "+p.Name, routerPath(vm, "wireguard", w.Name, "peers", p.Name), "udp", p.Endpoint.Addr().
					String(), int(p.Endpoint.Port()))
			}
		}
	}
	for _, p := range r.IPsec {
		ask("IKE with "+p.Name, routerPath(vm, "ipsec", p.Name), "udp", p.RemoteAddress.String(), 500)
	}
	return all
}
