// Package flow walks the first packet of a connection through a topology: from
// machine to machine, through destination NAT, firewall hooks and source NAT, to
// what listens at its end, and on from there to what that asks in turn.
//
// It takes a decoded topology and gives hops as values, each with the path of
// what in the topology makes it so. It is pure: how hops look, and which line of
// which artifact they are, is left to the driver. References that lead nowhere
// end a walk; they do not panic.
package flow

import (
	"fmt"
	"net/netip"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// Kind says what a hop is. The zero value is invalid.
type Kind string

// The kinds of hop, in the order in which a packet usually meets them.
const (
	Arrive   Kind = "arrive"   // at an interface of a machine
	DNAT     Kind = "dnat"     // the destination is rewritten
	Filter   Kind = "filter"   // a firewall hook lets it pass
	SNAT     Kind = "snat"     // the source is rewritten
	Leave    Kind = "leave"    // the topology, by a gateway outside of it
	Listen   Kind = "listen"   // a service takes the connection
	Answer   Kind = "answer"   // a firewall hook lets the answer back
	Backend  Kind = "backend"  // the cache asks a server
	Site     Kind = "site"     // the server block that answers
	Socket   Kind = "socket"   // the pool that runs the page
	Connect  Kind = "connect"  // a program of the user's asks a server
	Database Kind = "database" // the page asks its database
	Grant    Kind = "grant"    // the account that is used
	Stop     Kind = "stop"     // the walk ends here, and not where it was to
)

// Why says what stopped a walk. The zero value: nothing did.
type Why string

// What stops a walk.
const (
	NoRoute    Why = "route"    // no way from here to there
	NoLink     Why = "link"     // the bridges of two hosts are not joined
	NoMachine  Why = "machine"  // nobody has the address
	NoSource   Why = "source"   // answers would not find the way back
	Dropped    Why = "firewall" // a firewall hook does not let it pass
	NoListener Why = "listener" // nothing takes the connection
	NoGrant    Why = "grant"    // the database does not know the account
	NoSite     Why = "site"     // some requests are answered by another site
	NoReturn   Why = "return"   // the answer does not find the way back
	NoAnswer   Why = "answer"   // a firewall hook does not let the answer pass
)

// Hop is one step of a walk.
type Hop struct {
	Kind    Kind
	Machine string // where it happens; empty outside of the topology
	Text    string // what happens, in a few words
	Path    string // RFC 6901: what in the topology makes it so
	Why     Why    // of a Stop
}

// Walk is where a connection went.
type Walk struct {
	Hops []Hop
	At   *topology.VM       // the VM whose service took the connection, if one did
	By   *topology.Listener // that service

	site  *topology.Site // that answered, if one did
	trail []crossing     // the routers on the way
	end   end            // where it came to
}

// Reached reports whether the walk ended where it was to.
func (w *Walk) Reached() bool { return w.Stopped().Why == "" }

// Stopped is the hop that ended a walk early; the zero Hop if none did.
func (w *Walk) Stopped() Hop {
	if n := len(w.Hops); n > 0 && w.Hops[n-1].Kind == Stop {
		return w.Hops[n-1]
	}
	return Hop{}
}

func (w *Walk) add(k Kind, machine, path, format string, args ...any) {
	w.Hops = append(w.Hops, Hop{Kind: k, Machine: machine, Path: path, Text: fmt.Sprintf(format, args...)})
}

func (w *Walk) stop(why Why, machine, path, format string, args ...any) {
	w.Hops = append(w.Hops, Hop{Kind: Stop, Machine: machine, Path: path, Why: why, Text: fmt.Sprintf(format, args...)})
}

// Packet is what is looked at on the way.
type Packet struct {
	Protocol   string     // tcp, udp or icmp
	Source     netip.Addr // zero: any address outside of the topology
	SourcePort int        // 0: any that a client chooses for itself
	To         netip.Addr
	Port       int    // 0 for icmp
	State      string // what connection tracking says of it; empty: new
	answer     bool   // it goes back to who opened the connection
}

// Ephemeral is the port that a client chooses for itself, as answers find it in
// their destination.
const Ephemeral = -1

// ephemeral are the ports that clients choose from, as Linux does (ip(7),
// ip_local_port_range): who lets in some of them only stops the others.
var ephemeral = topology.Ports{{First: 32768, Last: 60999}}

// States of connections beside those that rules match: packets of neighbour
// discovery belong to none.
const (
	established = "established"
	invalid     = "invalid"
	Untracked   = "untracked"
)

func (p Packet) String() string {
	if p.Port <= 0 {
		return p.Protocol + " " + p.To.String()
	}
	return p.Protocol + " " + netip.AddrPortFrom(p.To, uint16(p.Port)).String()
}

// Net is a topology made ready for walking.
type Net struct {
	*topology.Topology
	owners  map[netip.Addr][]owner
	lenders map[string]lender // by network
	// Lenient walks ask whether any packet can pass: a firewall rule for some
	// sources only is taken to accept when the source is not known.
	Lenient bool
}

// owner is a machine that has an address on a network.
type owner struct {
	vm        *topology.VM
	iface     *topology.Interface
	host      *topology.Host
	bridge    *topology.Bridge
	network   *topology.Network
	onMachine string
	path      string // of its interface or bridge
}

// New makes a topology ready for walking.
func New(t *topology.Topology) *Net {
	n := &Net{Topology: t, owners: map[netip.Addr][]owner{}, lenders: lenders(t)}
	for i := range t.Hosts {
		h := &t.Hosts[i]
		for j := range h.Bridges {
			b := &h.Bridges[j]
			if network := t.HostNetwork(b); network != nil {
				n.own(b.Address, owner{host: h, bridge: b, network: network, onMachine: h.Name,
					path: diag.Path("hosts", h.Name, "bridges", b.Name)})
			}
		}
	}
	for i := range t.VMs {
		vm := &t.VMs[i]
		for j := range vm.Interfaces {
			iface := &vm.Interfaces[j]
			if network := t.Network(iface.Network); network != nil {
				o := owner{vm: vm, iface: iface, network: network, onMachine: vm.Name,
					path: diag.Path("vms", vm.Name, "interfaces", iface.Name)}
				for _, p := range t.AddressesOf(*iface) {
					n.own(p.Addr(), o)
				}
				n.keep(vm, iface)
			}
		}
	}
	n.shared()
	return n
}

// shared gives the addresses that routers share to the preferred ones.
func (n *Net) shared() {
	for i := range n.VRRP {
		g := &n.VRRP[i]
		vm, network := n.VM(g.Routers[0]), n.Network(g.Network)
		if vm == nil || network == nil || vm.InterfaceOn(g.Network) == nil {
			continue
		}
		n.own(g.Address, owner{vm: vm, iface: vm.InterfaceOn(g.Network), network: network, onMachine: vm.Name,
			path: diag.Path("vrrp", g.Name)})
	}
}

func (n *Net) own(a netip.Addr, o owner) { n.owners[a] = append(n.owners[a], o) }

// ownerOn is who has an address on a network.
func (n *Net) ownerOn(network *topology.Network, a netip.Addr) (owner, bool) {
	for _, o := range n.owners[a] {
		if o.network == network {
			return o, true
		}
	}
	return owner{}, false
}

// device is the name of the interface that an owner has its address on.
func (o owner) device() string {
	if o.vm != nil {
		return o.iface.Name
	}
	return o.bridge.Name
}

// hostName is the host that an owner is or runs on.
func (o owner) hostName() string {
	if o.vm != nil {
		return o.vm.Host
	}
	return o.host.Name
}
