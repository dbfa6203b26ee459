package check

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/internal/wording"
	"stackgen/schema/topology"
)

// checkFirewalls finds rulesets that do not do what they say: rules where their
// packets never pass, or after one that takes them all, and doors left open.
func checkFirewalls(t *topology.Topology) (diags diag.List) {
	n := flow.New(t)
	n.Lenient = true
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		f := firewall{n: n, vm: vm, diags: &diags}
		for _, set := range vm.Router.Firewall.Rulesets {
			f.ruleset(&set)
		}
		f.openRouter()
		f.lockedOut()
	}
	return diags
}

// firewall is the firewall of a router while it is checked.
type firewall struct {
	n     *flow.Net
	vm    *topology.VM
	diags *diag.List
}

func (f firewall) ruleset(set *topology.Ruleset) {
	path := routerPath(f.vm, "firewall", "rulesets", set.Name)
	for i := range set.Rules {
		rule := &set.Rules[i]
		at := diag.Join(path, "rules", rule.Number)
		if earlier := f.shadow(set.Rules[:i], rule); earlier != nil {
			f.diags.Warningf("firewall/shadowed", at, "rule %d is never reached: rule %d matches all that it matches",
				rule.Number, earlier.Number).
				Also(diag.Join(path, "rules", earlier.Number), "the earlier rule").
				Hintf("remove it, or give it a number before %d", earlier.Number)
		}
		if !f.wrongHook(set, at, rule) {
			f.openDestination(set, at, rule)
		}
	}
	if (set.DefaultAction == "accept" || set.DefaultAction == "return") && f.faces(set, "in", "local") &&
		!endsWithDrop(set) {
		f.diags.Warningf("firewall/default-accept", path, "ruleset %q lets in from outside whatever no rule speaks of",
			set.Name).
			Hintf("set defaultAction: 'drop'")
	}
}

func endsWithDrop(set *topology.Ruleset) bool {
	return slices.ContainsFunc(set.Rules, func(r topology.Rule) bool {
		return (r.Action == "drop" || r.Action == "reject") && r.Limit == (topology.Limit{}) &&
			(r.Protocol == "" || r.Protocol == "all") && r.Source.IsZero() && r.Destination.IsZero() && len(r.State) == 0
	})
}

// outside reports whether an interface of the router leads out of the topology.
func (f firewall) outside(name string) bool {
	i := f.vm.Interface(name)
	return i != nil && f.n.IsOutside(f.n.Network(i.Network))
}

// faces reports whether a ruleset is attached to an outside interface in one of
// some directions.
func (f firewall) faces(set *topology.Ruleset, directions ...string) bool {
	return slices.ContainsFunc(f.vm.Router.Firewall.Hooks(set), func(h topology.Hook) bool {
		return slices.Contains(directions, h.Direction) && f.outside(h.Interface)
	})
}

// attachedOnly reports whether a ruleset is attached, and in such directions only.
func attachedOnly(set *topology.Ruleset, directions ...string) bool {
	return len(set.Attach) > 0 && !slices.ContainsFunc(set.Attach, func(a topology.Attachment) bool {
		return !slices.Contains(directions, a.Direction)
	})
}

// wrongHook reports a rule for packets that never pass where its ruleset is
// attached: "in" and "out" see what is forwarded, "local" what is for the router.
func (f firewall) wrongHook(set *topology.Ruleset, path string, rule *topology.Rule) bool {
	to := f.n.Resolve(f.vm, rule.Destination)
	if rule.Destination.Not {
		return false
	}
	own := to.IsValid() && f.own(to)
	switch {
	case attachedOnly(set, "in", "out") && own && to.IsSingleIP():
		f.diags.Errorf("firewall/wrong-hook", path, "the rule is for %q itself, but ruleset %q sees only what is forwarded",
			f.vm.Name, set.Name).
			Also(routerPath(f.vm, "firewall", "rulesets", set.Name, "attach"), "where it is attached").
			Hintf("move the rule to a ruleset with direction: 'local'")
	case attachedOnly(set, "local") && to.IsValid() && !own && !f.hasDHCP():
		f.diags.Errorf("firewall/wrong-hook", path, "the rule is for %s, but ruleset %q sees only what is for %q itself",
			short(to), set.Name, f.vm.Name).
			Also(routerPath(f.vm, "firewall", "rulesets", set.Name, "attach"), "where it is attached").
			Hintf("move the rule to a ruleset with direction: 'in'")
	case attachedOnly(set, "in") && f.faces(set, "in") && f.ownService(rule) != "" && !f.forwarded(set, rule):
		f.diags.Warningf("firewall/wrong-hook", path,
			"the rule looks as if it were for %s of %q, but ruleset %q sees only what is forwarded", f.ownService(rule),
			f.vm.Name, set.Name).
			Also(routerPath(f.vm, "firewall", "rulesets", set.Name, "attach"), "where it is attached").
			Hintf("move the rule to a ruleset with direction: 'local'")
	default:
		return false
	}
	return true
}

// short writes a single address without its prefix length.
func short(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}

// own reports whether a prefix has addresses at which the router itself is spoken
// to: its own on interfaces and in tunnels, those of the link, and of groups.
func (f firewall) own(p netip.Prefix) bool {
	if a := p.Addr(); a.IsMulticast() || a.IsLinkLocalUnicast() || a.IsLinkLocalMulticast() {
		return true
	}
	for _, i := range f.vm.Interfaces {
		all := append(slices.Clone(i.Shared), i.Address)
		for _, a := range i.Addresses {
			all = append(all, a.Addr())
		}
		if slices.ContainsFunc(all, p.Contains) {
			return true
		}
	}
	return slices.ContainsFunc(f.vm.Router.Tunnels(), func(t topology.Tunnel) bool { return p.Contains(t.Own) })
}

// hasDHCP reports whether the router has addresses that are not known before.
func (f firewall) hasDHCP() bool {
	return slices.ContainsFunc(f.vm.Interfaces, func(i topology.Interface) bool { return i.DHCP || i.DHCPv6 })
}

// ownService is the service of the router whose port alone a rule accepts, if it
// names no other machine.
func (f firewall) ownService(rule *topology.Rule) string {
	d := rule.Destination
	if rule.Action != "accept" || !d.Anywhere() {
		return ""
	}
	for _, l := range f.vm.Listeners() {
		if d.Port.Single() == l.Port && (rule.Protocol == l.Protocol || rule.Protocol == "tcp_udp") {
			return serviceName(l)
		}
	}
	return ""
}

// forwarded reports whether packets to the port of a rule can be forwarded at
// all: by destination NAT, or to machines that have public addresses.
func (f firewall) forwarded(set *topology.Ruleset, rule *topology.Rule) bool {
	for _, d := range f.vm.DestinationRules() {
		inside := d.Translation.Port
		if len(inside) == 0 {
			inside = d.Port
		}
		if len(inside) == 0 || rule.Destination.Port.Contains(inside) {
			return true
		}
	}
	return slices.ContainsFunc(f.vm.Interfaces, func(i topology.Interface) bool {
		n := f.n.Network(i.Network)
		return n != nil && !f.n.IsOutside(n) && flow.IsPublic(n.Subnet.Addr())
	})
}

// openDestination warns about a door to all machines behind the router, where
// one is meant.
func (f firewall) openDestination(set *topology.Ruleset, path string, rule *topology.Rule) {
	d := rule.Destination
	if rule.Action != "accept" || !d.Anywhere() || !f.faces(set, "in") || rule.Protocol == "ipv6-icmp" {
		return // every machine needs ICMPv6 (RFC 4890, section 4.3)
	}
	if len(rule.State) > 0 && !slices.Contains(rule.State, "new") || !rule.Source.Anywhere() {
		return
	}
	f.diags.Warningf("firewall/open-destination", path, "the rule lets in %s to every machine behind %q", whatOf(rule),
		f.vm.Name).
		Hintf("name the machine: destination: %s", f.likelyTarget(rule))
}

// likelyTarget is the machine that a rule without one is most likely for: what
// destination NAT leads to.
func (f firewall) likelyTarget(rule *topology.Rule) string {
	for _, d := range f.vm.DestinationRules() {
		port := d.Translation.Port.Single()
		if port == 0 {
			port = d.Port.Single()
		}
		if port == 0 || rule.Destination.Port.Single() != port {
			continue
		}
		if d.Translation.VM != "" {
			return fmt.Sprintf("{ vm: '%s', port: %d }", d.Translation.VM, port)
		}
		return fmt.Sprintf("{ address: '%s', port: %d }", d.Translation.Address.Addr(), port)
	}
	return "{ vm: … }"
}

// whatOf is what a rule matches, in a few words.
func whatOf(rule *topology.Rule) string {
	protocol := strings.ReplaceAll(rule.Protocol, "_", " and ")
	switch {
	case protocol == "" || protocol == "all":
		return "everything"
	case len(rule.Destination.Port) > 0:
		return protocol + " port " + rule.Destination.Port.String()
	}
	return protocol
}

// openRouter warns about a router whose own services nobody guards on an outside
// interface.
func (f firewall) openRouter() {
	for _, i := range f.vm.Interfaces {
		if !f.outside(i.Name) || !i.Address.IsValid() {
			continue
		}
		if _, guarded := f.n.Filter(f.vm, i.Name, "local", flow.Packet{To: i.Address}); guarded {
			continue
		}
		var services []string
		for _, l := range f.vm.Listeners() {
			services = append(services, serviceName(l))
		}
		f.diags.Warningf("firewall/no-local", routerPath(f.vm, "firewall"),
			"on the outside interface %q all of %q is open: %s", i.Name, f.vm.Name, wording.List(services, "and")).
			Also(vmPath(f.vm, "interfaces", i.Name), "the interface").
			Hintf("attach a ruleset: { interface: '%s', direction: 'local' }", i.Name)
	}
}

// lockedOut finds a router whose SSH port no interface lets in: nobody could
// change its mind again.
func (f firewall) lockedOut() {
	closed := f.shutFor()
	if closed == nil {
		return
	}
	d := f.diags.Errorf("firewall/locked-out", routerPath(f.vm, "firewall", "rulesets"),
		"no interface of %q lets in SSH on port %d: it could not be managed any more", f.vm.Name, f.vm.SSH.Port)
	for _, path := range closed {
		d.Also(path, "closed here")
	}
	d.Hintf("accept tcp port %d in a ruleset with direction: 'local'", f.vm.SSH.Port)
}

// shutFor is where a router is closed for SSH, if all of its interfaces are.
func (f firewall) shutFor() (closed []string) {
	for _, i := range f.vm.Interfaces {
		if !i.Address.IsValid() {
			continue
		}
		p := flow.Packet{Protocol: "tcp", To: i.Address, Port: f.vm.SSH.Port}
		if !f.outside(i.Name) {
			p.Source = neighbour(f.n, i)
		}
		v, attached := f.n.Filter(f.vm, i.Name, "local", p)
		if !attached || v.Accept {
			return nil
		}
		closed = append(closed, v.Path)
	}
	return closed
}

// neighbour is an address on the network of an interface, other than its own.
func neighbour(n *flow.Net, i topology.Interface) netip.Addr {
	network := n.Network(i.Network)
	if network == nil {
		return netip.Addr{}
	}
	subnet := network.Subnet
	if a := topology.LastHost(subnet); a != i.Address {
		return a
	}
	return topology.FirstHost(subnet)
}

// shadow is the first rule that matches all that another matches, or nil.
func (f firewall) shadow(earlier []topology.Rule, rule *topology.Rule) *topology.Rule {
	for i := range earlier {
		e := &earlier[i]
		if e.Action != "jump" && e.Limit == (topology.Limit{}) && protocolCovers(e.Protocol, rule.Protocol) &&
			statesCover(e.State, rule.State) &&
			targetCovers(f.n.Topology, f.vm, e.Source, rule.Source) &&
			targetCovers(f.n.Topology, f.vm, e.Destination, rule.Destination) {
			return e
		}
	}
	return nil
}

func protocolCovers(wide, narrow string) bool {
	switch wide {
	case "", "all":
		return true
	case "tcp_udp":
		return narrow == "tcp" || narrow == "udp" || narrow == wide
	}
	return wide == narrow
}

func statesCover(wide, narrow []string) bool {
	if len(wide) == 0 {
		return true
	}
	return len(narrow) > 0 && !slices.ContainsFunc(narrow, func(s string) bool { return !slices.Contains(wide, s) })
}

// targetCovers reports whether one target stands for all that another does.
func targetCovers(t *topology.Topology, vm *topology.VM, wide, narrow topology.Target) bool {
	if !vm.Router.PortsOf(wide).Contains(vm.Router.PortsOf(narrow)) {
		return false
	}
	if wide.Anywhere() {
		return true
	}
	w, n := t.Ranges(vm, wide), t.Ranges(vm, narrow)
	switch {
	case len(w) == 0 || len(n) == 0, narrow.Not && !wide.Not:
		return false
	case wide.Not && narrow.Not:
		w, n = n, w
	case wide.Not:
		return !slices.ContainsFunc(n, func(r topology.AddrRange) bool { return slices.ContainsFunc(w, r.Overlaps) })
	}
	return !slices.ContainsFunc(n, func(r topology.AddrRange) bool { return !r.Within(w) })
}
