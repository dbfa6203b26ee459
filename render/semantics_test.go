package render_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/render/nftables"
	"stackgen/render/vyos"
	"stackgen/schema/flow"
	"stackgen/schema/topology"
)

// What a firewall means is the same in every dialect: the rendered rules are
// read back into chains, a packet is walked through them, and the verdict has to
// be that of package flow, which is what `stackgen trace` says.

// packet is the first of a connection, or an answer.
type packet struct {
	in, out  string // interfaces; out is empty for the router itself
	protocol string
	from, to netip.Addr
	port     int
	sport    int
	state    string // empty: new
}

func (p packet) String() string {
	return fmt.Sprintf("%s from %s to %s port %d, in by %s, out by %s", p.protocol, p.from, p.to, p.port, p.in, p.out)
}

// chainRule is a rule that was read back: what all has to hold, and what then
// becomes of the packet.
type chainRule struct {
	match   []func(packet) bool
	verdict string // accept, drop, reject, return or jump
	target  string
}

// readChain ends with what becomes of the rest.
type readChain struct {
	rules []chainRule
	rest  chainRule
}

// readFilter is a firewall that was read back.
type readFilter struct {
	chains         map[string]*readChain
	forward, input []string // the chains that see such packets, each of which has to let them pass
}

// passes walks a packet through all chains that it meets.
func (f readFilter) passes(p packet) bool {
	base := f.forward
	if p.out == "" {
		base = f.input
	}
	return !slices.ContainsFunc(base, func(name string) bool {
		v := f.walk(name, p)
		return v == "drop" || v == "reject"
	})
}

// walk is what a chain says of a packet.
func (f readFilter) walk(name string, p packet) string {
	chain := f.chains[name]
	if chain == nil {
		panic("there is no chain " + name)
	}
	for _, r := range append(slices.Clone(chain.rules), chain.rest) {
		if slices.ContainsFunc(r.match, func(m func(packet) bool) bool { return !m(p) }) {
			continue
		}
		if r.verdict != "jump" {
			return r.verdict
		}
		if v := f.walk(r.target, p); v != "return" {
			return v
		}
	}
	return "return"
}

// TestFirewallMeansTheSame makes firewalls by chance, and walks packets through
// each as it is rendered.
func TestFirewallMeansTheSame(t *testing.T) {
	base := bareRouter(t)
	for i, p := range platforms() {
		t.Run(p.name, func(t *testing.T) {
			accepted, refused, both, zoned := 0, 0, 0, 0
			for seed := range uint64(120) {
				d := dice{rand.New(rand.NewPCG(seed, uint64(i)))}
				topo := filterStack(t, d, []byte(base), p.name)
				if topo == nil {
					continue
				}
				a, r := compareVerdicts(t, d, topo, p.name)
				accepted, refused = accepted+a, refused+r
				if attachesBoth(topo) {
					both++
				}
				zoned += min(1, len(topo.VM("rtr01").Router.Firewall.Zones))
			}
			if accepted < 200 || refused < 200 || both == 0 || zoned == 0 {
				t.Errorf("%d packets pass, %d do not, %d firewalls look both ways, %d have zones: this compares too little", accepted, refused, both, zoned)
			}
		})
	}
}

// filterStack is a router with a firewall and nothing else, or nil when it is
// not rendered on the platform.
func filterStack(t *testing.T, d dice, base []byte, version string) *topology.Topology {
	t.Helper()
	s := newStack(t, base, version, 1)
	if version == "debian" {
		router := block(s.document, "vms", "rtr01")
		router["os"], router["disks"] = "debian-12", object{"vda": object{"size": "10GiB", "image": "debian-12"}}
		delete(router, "install")
		s.router["platform"] = "debian"
		delete(s.router, "version")
	}
	randomFirewall(d, s)
	topo, errors, _ := s.checked(t)
	if len(errors) > 0 {
		return nil
	}
	return topo
}

// attachesBoth reports whether a firewall has rulesets on the way in and out.
func attachesBoth(topo *topology.Topology) bool {
	directions := map[string]bool{}
	for _, set := range topo.VM("rtr01").Router.Firewall.Rulesets {
		for _, a := range set.Attach {
			directions[a.Direction] = true
		}
	}
	return directions["in"] && directions["out"]
}

// compareVerdicts walks packets, and counts those that pass and do not.
func compareVerdicts(t *testing.T, d dice, topo *topology.Topology, version string) (accepted, refused int) {
	t.Helper()
	vm, n := topo.VM("rtr01"), flow.New(topo)
	filters, text := readBack(t, topo, version)
	for range 40 {
		p := randomPacket(d, vm)
		want := flowPasses(n, vm, p)
		if got := filters[p.to.Is6()].passes(p); got != want {
			t.Errorf("%s: the rendered rules let it pass: %t, want %t\n%s", p, got, want, text)
		}
		if want {
			accepted++
		} else {
			refused++
		}
	}
	return accepted, refused
}

func randomPacket(d dice, vm *topology.VM) packet {
	p := packet{
		in: one(d, vm.Interfaces...).Name, out: one(d, vm.Interfaces...).Name, protocol: one(d, "tcp", "tcp", "udp", "icmp"),
		from: netip.MustParseAddr(one(d, d.address(), "10.0.1.3", "10.0.2.3", "10.9.1.1", "198.51.100.70")),
		to:   netip.MustParseAddr(one(d, d.address(), "10.0.1.3", "10.0.2.3", "172.20.1.1", "203.0.113.200")),
		port: d.port(), sport: d.port(),
	}
	if d.chance(25) {
		p.from, p.to = netip.MustParseAddr(one(d, "2001:db8::1", "2001:db8:1::5", "2001:db8:2::5")), netip.MustParseAddr(one(d, "2001:db8::1", "fe80::1"))
	}
	if d.chance(30) {
		p.out = ""
	}
	if p.protocol == "icmp" {
		p.port, p.sport = 0, 0
	}
	return p
}

// flowPasses is the verdict of the model.
func flowPasses(n *flow.Net, vm *topology.VM, p packet) bool {
	asked := flow.Packet{Protocol: p.protocol, Source: p.from, SourcePort: p.sport, To: p.to, Port: p.port}
	hooks := []topology.Hook{{Interface: p.in, Direction: "in"}, {Interface: p.out, Direction: "out"}}
	if p.out == "" {
		hooks = []topology.Hook{{Interface: p.in, Direction: "local"}}
	}
	for _, h := range hooks {
		if v, attached := n.Filter(vm, h.Interface, h.Direction, asked); attached && !v.Accept {
			return false
		}
	}
	v, seen := n.Between(vm, p.in, p.out, asked)
	return !seen || v.Accept
}

// readBack reads the rendered filter of a router: for IPv4, and for IPv6.
func readBack(t *testing.T, topo *topology.Topology, version string) (byFamily map[bool]readFilter, text string) {
	t.Helper()
	if version == "debian" {
		set, err := nftables.Render(topo)
		if err != nil {
			t.Fatal(err)
		}
		text = rendertest.Content(t, set, "rtr01/etc/nftables.conf")
		return map[bool]readFilter{false: readNFT(text, "ip"), true: readNFT(text, "ip6")}, text
	}
	set, err := vyos.Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	text = rendertest.Content(t, set, "rtr01/vyos/commands.txt")
	return map[bool]readFilter{false: readVyOS(text, false), true: readVyOS(text, true)}, text
}

// Parts of matches that both languages have.

// inPorts matches a port of a packet against a list of ports and ranges.
func inPorts(list string, destination bool) func(packet) bool {
	ports, err := topology.ParsePorts(strings.ReplaceAll(list, " ", ""))
	if err != nil {
		panic(err)
	}
	return func(p packet) bool {
		port := p.sport
		if destination {
			port = p.port
		}
		return ports.Contains(topology.Ports{{First: port, Last: port}})
	}
}

// inAddresses matches one end of a packet against a list of addresses, ranges
// and prefixes, or all but those.
func inAddresses(list []string, destination, not bool) func(packet) bool {
	return func(p packet) bool {
		a := p.from
		if destination {
			a = p.to
		}
		return not != slices.ContainsFunc(list, func(s string) bool {
			if prefix, err := netip.ParsePrefix(s); err == nil {
				return prefix.Contains(a)
			}
			r, err := topology.ParseAddrRange(s)
			if err != nil {
				panic(err)
			}
			return r.Contains(a)
		})
	}
}

// ofProtocol matches a protocol by the name that rules have for it.
func ofProtocol(name string) func(packet) bool {
	return func(p packet) bool {
		switch {
		case name == "all":
			return true
		case name == "tcp_udp":
			return p.protocol == "tcp" || p.protocol == "udp"
		case p.protocol == "icmp" && p.to.Is6():
			return name == "ipv6-icmp"
		}
		return name == p.protocol
	}
}
