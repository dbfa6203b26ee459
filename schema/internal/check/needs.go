package check

import (
	"fmt"
	"net/netip"
	"slices"

	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/internal/wording"
	"stackgen/schema/topology"
)

// checkNeeds finds firewalls of routers that drop what the topology asks of the
// routers themselves: neighbour discovery, DHCPv6, routing protocols, their own
// queries, and the messages by which senders learn of smaller packets.
func checkNeeds(t *topology.Topology) (diags diag.List) {
	n := flow.New(t)
	n.Lenient = true
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		s := survivor{n: n, vm: vm}
		for j := range vm.Interfaces {
			s.link(&vm.Interfaces[j])
		}
		s.bgp()
		s.queries()
		for _, stop := range s.dies.order {
			one := s.dies.by[stop]
			one.also(diags.Errorf("firewall/needed", one.text, "%q drops what it needs: %s", vm.Name, one.names())).
				Hintf("%s", one.hint())
		}
		s.pathMTU(&diags)
	}
	return diags
}

// survivor is a router whose firewall is asked for what it needs.
type survivor struct {
	n    *flow.Net
	vm   *topology.VM
	dies lost // by the place that stops it
}

// requirement is a packet that has to come in, or go out.
type requirement struct {
	what, path, accept string
	packet             flow.Packet
}

// hint is the rule that would let in all that is lost.
func (l *loss) hint() string { return "add rules that accept " + l.accept() }

func (l *loss) accept() string {
	var all []string
	for _, w := range l.wants {
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return wording.List(all, "and")
}

// in takes note of a packet for the router itself that does not come in by an
// interface.
func (s *survivor) in(device string, need requirement) {
	if v, seen := s.n.Filter(s.vm, device, "local", need.packet); seen && !v.Accept {
		s.lose(v, need)
	}
}

// out takes note of a packet of the router's own that its zones keep in.
func (s *survivor) out(device string, need requirement) {
	if v, seen := s.n.Between(s.vm, "", device, need.packet); seen && !v.Accept {
		s.lose(v, need)
	}
}

func (s *survivor) lose(v flow.Verdict, need requirement) {
	s.dies.add(s.vm, v.Path, v.Path, need.what, need.path)
	one := s.dies.by[v.Path]
	one.wants = append(one.wants, need.accept)
}

var (
	linkLocal     = netip.MustParseAddr("fe80::1")
	ownLinkLocal  = netip.MustParseAddr("fe80::2")
	solicitedNode = netip.MustParseAddr("ff02::1:ff00:2") // RFC 4291, section 2.7.1
	allNodes      = netip.MustParseAddr("ff02::1")
	allRouters    = netip.MustParseAddr("ff02::2")
	allDHCP       = netip.MustParseAddr("ff02::1:2")
	allOSPF       = netip.MustParseAddr("224.0.0.5")
)

// link asks for what a link needs.
func (s *survivor) link(i *topology.Interface) {
	path := vmPath(s.vm, "interfaces", i.Name)
	if addresses := s.six(i); len(addresses) > 0 {
		s.discovery(i, path, addresses)
	}
	if i.DHCPv6 {
		need := requirement{"answers to its DHCPv6 client on " + i.Name, diag.Join(path, "dhcpv6"),
			"protocol: 'udp' from port 547 to port 546", flow.Packet{}}
		need.packet = flow.Packet{Protocol: "udp", Source: linkLocal, SourcePort: 547, To: ownLinkLocal, Port: 546}
		s.in(i.Name, need)
		need.what, need.packet = "queries of its DHCPv6 client on "+i.Name, flow.Packet{Protocol: "udp",
			Source: ownLinkLocal, SourcePort: 546, To: allDHCP, Port: 547}
		s.out(i.Name, need)
	}
	if s.speaksOSPF(i) {
		need := requirement{"OSPF on " + i.Name, routerPath(s.vm, "ospf"), "protocol: 'ospf'",
			flow.Packet{Protocol: "ospf", Source: neighbour(s.n, *i), To: allOSPF}}
		s.in(i.Name, need)
		need.packet.Source = i.Address
		s.out(i.Name, need)
	}
}

// six are the addresses at which an interface is spoken to by IPv6; none if it
// does not speak it.
func (s *survivor) six(i *topology.Interface) (addresses []netip.Addr) {
	for _, p := range s.n.AddressesOf(*i) {
		if p.Addr().Is6() {
			addresses = append(addresses, p.Addr())
		}
	}
	told := slices.ContainsFunc(s.vm.Router.RouterAdverts, func(a topology.RouterAdvert) bool { return a.Name == i.Name })
	if len(addresses) > 0 || i.DHCPv6 || told {
		addresses = append(addresses, ownLinkLocal)
	}
	return addresses
}

// discovery asks for neighbour discovery: solicitations for the link's group and
// advertisements to the addresses, of which connection tracking knows nothing.
func (s *survivor) discovery(i *topology.Interface, path string, addresses []netip.Addr) {
	need := requirement{"neighbour discovery of IPv6 on " + i.Name, path, "protocol: 'ipv6-icmp'", flow.Packet{}}
	for _, to := range append([]netip.Addr{solicitedNode, allNodes, allRouters}, addresses...) {
		need.packet = flow.Packet{Protocol: "icmp", Source: linkLocal, To: to, State: flow.Untracked}
		s.in(i.Name, need)
	}
	need.packet = flow.Packet{Protocol: "icmp", Source: ownLinkLocal, To: solicitedNode, State: flow.Untracked}
	s.out(i.Name, need)
}

// speaksOSPF reports whether a router looks for neighbours on an interface.
func (s *survivor) speaksOSPF(i *topology.Interface) bool {
	o := s.vm.Router.OSPF
	if o == nil || !i.Address.Is4() || slices.Contains(o.PassiveInterfaces, i.Name) {
		return false
	}
	return slices.ContainsFunc(o.Areas, func(a topology.OSPFArea) bool {
		return slices.ContainsFunc(a.Networks, func(g topology.Target) bool {
			p := s.n.Resolve(s.vm, g)
			return p.IsValid() && p.Contains(i.Address)
		})
	})
}

// bgp asks for sessions: it is enough that one end reaches the other.
func (s *survivor) bgp() {
	if s.vm.Router.BGP == nil {
		return
	}
	for _, b := range s.vm.Router.BGP.Neighbors {
		to, err := netip.ParseAddr(b.Name)
		device, own := s.n.Towards(s.vm, to)
		if err != nil || device == "" {
			continue
		}
		in := flow.Packet{Protocol: "tcp", Source: to, To: own, Port: 179}
		if v, closed := s.closed(device, in); closed && !s.opens(device, in) {
			s.lose(v, requirement{
				what: "BGP with " + b.Name, path: routerPath(s.vm, "bgp", "neighbors", b.Name),
				accept: fmt.Sprintf("protocol: 'tcp', source: { address: '%s' }, destination: { port: 179 }", b.Name),
			})
		}
	}
}

// closed is what stops a packet for the router itself.
func (s *survivor) closed(device string, p flow.Packet) (flow.Verdict, bool) {
	v, seen := s.n.Filter(s.vm, device, "local", p)
	return v, seen && !v.Accept
}

// opens reports whether a router gets an answer where it asks the same itself.
func (s *survivor) opens(device string, in flow.Packet) bool {
	v, seen := s.n.Between(s.vm, "", device,
		flow.Packet{Protocol: in.Protocol, Source: in.To, To: in.Source, Port: in.Port})
	_, closed := s.closed(device, flow.Packet{Protocol: in.Protocol, Source: in.Source, SourcePort: in.Port, To: in.To,
		Port: flow.Ephemeral, State: "established"})
	return (!seen || v.Accept) && !closed
}

// queries asks for what the router asks others, which zones may keep in.
func (s *survivor) queries() {
	for _, q := range questions(s.n, s.vm) {
		stop := s.n.FromVM(s.vm, q.packet).Stopped()
		if stop.Why == flow.Dropped && stop.Machine == s.vm.Name {
			s.lose(flow.Verdict{Path: stop.Path},
				requirement{what: q.what, path: q.path,
					accept: fmt.Sprintf("protocol: '%s' to port %d", q.packet.Protocol, q.packet.Port)})
		}
	}
}

// pathMTU warns about a firewall that lets answers in from outside, but not the
// messages that tell a sender to send less at once (RFC 1191, RFC 8201). Of a
// router between two MTUs layer2/mtu speaks.
func (s *survivor) pathMTU(diags *diag.List) {
	if _, two := twoMTUs(s.n.Topology, s.vm); two != nil {
		return
	}
	var first *diag.Diagnostic
	var told []string
	for i := range s.vm.Interfaces {
		iface := &s.vm.Interfaces[i]
		if !s.n.IsOutside(s.n.Network(iface.Network)) || !iface.Address.IsValid() {
			continue
		}
		for _, v := range s.meets(iface) {
			switch {
			case slices.Contains(told, v.Path):
				continue
			case first == nil:
				first = diags.Warningf("firewall/path-mtu", v.Path, "%q drops the messages that come in by %q when a packet is too large for a link further on: large answers hang", s.vm.Name, iface.Name).
					Also(vmPath(s.vm, "interfaces", iface.Name), "the interface").
					Hintf("add related: 'accept' to statePolicy, or accept protocol: 'icmp'")
			default:
				first.Also(v.Path, "dropped here, too")
			}
			told = append(told, v.Path)
		}
	}
}

// meets is what stops the messages about the path by an interface, where answers
// pass.
func (s *survivor) meets(iface *topology.Interface) (stops []flow.Verdict) {
	p := flow.Packet{Protocol: "icmp", Source: s.n.Stranger(iface.Address.Is4()), To: iface.Address, State: "related"}
	answer := flow.Packet{Protocol: "tcp", Source: p.Source, SourcePort: 443, To: p.To, Port: flow.Ephemeral,
		State: "established"}
	ask := func(of func(flow.Packet) (flow.Verdict, bool)) {
		known, seen := of(answer)
		v, _ := of(p)
		if seen && known.Accept && !v.Accept {
			stops = append(stops, v)
		}
	}
	for _, direction := range []string{"in", "local"} {
		ask(func(p flow.Packet) (flow.Verdict, bool) { return s.n.Filter(s.vm, iface.Name, direction, p) })
	}
	for _, other := range s.vm.Interfaces {
		ask(func(p flow.Packet) (flow.Verdict, bool) { return s.n.Between(s.vm, iface.Name, other.Name, p) })
	}
	return stops
}
