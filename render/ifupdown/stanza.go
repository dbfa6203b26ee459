package ifupdown

import (
	"fmt"
	"net/netip"
	"strings"

	"stackgen/schema/topology"
)

// stanza is one interface of a file.
type stanza struct {
	Classes []string // lines that say when it is brought up
	Name    string
	Family  string // inet or inet6
	Method  string // static or manual
	Options []string
}

func (s *stanza) option(name string, words ...string) {
	s.Options = append(s.Options, name+" "+strings.Join(words, " "))
}

// address makes a stanza static, or manual when there is no address.
func (s *stanza) address(a netip.Prefix) {
	s.Family, s.Method = "inet", "manual"
	if !a.IsValid() {
		return
	}
	s.Method = "static"
	if a.Addr().Is6() {
		s.Family = "inet6"
	}
	s.option("address", a.String())
}

// network adds what an interface takes from its network.
func (s *stanza) network(t *topology.Topology, n *topology.Network) {
	if n != nil {
		s.resolvers(t, n)
		s.mtu(n.MTU)
	}
}

// resolvers are read by resolvconf where it is installed.
func (s *stanza) resolvers(t *topology.Topology, n *topology.Network) {
	if n == nil || s.Method != "static" || len(n.NameServers) == 0 {
		return
	}
	s.option("dns-nameservers", texts(n.NameServers)...)
	if t.Domain != "" {
		s.option("dns-search", t.Domain)
	}
}

func (s *stanza) mtu(bytes int) {
	if bytes != 0 {
		s.option("mtu", fmt.Sprint(bytes))
	}
}

func texts(addrs []netip.Addr) []string {
	out := make([]string, len(addrs))
	for i, a := range addrs {
		out[i] = a.String()
	}
	return out
}

// hostStanzas are the bridges of a host, each followed by its ports.
func hostStanzas(t *topology.Topology, h *topology.Host) (stanzas []stanza) {
	for i := range h.Bridges {
		b := &h.Bridges[i]
		stanzas = append(stanzas, bridge(t, h, b))
		for _, p := range b.Ports {
			stanzas = append(stanzas, port(t, b, p))
		}
		for _, bond := range b.Bonds {
			stanzas = append(stanzas, bonded(t, b, bond))
		}
	}
	return stanzas
}

// bridge is brought up by "ifup -a" at boot; its hook starts Open vSwitch if
// need be and brings up the ports.
func bridge(t *topology.Topology, h *topology.Host, b *topology.Bridge) stanza {
	s := stanza{Classes: []string{"auto " + b.Name, "allow-ovs " + b.Name}, Name: b.Name}
	s.address(t.AddressWithin(b.Network, b.Address))
	if b.Broadcast.IsValid() {
		s.option("broadcast", b.Broadcast.String())
	}
	if routed, gateway := t.HostDefaultRoute(h); b.Name == routed {
		s.option("gateway", gateway.String())
	}
	s.network(t, t.HostNetwork(b))
	s.option("ovs_type", "OVSBridge")
	if ports := portNames(b); len(ports) > 0 {
		s.option("ovs_ports", ports...)
	}
	s.extra(bridgeSettings(t, b))
	return s
}

func portNames(b *topology.Bridge) []string {
	var names []string
	names = append(names, b.Ports...)
	for _, bond := range b.Bonds {
		names = append(names, bond.Name)
	}
	return names
}

// extra adds more ovs-vsctl commands to the transaction of the hook. It puts
// them through eval: names have no character that a shell knows (the schema's
// interfaceName), the rest are words of ours.
func (s *stanza) extra(commands []string) {
	if len(commands) > 0 {
		s.option("ovs_extra", strings.Join(commands, " -- "))
	}
}

// bridgeSettings are those that ovs/bridges.sh makes, for a bridge that is new.
func bridgeSettings(t *topology.Topology, b *topology.Bridge) []string {
	commands := []string{fmt.Sprintf("set bridge %s datapath_type=%s fail_mode=%s stp_enable=%t", b.Name, b.Datapath,
		b.FailMode, b.STP)}
	n := t.HostNetwork(b)
	if n == nil {
		return commands
	}
	if n.VLAN != 0 {
		commands = append(commands, fmt.Sprintf("set port %s tag=%d", b.Name, n.VLAN))
	}
	return append(commands, requestMTU(n.MTU, b.Name)...)
}

// requestMTU tells Open vSwitch of an MTU: it would set its own on a bridge's
// interface (ovs-vswitchd.conf.db(5), mtu_request).
func requestMTU(bytes int, interfaces ...string) (commands []string) {
	if bytes == 0 {
		return nil
	}
	for _, i := range interfaces {
		commands = append(commands, fmt.Sprintf("set interface %s mtu_request=%d", i, bytes))
	}
	return commands
}

func port(t *topology.Topology, b *topology.Bridge, name string) stanza {
	s := stanza{Classes: []string{"allow-" + b.Name + " " + name}, Name: name, Family: "inet", Method: "manual"}
	s.option("ovs_bridge", b.Name)
	s.option("ovs_type", "OVSPort")
	s.extra(requestMTU(t.UplinkMTU(b.Name), name))
	return s
}

// bonded is a bond. The hook says "add-bond" without --may-exist, which fails
// when the bond is left from before a loss of power: so it is taken off first.
func bonded(t *topology.Topology, b *topology.Bridge, bond topology.Bond) stanza {
	s := stanza{Classes: []string{"allow-" + b.Name + " " + bond.Name}, Name: bond.Name, Family: "inet", Method: "manual"}
	s.option("pre-up", "ovs-vsctl --if-exists del-port", b.Name, bond.Name)
	s.option("ovs_bridge", b.Name)
	s.option("ovs_type", "OVSBond")
	s.option("ovs_bonds", bond.Interfaces...)
	s.option("ovs_options", "bond_mode="+bond.Mode, "lacp="+bond.LACP)
	s.extra(requestMTU(t.UplinkMTU(b.Name), bond.Interfaces...))
	return s
}
