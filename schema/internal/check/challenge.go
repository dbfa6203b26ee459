package check

import (
	"net/netip"
	"slices"
	"strconv"

	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/topology"
)

// checkChallenges walks the way of an authority's question to each machine that asks
// for a certificate: from the Internet to port 80 of an address of ours.
func checkChallenges(t *topology.Topology) (diags diag.List) {
	n := flow.New(t)
	n.Lenient = true
	entrances := entrancesOf(t)
	for i := range t.VMs {
		vm := &t.VMs[i]
		var told []string
		for _, u := range vm.CertificateUses() {
			c := t.Certificate(u.Certificate)
			if c != nil && c.ACME != nil && !slices.Contains(told, c.Name) {
				told = append(told, c.Name)
				challenge(n, vm, u, c, entrances, &diags)
			}
		}
		redirectLoop(t, vm, &diags)
	}
	return diags
}

// httpPort is where an authority asks (RFC 8555, section 8.3).
const httpPort = 80

// entrancesOf are the addresses that a name can lead to.
func entrancesOf(t *topology.Topology) (all []netip.Addr) {
	add := func(a netip.Addr) {
		if flow.IsPublic(a) && !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	for i := range t.VMs {
		vm := &t.VMs[i]
		for _, iface := range vm.Interfaces {
			add(iface.Address)
			for _, p := range iface.Addresses {
				add(p.Addr())
			}
		}
		if vm.Router == nil {
			continue
		}
		for _, rule := range vm.DestinationRules() {
			add(vm.PublicAddress(rule))
		}
	}
	return all
}

// challenge reports a question that does not come to the machine that knows the answer.
func challenge(n *flow.Net, vm *topology.VM, u topology.CertificateUse, c *topology.Certificate,
	entrances []netip.Addr, diags *diag.List) {
	if unknownEntrance(n, vm) {
		return
	}
	path := vmPath(vm, u.Path...)
	var stop *flow.Hop
	for _, a := range entrances {
		w := n.FromInternet(flow.Packet{Protocol: "tcp", To: a, Port: httpPort})
		astray := answersChallenge(n, w, vm)
		if astray == "" {
			return
		}
		if hop := w.Stopped(); !w.Reached() && hop.Why != flow.NoListener && (stop == nil || nearer(hop, vm)) {
			stop = &hop
		}
		if w.Reached() && w.At != nil && w.At.Varnish != nil && asks(w.At, vm) {
			diags.Errorf("certificates/challenge", path, "the authority's question for certificate %q comes to %q, %s", c.Name,
				w.At.Name, astray).
				Also(vmPath(w.At, "varnish"), "the cache").Hintf("let TLS end at the cache: varnish: { tls: … }")
			return
		}
	}
	d := diags.Errorf("certificates/challenge", path,
		"the authority's question for certificate %q on port 80 does not come to %q", c.Name, vm.Name)
	if stop != nil {
		d.Message += ": " + stop.Text
		d.Also(stop.Path, "here")
	}
	d.Hintf("send port 80 of a public address on to %q, and let the firewall pass it", vm.Name)
}

// unknownEntrance reports whether names may lead to an address that nobody writes into a
// topology: that of a provider's lease.
func unknownEntrance(n *flow.Net, vm *topology.VM) bool {
	leased := func(v *topology.VM) bool {
		return slices.ContainsFunc(v.Interfaces, func(i topology.Interface) bool {
			return !i.Address.IsValid() && n.IsOutside(n.Network(i.Network))
		})
	}
	return slices.ContainsFunc(n.VMs, func(v topology.VM) bool { return v.Router != nil && leased(&v) }) || leased(vm)
}

func nearer(hop flow.Hop, vm *topology.VM) bool {
	return hop.Machine == vm.Name || hop.Why == flow.Dropped
}

// answersChallenge says why a walk does not end at who answers for a machine; empty if
// it does.
func answersChallenge(n *flow.Net, w *flow.Walk, vm *topology.VM) string {
	switch {
	case !w.Reached() || w.At == nil || w.By == nil:
		return "and goes no further"
	case w.At == vm:
		return ""
	case w.At.Varnish == nil || w.By.Service != "varnish":
		return "which does not ask for it"
	case w.At.Varnish.TLS != nil && w.At.Varnish.TLS.Redirect:
		return "which sends it on to HTTPS"
	}
	for i := range w.At.Varnish.Backends {
		if to := n.VM(w.At.Varnish.Backends[i].Target.VM); to != vm {
			return "which may send it to backend " + strconv.Quote(w.At.Varnish.Backends[i].Name)
		}
	}
	return ""
}

// asks reports whether a cache fetches from a machine.
func asks(cache, vm *topology.VM) bool {
	return slices.ContainsFunc(cache.Varnish.Backends, func(b topology.Backend) bool { return b.Target.VM == vm.Name })
}

// redirectLoop finds a cache that takes TLS off, before a site that sends all that is
// plain back to where TLS is.
func redirectLoop(t *topology.Topology, cache *topology.VM, diags *diag.List) {
	if cache.Varnish == nil || cache.Varnish.TLS == nil {
		return
	}
	for _, b := range cache.Varnish.Backends {
		to := t.VM(b.Target.VM)
		if to == nil || to.Nginx == nil {
			continue
		}
		for _, s := range to.Nginx.Sites {
			if s.TLS != nil && s.TLS.Redirect && s.Plain() && s.Listen == b.Target.Port.Single() {
				diags.Errorf("certificates/redirect-loop", vmPath(to, "nginx", "sites", s.Name, "tls", "redirect"),
					"site %q sends what the cache of %q fetches back to HTTPS, which is the cache", s.Name, cache.Name).
					Also(vmPath(cache, "varnish", "backends", b.Name), "the cache").
					Hintf("leave tls out of the site: TLS ends at the cache; or write redirect: false")
			}
		}
	}
}
