package render_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/render/nftables"
	"stackgen/schema/flow"
	"stackgen/schema/topology"
)

// What trace says of a connection is what becomes of it: the rendered ruleset of a
// router is read back, destination NAT and connection tracking with it, the first
// packet of a connection goes through it and its answer back, of both families.

// stacksByChance are how many stacks are walked through.
func stacksByChance() uint64 {
	if os.Getenv("STACKGEN_NIGHTLY") == "1" {
		return 500
	}
	return 60
}

// TestWalksAreTrue compares connections through stacks made by chance.
func TestWalksAreTrue(t *testing.T) {
	base := []byte(bareRouter(t))
	seen := map[flow.Why]int{}
	six := 0
	for seed := range stacksByChance() {
		d := dice{rand.New(rand.NewPCG(seed, 14))}
		w := walkedStack(t, d, base)
		if w == nil {
			continue
		}
		for range 40 {
			c := randomConnection(d, w)
			why, disagrees := w.disagrees(t, c)
			if disagrees != "" {
				t.Errorf("stack %d: %v: %s\n%s", seed, c, disagrees, w.text)
			}
			seen[why]++
			if why == "" && strings.Contains(c.To, ":") && strings.Count(c.To, ":") > 1 {
				six++
			}
		}
	}
	t.Logf("%v, %d of IPv6 arrive", seen, six)
	for _, why := range []flow.Why{"", flow.Dropped, flow.NoAnswer, flow.NoListener} {
		if seen[why] < 30 {
			t.Errorf("%d connections end by %q, which compares too little", seen[why], why)
		}
	}
	if six < 10 {
		t.Errorf("%d connections of IPv6 arrive, which compares too little", six)
	}
}

// TestPlantedDisagreement: rules that are not those of the model are noticed.
func TestPlantedDisagreement(t *testing.T) {
	base := []byte(bareRouter(t))
	for name, plant := range map[string]func(string) string{
		"answers": func(text string) string { return strings.ReplaceAll(text, "ct state established accept\n", "\n") },
		"default": func(text string) string { return strings.ReplaceAll(text, "\t\tdrop\n", "\t\taccept\n") },
		"port": func(text string) string {
			return regexp.MustCompile(`dnat to (\S+)`).ReplaceAllString(text, "dnat to 10.0.9.9")
		},
	} {
		found := 0
		for seed := range uint64(40) {
			d := dice{rand.New(rand.NewPCG(seed, 14))}
			w := walkedStack(t, d, base)
			if w == nil {
				continue
			}
			w.read(plant(w.text))
			for range 40 {
				if _, disagrees := w.disagrees(t, randomConnection(d, w)); disagrees != "" {
					found++
				}
			}
		}
		if found == 0 {
			t.Errorf("%s: rules that are not those of the model pass for them", name)
		}
	}
}

// walked is a stack, and its router as the rendered rules make it.
type walked struct {
	n          *flow.Net
	vm         *topology.VM
	vms        []string
	text       string
	filters    map[bool]readFilter
	prerouting []chainRule // the verdict is where to, or accept
}

// walkedStack is a stack of both families behind a Debian router, or nil when
// chance made none that is rendered.
func walkedStack(t *testing.T, d dice, base []byte) *walked {
	t.Helper()
	s := newStack(t, base, "debian", 1)
	router := block(s.document, "vms", "rtr01")
	router["os"], router["disks"] = "debian-12", object{"vda": object{"size": "10GiB", "image": "debian-12"}}
	delete(router, "install")
	s.router["platform"] = "debian"
	delete(s.router, "version")
	for i, name := range s.interfaces {
		block(router, "interfaces", name)["addresses"] = []any{fmt.Sprintf("2001:db8:%d::10/64", i)}
	}
	for i, name := range s.vms {
		block(s.document, "vms", name, "interfaces", "eth0")["addresses"] = []any{fmt.Sprintf("2001:db8:%d::3/64", i+1)}
	}
	s.router["routerAdvert"] = object{"eth1": object{}, "eth2": object{}}
	s.router["staticRoutes"] = object{"::/0": object{"nextHop": "2001:db8:0::1"}}
	randomNAT(d, s)
	randomFirewall(d, s)
	block(s.router, "firewall")["statePolicy"] = one(d, object{}, object{"established": "accept"},
		object{"established": "accept", "related": "accept", "invalid": "drop"}, object{"established": "accept",
			"related": "accept"}, object{"established": "drop"})
	topo, errors, _ := s.checked(t)
	if len(errors) > 0 {
		return nil
	}
	set, err := nftables.Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	w := &walked{n: flow.New(topo), vm: topo.VM("rtr01"), vms: s.vms}
	w.read(rendertest.Content(t, set, "rtr01/etc/nftables.conf"))
	return w
}

var nftPrerouting = regexp.MustCompile(`(?s)chain prerouting \{\n(.*?)\n\t\}`)

// read takes a ruleset for that of the router.
func (w *walked) read(text string) {
	w.text, w.prerouting = text, nil
	w.filters = map[bool]readFilter{false: readNFT(text, "ip"), true: readNFT(text, "ip6")}
	for line := range strings.Lines(nftPrerouting.FindStringSubmatch(text)[1]) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "type ") {
			continue
		}
		rule := readNFTRule(line, nil)
		if strings.Contains(line, "fib daddr type local") {
			rule.match = append(rule.match, func(p packet) bool { return w.vm.Owns(p.to) })
		}
		w.prerouting = append(w.prerouting, rule)
	}
}

// translate is what prerouting makes of a packet.
func (w *walked) translate(p packet) packet {
	for _, r := range w.prerouting {
		if p.to.Is6() || slices.ContainsFunc(r.match, func(m func(packet) bool) bool { return !m(p) }) {
			continue
		}
		if ap, err := netip.ParseAddrPort(r.verdict); err == nil {
			p.to, p.port = ap.Addr(), int(ap.Port())
		} else if a, err := netip.ParseAddr(r.verdict); err == nil {
			p.to = a
		} else if port, is := strings.CutPrefix(r.verdict, ":"); is {
			fmt.Sscan(port, &p.port)
			p.to = w.vm.Interface(p.in).Address
		}
		return p
	}
	return p
}

// through is whether the rules let a packet pass, by where it comes in and goes
// out: no interface is the router itself.
func (w *walked) through(p packet) bool {
	f := w.filters[p.to.Is6()]
	if p.in == "" {
		v := f.walk("output", p)
		return v != "drop" && v != "reject"
	}
	return f.passes(p)
}

// randomConnection is one that is likely to be let through, or not.
func randomConnection(d dice, w *walked) flow.Question {
	six := d.chance(30)
	from := one(d, append(slices.Clone(w.vms), "rtr01", "198.51.100.9", "203.0.113.9", "198.51.100.9")...)
	to := one(d, "192.0.2.10", "192.0.2.10", "10.0.1.1", "10.0.1.3", "10.0.2.3", "100.20.30.40")
	if six {
		to = one(d, "2001:db8:0::10", "2001:db8:1::10", "2001:db8:1::3", "2001:db8:2::3", "2600:1::9")
		if strings.Contains(from, ".") {
			from = "2600:2::9"
		}
	}
	q := flow.Question{From: from, Protocol: one(d, "tcp", "tcp", "udp", "icmp"), To: to}
	if q.Protocol != "icmp" {
		q.To = netip.AddrPortFrom(netip.MustParseAddr(to), uint16(one(d, w.ports(d)...))).String()
		q.SourcePort = 32768 + d.IntN(20000)
	}
	return q
}

// ports are some that packets are likely to be for.
func (w *walked) ports(d dice) []int {
	ports := []int{22, 80, 22, 80, d.port()}
	for _, r := range w.vm.DestinationRules() {
		if len(r.Port) > 0 {
			ports = append(ports, r.Port[0].First, r.Port[0].First)
		}
	}
	return ports
}

// first is the first packet of a connection as it comes to the router, or false
// if it does not come there.
func (w *walked) first(q flow.Question) (p packet, ok bool) {
	p = packet{protocol: q.Protocol, sport: q.SourcePort}
	if ap, err := netip.ParseAddrPort(q.To); err == nil {
		p.to, p.port = ap.Addr(), int(ap.Port())
	} else {
		p.to = netip.MustParseAddr(q.To)
	}
	switch vm := w.n.VM(q.From); {
	case q.From == "rtr01":
		if w.vm.Owns(p.to) {
			return p, false
		}
		p.out, p.from = w.n.Towards(w.vm, p.to)
		return p, p.out != ""
	case vm != nil:
		var device string
		device, p.from = w.n.Towards(vm, p.to)
		iface := vm.Interface(device)
		if iface == nil || vm.Owns(p.to) || slices.ContainsFunc(w.n.AddressesOf(*iface),
			func(a netip.Prefix) bool { return a.Contains(p.to) && !w.vm.Owns(p.to) }) {
			return p, false // past the router
		}
		p.in = w.interfaceOn(iface.Network)
		return p, p.in != ""
	}
	p.from, p.in = netip.MustParseAddr(q.From), "eth0"
	return p, true
}

func (w *walked) interfaceOn(network string) string {
	for _, i := range w.vm.Interfaces {
		if i.Network == network {
			return i.Name
		}
	}
	return ""
}

// disagrees walks a connection through the model and through the rules, and says
// in what they differ.
func (w *walked) disagrees(t *testing.T, q flow.Question) (why flow.Why, how string) {
	t.Helper()
	walk, err := w.n.Connect(q)
	if err != nil {
		t.Fatal(err)
	}
	stop := walk.Stopped()
	p, comes := w.first(q)
	if !comes || len(walk.Hops) == 1 && stop.Why == flow.NoRoute {
		return stop.Why, ""
	}
	asked, answered := w.answer(p)
	switch stop.Why {
	case flow.Dropped:
		if asked {
			how = "the rules let pass what trace stops: " + stop.Text
		}
	case flow.NoAnswer:
		if !asked || answered {
			how = fmt.Sprintf("the rules let it pass: %t, and the answer: %t; trace stops that: %s", asked, answered, stop.Text)
		}
	case "":
		if !asked || !answered {
			how = fmt.Sprintf("the rules let it pass: %t, and the answer: %t; trace says it arrives", asked, answered)
		}
	case flow.NoListener, flow.NoSource:
		if !asked {
			how = "the rules stop what trace lets pass: " + stop.Text
		}
	}
	return stop.Why, how
}

// answer is whether the rules let a packet pass, and its answer back: that comes
// from where it was translated to, and is of a known connection.
func (w *walked) answer(p packet) (asked, answered bool) {
	sent := p
	if p.in != "" {
		p = w.translate(p)
		if !w.vm.Owns(p.to) {
			p.out, _ = w.n.Towards(w.vm, p.to)
		}
	}
	if !w.through(p) {
		return false, false
	}
	return true, w.through(packet{
		in: p.out, out: sent.in, protocol: p.protocol, from: p.to, to: sent.from,
		sport: p.port, port: p.sport, state: "established",
	})
}
