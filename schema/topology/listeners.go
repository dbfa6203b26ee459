package topology

import (
	"net/netip"
	"slices"
	"strings"
)

// Listener is a port that a service of a VM listens on.
type Listener struct {
	Service  string // the name of its kind
	Name     string // of the site, tunnel or network, for nginx, openvpn, wireguard and dhcp
	Protocol string // tcp or udp
	Port     int
	Address  netip.Addr // zero: all of the VM's
	TLS      bool
}

// Listeners lists what listens on a VM for others. Sites on one port are one
// listener, named after the first. Of two that want one port, the one that is to
// keep it comes first.
func (v *VM) Listeners() (all []Listener) {
	for _, k := range kinds() {
		if k.listeners != nil {
			all = append(all, k.listeners(v)...)
		}
	}
	slices.SortStableFunc(all, func(a, b Listener) int { return a.Kind().Yields - b.Kind().Yields })
	return all
}

// Kind is what is known of a listener's service.
func (l Listener) Kind() *ServiceKind { return kind(l.Service) }

// Path is what in the topology says that a VM listens: the keys to it, from the
// top.
func (l Listener) Path(v *VM) []any {
	return append([]any{"vms", v.Name}, l.Kind().path(l)...)
}

// Called is how a listener's service is called in a sentence.
func (l Listener) Called() string { return named(l.Kind(), l.Kind().Called, l.Name) }

func named(k *ServiceKind, words, name string) string {
	if k.Named {
		return words + " " + name
	}
	return words
}

// sshListeners are where the SSH server of a VM listens: that of a router may do
// so on some networks only.
func (v *VM) sshListeners() (all []Listener) {
	if v.OS == "" && v.Router == nil {
		return nil
	}
	l := Listener{Service: "ssh", Protocol: "tcp", Port: v.SSH.Port}
	if v.Router == nil || v.Router.SSH == nil || len(v.Router.SSH.Networks) == 0 {
		return []Listener{l}
	}
	for _, l.Address = range v.AddressesOn(v.Router.SSH.Networks) {
		all = append(all, l)
	}
	return all
}

func (v *VM) databaseListeners(flavor string) []Listener {
	if v.MariaDB == nil || v.MariaDB.Flavor != flavor {
		return nil
	}
	return []Listener{{Service: flavor, Protocol: "tcp", Port: v.MariaDB.Port, Address: v.MariaDB.BindAddress}}
}

func (v *VM) varnishListeners() []Listener {
	if v.Varnish == nil {
		return nil
	}
	all := []Listener{{Service: "varnish", Protocol: "tcp", Port: v.Varnish.Listen}}
	if tls := v.Varnish.TLS; tls != nil {
		all = append(all, Listener{Service: "varnish", Protocol: "tcp", Port: tls.Listen, TLS: true})
	}
	return all
}

// Ports of a machine's own programs, of those that nobody is given by IANA.
const (
	ProxyPort     = 8443 // hitch passes on to Varnish there
	ChallengePort = 8402 // who asks for certificates answers there, behind Varnish
)

// varnishInner is the port of varnishadm(1), and that behind hitch.
func (v *VM) varnishInner() []Inner {
	if v.Varnish == nil {
		return nil
	}
	loopback := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	inner := func(port int, whom string) Inner {
		return Inner{Listener: Listener{Service: "varnish", Protocol: "tcp", Port: port, Address: loopback}, For: whom}
	}
	all := []Inner{inner(6082, "for varnishadm")}
	if v.Varnish.TLS != nil {
		all = append(all, inner(ProxyPort, "for hitch"))
	}
	return all
}

func (v *VM) backends() (all []Upstream) {
	if v.Varnish == nil {
		return nil
	}
	for i := range v.Varnish.Backends {
		b := &v.Varnish.Backends[i]
		all = append(all, Upstream{Kind: "backend", Name: b.Name, Path: []any{"varnish", "backends", b.Name},
			Target: b.Target, Passes: true})
	}
	return all
}

func (v *VM) nginxListeners() (all []Listener) {
	if v.Nginx == nil {
		return nil
	}
	for _, s := range v.Nginx.Sites {
		l := Listener{Service: "nginx", Name: s.Name, Protocol: "tcp", Port: s.Listen, Address: s.Address, TLS: !s.Plain()}
		for {
			if !slices.ContainsFunc(all, l.Clashes) {
				all = append(all, l)
			}
			if s.TLS == nil || l.Port == s.TLS.Listen {
				break
			}
			l.Port, l.TLS = s.TLS.Listen, true
		}
	}
	return all
}

// siteNames are the names of the sites on a port that a visitor can ask for: one
// with an asterisk stands for many.
func (v *VM) siteNames(port int) (names []string) {
	for _, s := range v.Nginx.Sites {
		if name := HostOf(s.ServerName); s.On(port) && name != "" {
			names = append(names, name)
		}
	}
	return names
}

func (v *VM) phpInner() []Inner {
	if v.PHP == nil {
		return nil
	}
	return []Inner{{Listener: Listener{Service: "php", Name: v.PHP.Pool}, Socket: v.PHP.Socket()}}
}

// phpUpstreams are the machines whose addresses an application is told.
func (v *VM) phpUpstreams() (all []Upstream) {
	if v.PHP == nil {
		return nil
	}
	for _, e := range v.PHP.Env {
		if e.VM != "" {
			all = append(all, Upstream{Kind: "variable", Name: e.Name, Path: []any{"php", "env", e.Name, "vm"},
				Target: Target{VM: e.VM}})
		}
	}
	return all
}

// Answers reports whether a listener takes what is sent to one of its VM's
// addresses.
func (l Listener) Answers(to netip.Addr) bool {
	return !l.Address.IsValid() || l.Address.IsUnspecified() || l.Address == to
}

// Clashes reports whether two listeners cannot be on one VM: one would take what
// is sent to the other.
func (l Listener) Clashes(o Listener) bool {
	return l.Protocol == o.Protocol && l.Port == o.Port &&
		(l.Answers(o.Address) || o.Answers(l.Address))
}

// Managed reports whether all that listens on a VM is known: one without an
// operating system of ours, or with programs and configuration from elsewhere, may have more.
func (v *VM) Managed() bool {
	if v.Router != nil {
		return true
	}
	return v.OS != "" && len(v.Packages) == 0 && !v.configuresMore()
}

// configuresMore reports whether text of the user's may have a program listen: directives of
// a site, or files where programs and their configuration lie.
func (v *VM) configuresMore() bool {
	if v.Nginx != nil && slices.ContainsFunc(v.Nginx.Sites, func(s Site) bool { return s.Extra != "" }) {
		return true
	}
	return slices.ContainsFunc(v.Files, func(f File) bool {
		return strings.HasPrefix(f.Path, "/etc/") || strings.HasPrefix(f.Path, "/usr/") || strings.HasPrefix(f.Path, "/opt/")
	})
}
