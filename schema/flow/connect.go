package flow

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"stackgen/schema/topology"
)

// Connect walks a connection that is told in words: from "internet", a machine or
// a VPN client, by tcp, udp or icmp, to ADDRESS:PORT or MACHINE:PORT; icmp has no
// port. The error says which word means nothing in the topology.
func (n *Net) Connect(from, protocol, to string) (*Walk, error) {
	if !slices.Contains([]string{"tcp", "udp", "icmp"}, protocol) {
		return nil, fmt.Errorf("%q is not tcp, udp or icmp", protocol)
	}
	vm, host := n.VM(from), n.Host(from)
	p, err := n.destination(vm, protocol, to)
	if err != nil {
		return nil, err
	}
	switch router, tunnel, client := n.vpnClient(from); {
	case from == "internet":
		return n.FromInternet(p), nil
	case vm != nil:
		return n.FromVM(vm, p), nil
	case host != nil:
		return n.FromHost(host, p), nil
	case router != nil:
		return n.FromTunnel(router, tunnel, client, p), nil
	}
	return nil, fmt.Errorf("%q is neither internet, a machine nor a VPN client of the stack %s", from, n.Name)
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
