package flow

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"stackgen/schema/topology"
)

// Question is a connection that is told in words.
type Question struct {
	From       string // internet, a machine, a VPN client or an address outside
	Protocol   string // tcp, udp or icmp
	To         string // ADDRESS:PORT or MACHINE:PORT; icmp has no port
	SourcePort int    // 0: any that a client chooses
}

// Connect walks a connection that is told in words. The error says which word
// means nothing in the topology.
func (n *Net) Connect(q Question) (*Walk, error) {
	if !slices.Contains([]string{"tcp", "udp", "icmp"}, q.Protocol) {
		return nil, fmt.Errorf("%q is not tcp, udp or icmp", q.Protocol)
	}
	vm, host := n.VM(q.From), n.Host(q.From)
	p, err := n.destination(vm, q.Protocol, q.To)
	if err != nil {
		return nil, err
	}
	if p.SourcePort = q.SourcePort; p.SourcePort != 0 && p.Protocol == "icmp" {
		return nil, fmt.Errorf("icmp has no ports, and no source port")
	}
	switch router, tunnel, client := n.vpnClient(q.From); {
	case q.From == "internet":
		return n.FromInternet(p), nil
	case vm != nil:
		return n.FromVM(vm, p), nil
	case host != nil:
		return n.FromHost(host, p), nil
	case router != nil:
		return n.FromTunnel(router, tunnel, client, p), nil
	}
	if a, err := netip.ParseAddr(q.From); err == nil {
		return n.fromAddress(a, p)
	}
	return nil, fmt.Errorf("%q is neither internet, a machine, an address nor a VPN client of the stack %s", q.From,
		n.Name)
}

// fromAddress walks a connection from an address: of a machine, or outside.
func (n *Net) fromAddress(a netip.Addr, p Packet) (*Walk, error) {
	if a.Is4() != p.To.Is4() {
		return nil, fmt.Errorf("%s and %s are of two families", a, p.To)
	}
	if owners := n.owners[a]; len(owners) > 0 {
		if vm := owners[0].vm; vm != nil {
			return n.FromVM(vm, p), nil
		}
		return n.FromHost(owners[0].host, p), nil
	}
	for i := range n.Networks {
		if network := &n.Networks[i]; network.Subnet.Contains(a) && !n.IsOutside(network) {
			return nil, fmt.Errorf("%s is in network %s, where no machine has it", a, network.Name)
		}
	}
	p.Source = a
	return n.FromInternet(p), nil
}

// destination reads TO: an address or the name of a machine, with a port unless
// the protocol has none.
func (n *Net) destination(from *topology.VM, protocol, to string) (p Packet, err error) {
	p.Protocol = protocol
	name, port := to, ""
	if protocol != "icmp" {
		i := strings.LastIndexByte(to, ':')
		if i < 0 {
			return p, fmt.Errorf("%q has no port: write %s:80", to, to)
		}
		name, port = strings.Trim(to[:i], "[]"), to[i+1:]
		if p.Port, err = strconv.Atoi(port); err != nil || p.Port < 1 || p.Port > 65535 {
			return p, fmt.Errorf("%q is not a port", port)
		}
	}
	switch host := n.Host(name); {
	case n.VM(name) != nil:
		p.To = n.AddressOf(from, name)
	case host != nil:
		p.To = host.ManagementAddress()
	default:
		if p.To, err = netip.ParseAddr(name); err != nil {
			return p, fmt.Errorf("%q is neither an address nor a machine of the stack %s", name, n.Name)
		}
	}
	if !p.To.IsValid() {
		return p, fmt.Errorf("machine %q has no address", name)
	}
	return p, nil
}

// vpnClient finds the router and the tunnel of a client or peer, and its address
// if it has one of its own.
func (n *Net) vpnClient(name string) (*topology.VM, topology.Tunnel, netip.Addr) {
	for i := range n.VMs {
		vm := &n.VMs[i]
		if vm.Router == nil {
			continue
		}
		for _, t := range vm.Router.Tunnels() {
			if a, ok := t.Ends[name]; ok {
				return vm, t, a
			}
		}
	}
	return nil, topology.Tunnel{}, netip.Addr{}
}
