package topology

import (
	"net/netip"
	"slices"
)

// Mention is a place in a VM's blocks that names something else: one of Target,
// VM, Client and Secret.
type Mention struct {
	Path   []any   // below the VM
	Target *Target // a machine, a network or an address
	VM     string  // a machine alone
	Client string  // a machine, a network or an address as a database writes it
	What   string  // what has Target, if it is a service's: backend
	Name   string  // the name of that
	Secret Secret

	// resolve writes the address of VM beside it; nil where there is no place.
	resolve func(a netip.Addr)
}

// Mentions shows all that the blocks of a VM name: its machines, its targets, its
// secrets. Whoever asks for all of one of these reads this, so that a new word
// of the language has to be entered once.
func (v *VM) Mentions(see func(Mention)) {
	if v.Varnish != nil {
		for i := range v.Varnish.Backends {
			b := &v.Varnish.Backends[i]
			see(Mention{Path: []any{"varnish", "backends", b.Name}, Target: &b.Target, What: "backend", Name: b.Name})
		}
	}
	v.Variables(func(e *Env, path ...any) {
		if e.VM != "" {
			see(Mention{Path: append(path, "vm"), VM: e.VM, resolve: func(a netip.Addr) { e.Value = a.String() }})
		}
		if e.Secret != "" {
			see(Mention{Path: path, Secret: e.Secret})
		}
	})
	for i := range v.Services {
		v.Services[i].mentions(see)
	}
	if v.MariaDB != nil {
		v.MariaDB.mentions(see)
	}
	if v.Router != nil {
		v.Router.mentions(func(m Mention) {
			m.Path = append([]any{"router"}, m.Path...)
			see(m)
		})
	}
}

// Mentions shows what the topology itself names, and no VM: paths are from the top.
func (t *Topology) Mentions(see func(Mention)) {
	for i := range t.Certificates {
		c := &t.Certificates[i]
		if c.Certificate != "" {
			see(Mention{Path: []any{"certificates", c.Name, "certificate"}, Secret: c.Certificate})
		}
		if c.Key != "" {
			see(Mention{Path: []any{"certificates", c.Name, "key"}, Secret: c.Key})
		}
	}
}

// Variables shows the environments that a VM's blocks give to programs.
func (v *VM) Variables(see func(e *Env, path ...any)) {
	for _, e := range v.Environments() {
		for i := range e.Env {
			see(&e.Env[i], append(slices.Clone(e.Path), e.Env[i].Name)...)
		}
	}
}

func (m *MariaDB) mentions(see func(Mention)) {
	for _, u := range m.Users {
		for i, h := range u.Hosts {
			see(Mention{Path: []any{m.Flavor, "users", u.Name, "hosts", i}, Client: h})
		}
		see(Mention{Path: []any{m.Flavor, "users", u.Name, "password"}, Secret: u.Password})
	}
}

// mentions has paths below the router.
func (r *Router) mentions(see func(Mention)) {
	target := func(g *Target, path ...any) { see(Mention{Path: path, Target: g}) }
	for i := range r.NAT.Source {
		n := &r.NAT.Source[i]
		target(&n.Source, "nat", "source", n.Number, "source")
		target(&n.Destination, "nat", "source", n.Number, "destination")
	}
	for i := range r.NAT.Destination {
		n := &r.NAT.Destination[i]
		target(&n.Source, "nat", "destination", n.Number, "source")
		target(&n.Translation, "nat", "destination", n.Number, "translation")
	}
	for i := range r.NAT.Static {
		n := &r.NAT.Static[i]
		target(&n.Translation, "nat", "static", n.Number, "translation")
	}
	r.Firewall.mentions(target, see)
	r.tunnelMentions(target, see)
	r.protocolMentions(target)
	r.systemMentions(see)
}

func (f *Firewall) mentions(target func(*Target, ...any), see func(Mention)) {
	for _, set := range f.Rulesets {
		for i := range set.Rules {
			rule := &set.Rules[i]
			target(&rule.Source, "firewall", "rulesets", set.Name, "rules", rule.Number, "source")
			target(&rule.Destination, "firewall", "rulesets", set.Name, "rules", rule.Number, "destination")
		}
	}
	for _, g := range f.Groups.Address {
		for i := range g.Addresses {
			m := &g.Addresses[i]
			if m.VM != "" {
				see(Mention{Path: []any{"firewall", "groups", "address", g.Name, "addresses", i}, VM: m.VM,
					resolve: func(a netip.Addr) { m.Range = AddrRange{a, a} }})
			}
		}
	}
	for _, g := range f.Groups.Network {
		for i := range g.Networks {
			target(&g.Networks[i], "firewall", "groups", "network", g.Name, "networks", i)
		}
	}
}

func (r *Router) tunnelMentions(target func(*Target, ...any), see func(Mention)) {
	secret := func(s Secret, path ...any) {
		if s != "" {
			see(Mention{Path: path, Secret: s})
		}
	}
	for _, v := range r.OpenVPN {
		for i := range v.PushRoutes {
			target(&v.PushRoutes[i], "openvpn", v.Name, "pushRoutes", i)
		}
		secret(v.TLS.CA, "openvpn", v.Name, "tls", "ca")
		secret(v.TLS.Cert, "openvpn", v.Name, "tls", "cert")
		secret(v.TLS.Key, "openvpn", v.Name, "tls", "key")
		secret(v.TLS.DH, "openvpn", v.Name, "tls", "dh")
	}
	for _, w := range r.WireGuard {
		secret(w.PrivateKey, "wireguard", w.Name, "privateKey")
		for _, p := range w.Peers {
			secret(p.PresharedKey, "wireguard", w.Name, "peers", p.Name, "presharedKey")
			for i := 0; p.Profile != nil && i < len(p.Profile.AllowedIPs); i++ {
				target(&p.Profile.AllowedIPs[i], "wireguard", w.Name, "peers", p.Name, "profile", "allowedIPs", i)
			}
		}
	}
	for _, p := range r.IPsec {
		secret(p.PresharedKey, "ipsec", p.Name, "presharedKey")
		for i := range p.Tunnels {
			target(&p.Tunnels[i].Local, "ipsec", p.Name, "tunnels", p.Tunnels[i].Number, "localPrefix")
		}
	}
}

func (r *Router) protocolMentions(target func(*Target, ...any)) {
	if r.BGP != nil {
		for i := range r.BGP.Networks {
			target(&r.BGP.Networks[i], "bgp", "networks", i)
		}
	}
	if r.OSPF != nil {
		for _, a := range r.OSPF.Areas {
			for i := range a.Networks {
				target(&a.Networks[i], "ospf", "areas", a.Name, "networks", i)
			}
		}
	}
}

func (r *Router) systemMentions(see func(Mention)) {
	if r.SNMP != nil {
		see(Mention{Path: []any{"snmp", "community"}, Secret: r.SNMP.Community})
	}
	for _, u := range r.System.Users {
		if u.Password != "" {
			see(Mention{Path: []any{"system", "users", u.Name, "password"}, Secret: u.Password})
		}
	}
}
