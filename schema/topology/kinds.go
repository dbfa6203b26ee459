package topology

import (
	"slices"
	"strings"
	"sync"
)

// ServiceKind is what the program knows of one kind of service, whoever asks:
// checks, the walk of a packet, the runbook, the graph, the plan. A new kind is
// one more entry of kinds.
type ServiceKind struct {
	Name   string // as listeners have it
	Title  string // for a table: "MariaDB"
	Called string // in a sentence: "the database"
	Named  bool   // Title and Called are followed by the name of the tunnel or pool
	Role   string // what a VM that has it is for; empty: no reason to have a VM
	Within string // the kind that has its role where both are on a VM

	Block  string // its key in a VM; empty: it comes with the system or the router
	Folder string // its configuration; files of the user's below it belong to its step
	Step   string // the step that installs and starts it

	// Yields says which of two services on one port is told to move: the one
	// with the larger number.
	Yields int

	path      func(l Listener) []any      // where in the topology a listener is written, below its VM
	listeners func(v *VM) []Listener      // nil: none but inner ones
	inner     func(v *VM) []Inner         // nil: none
	names     func(v *VM, p int) []string // host names that it answers for on a port; nil: none
	upstreams func(v *VM) []Upstream      // nil: it asks nobody
	unit      func(v *VM) string          // of systemd, if others may come after it; nil: they may not
	beside    string                      // a protocol without ports that belongs to it
}

// Inner is where a service listens for programs of its own machine only.
type Inner struct {
	Listener
	Socket string // a path; empty: Listener says where
	For    string // whom; empty: whom the service is for
}

// Upstream is what a service asks in its turn.
type Upstream struct {
	Kind   string // what it is called in a sentence: backend, variable
	Name   string
	Path   []any // below the VM
	Target Target

	Protocol string // tcp or udp; empty: not said
	Passes   bool   // what comes in is passed on to it
}

// kinds stand in the order of a packet that comes from outside and goes on
// through a stack: the system and the router, the cache, the web server, the
// application, the database.
var kinds = sync.OnceValue(func() []*ServiceKind {
	return []*ServiceKind{
		{
			Name: "ssh", Title: "SSH", Called: "the SSH server",
			path:      fixed("ssh", "port"),
			listeners: (*VM).sshListeners,
		},
		{
			Name: "openvpn", Title: "OpenVPN", Called: "OpenVPN", Named: true, Yields: 4,
			path:      func(l Listener) []any { return []any{"router", "openvpn", l.Name, "port"} },
			listeners: (*VM).openVPNListeners,
		},
		{
			Name: "wireguard", Title: "WireGuard", Called: "WireGuard", Named: true, Yields: 4,
			path:      func(l Listener) []any { return []any{"router", "wireguard", l.Name, "port"} },
			listeners: (*VM).wireGuardListeners,
		},
		{
			Name: "ipsec", Title: "IPsec", Called: "IPsec", Yields: 4, beside: "esp",
			path:      fixed("router", "ipsec"),
			listeners: (*VM).ipsecListeners,
		},
		{
			Name: "dhcp", Title: "DHCP", Called: "the DHCP server", Yields: 4,
			path:      func(l Listener) []any { return []any{"router", "dhcpServer", l.Name} },
			listeners: (*VM).dhcpListeners,
		},
		{
			Name: "dns", Title: "DNS", Called: "the DNS forwarder", Yields: 4,
			path:      fixed("router", "dnsForwarding"),
			listeners: (*VM).dnsListeners,
		},
		{
			Name: "ntp", Title: "NTP", Called: "the NTP server", Yields: 4,
			path:      fixed("router", "ntp"),
			listeners: (*VM).ntpListeners,
		},
		{
			Name: "snmp", Title: "SNMP", Called: "the SNMP agent", Yields: 4,
			path:      fixed("router", "snmp"),
			listeners: (*VM).snmpListeners,
		},
		{
			Name: "varnish", Title: "Varnish", Called: "varnish", Role: "cache", Yields: 2,
			Block: "varnish", Folder: "/etc/varnish/", Step: "varnish",
			path:      func(l Listener) []any { return append([]any{"varnish"}, l.listen()...) },
			listeners: (*VM).varnishListeners,
			inner:     (*VM).varnishInner,
			unit:      func(*VM) string { return "varnish.service" },
			upstreams: (*VM).backends,
		},
		{
			Name: "nginx", Title: "nginx", Called: "nginx", Role: "web server", Yields: 3,
			Block: "nginx", Folder: "/etc/nginx/", Step: "nginx",
			path:      func(l Listener) []any { return append([]any{"nginx", "sites", l.Name}, l.listen()...) },
			listeners: (*VM).nginxListeners,
			names:     (*VM).siteNames,
			unit:      func(*VM) string { return "nginx.service" },
		},
		{
			Name: "php", Title: "php-fpm, pool", Called: "the pool", Named: true, Role: "PHP", Within: "nginx",
			Block: "php", Folder: "/etc/php/", Step: "php",
			path:      fixed("php"),
			inner:     (*VM).phpInner,
			unit:      func(v *VM) string { return "php" + v.PHP.Version + "-fpm.service" },
			upstreams: (*VM).phpUpstreams,
		},
		{
			Name: "service", Title: "service", Called: "the service", Named: true, Role: "application", Yields: 5,
			Block: "services", Step: "service",
			path:      func(l Listener) []any { return []any{"services", l.Name, "listens"} },
			listeners: (*VM).programListeners,
			upstreams: (*VM).programUpstreams,
		},
		database("mariadb", "MariaDB"),
		database("mysql", "MySQL"),
	}
})

// database is the kind of one of the two products, which differ in little.
func database(flavor, title string) *ServiceKind {
	return &ServiceKind{
		Name: flavor, Title: title, Called: "the database", Role: "database", Yields: 1,
		Block: flavor, Folder: "/etc/mysql/", Step: "mariadb",
		path:      fixed(flavor, "port"),
		listeners: func(v *VM) []Listener { return v.databaseListeners(flavor) },
		unit:      func(*VM) string { return flavor + ".service" },
	}
}

// fixed is the path of what is written in one place only.
func fixed(tokens ...any) func(Listener) []any {
	return func(Listener) []any { return tokens }
}

// listen are the keys of a port that is with TLS or without.
func (l Listener) listen() []any {
	if l.TLS {
		return []any{"tls", "listen"}
	}
	return []any{"listen"}
}

// ServiceKinds lists all kinds of services.
func ServiceKinds() []*ServiceKind { return slices.Clone(kinds()) }

// kind is the entry of a listener's service.
func kind(name string) *ServiceKind {
	for _, k := range kinds() {
		if k.Name == name {
			return k
		}
	}
	panic("a listener of the kind " + name + ", which has no entry")
}

// Service is one service of a VM.
type Service struct {
	*ServiceKind
	Listeners []Listener // of one socket or more that are one for who asks
	Inner     []Inner
	Upstreams []Upstream
	Beside    string // a protocol without ports that it takes as well
}

// Offers lists what runs on a VM, in the order of the kinds. What listens for
// itself is a service of its own: each tunnel, each network that is served.
func (v *VM) Offers() (all []Service) {
	for _, k := range kinds() {
		if s := v.service(k); len(s.Listeners)+len(s.Inner)+len(s.Upstreams) > 0 {
			all = append(all, s)
		}
	}
	return all
}

// service is a service of a VM by its kind. One that the VM does not have is
// empty.
func (v *VM) service(k *ServiceKind) Service {
	s := Service{ServiceKind: k}
	if k.listeners != nil {
		s.Listeners = k.listeners(v)
	}
	if k.inner != nil {
		s.Inner = k.inner(v)
	}
	if k.upstreams != nil {
		s.Upstreams = k.upstreams(v)
	}
	if len(s.Listeners) > 0 {
		s.Beside = k.beside
	}
	return s
}

// Upstreams lists what the services of a VM ask.
func (v *VM) Upstreams() (all []Upstream) {
	for _, k := range kinds() {
		if k.upstreams != nil {
			all = append(all, k.upstreams(v)...)
		}
	}
	return all
}

// Blocks are the keys of a VM that put a service of ours into it.
func (v *VM) Blocks() (keys []string) {
	for _, k := range kinds() {
		if k.Block != "" && k.On(v) {
			keys = append(keys, k.Block)
		}
	}
	return keys
}

// StepOf is the step of the service of a VM whose configuration a file is; empty
// if it is of none.
func (v *VM) StepOf(path string) string {
	for _, k := range kinds() {
		if k.Folder != "" && strings.HasPrefix(path, k.Folder) && k.On(v) {
			return k.Step
		}
	}
	return ""
}

// On reports whether a VM has a service of a kind.
func (k *ServiceKind) On(v *VM) bool {
	s := v.service(k)
	return len(s.Listeners)+len(s.Inner)+len(s.Upstreams) > 0
}

// place is a port of a VM.
type place struct {
	vm   string
	port int
}

// NamesAt lists the host names that a VM answers for on a port: its own, or
// those of what the service there passes on to.
func (t *Topology) NamesAt(v *VM, port int) []string {
	return unique(t.namesAt(v, port, map[place]bool{}))
}

// namesAt asks each place once: caches may fetch from each other.
func (t *Topology) namesAt(v *VM, port int, asked map[place]bool) (names []string) {
	if asked[place{v.Name, port}] {
		return nil
	}
	asked[place{v.Name, port}] = true
	for _, k := range kinds() {
		switch {
		case !k.listensOn(v, port):
		case k.names != nil:
			names = append(names, k.names(v, port)...)
		case k.upstreams != nil:
			for _, u := range k.upstreams(v) {
				if to := t.VM(u.Target.VM); to != nil && u.Passes {
					names = append(names, t.namesAt(to, u.Target.Port.Single(), asked)...)
				}
			}
		}
	}
	return names
}

func (k *ServiceKind) listensOn(v *VM, port int) bool {
	return k.listeners != nil && slices.ContainsFunc(k.listeners(v), func(l Listener) bool {
		return l.Protocol == "tcp" && l.Port == port
	})
}

// unique drops what was seen before and keeps the order.
func unique(names []string) (out []string) {
	seen := make(map[string]bool)
	for _, n := range names {
		if !seen[n] {
			out = append(out, n)
		}
		seen[n] = true
	}
	return out
}
