package guest

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/iproute"
	"stackgen/render/internal/shell"
	"stackgen/schema/topology"
)

// stepOf brings a guest's names and interfaces into effect without ever taking
// an address away: apply may be connected to it. An interface that is new is
// brought up as at boot; one that is up gets what it lacks.
func stepOf(t *topology.Topology, vm *topology.VM) artifact.Step {
	s := artifact.Step{
		Machine: vm.Name, Name: step, Phase: artifact.Guest,
		Summary:  "host name, hosts and interfaces",
		Packages: packages(vm),
		Check: []string{"ifquery --list -a > /dev/null",
			`out=$(ifup --no-act --force -a 2>&1) || { echo "$out" >&2; false; }`},
		Apply: []string{"hostname -F /etc/hostname"},
		Verify: []string{fmt.Sprintf(`[ "$(hostname)" = %s ]`, vm.Name),
			fmt.Sprintf(`[ "$(hostname -f)" = %s ]`, t.FQDN(vm.Name))},
	}
	if vm.Router != nil {
		s.Phase = artifact.Router // the way to all other guests
	}
	routed, gateway := t.DefaultRoute(vm)
	for _, i := range vm.Interfaces {
		if vm.Bond(i.Name) != "" {
			continue // the bond brings it up
		}
		addresses := t.AddressesOf(i)
		s.Apply = append(s.Apply, bringUp(i, addresses, t.MTUOf(i))...)
		for _, a := range addresses {
			s.Verify = append(s.Verify, fmt.Sprintf("ip -br addr show dev %s | grep -wF %s > /dev/null", i.Name, a))
		}
		if i.Name == routed {
			s.Apply = append(s.Apply, fmt.Sprintf("ip %s route replace default via %s dev %s onlink", iproute.Family(gateway),
				gateway, i.Name))
			s.Verify = append(s.Verify, fmt.Sprintf("ip %s route show default | grep -wF 'default via %s dev %s' > /dev/null",
				iproute.Family(gateway), gateway, i.Name))
		}
	}
	for _, r := range t.RoutesOf(vm) {
		s.Apply = append(s.Apply, fmt.Sprintf("ip %s route replace %s", iproute.Family(r.Prefix.Addr()),
			strings.Join(iproute.Route(r), " ")))
	}
	replaceNetworkd(vm, &s)
	return s
}

// packages are what ifup needs for the kinds of interface that there are.
func packages(vm *topology.VM) []string {
	needed := []string{"ifupdown"}
	if slices.ContainsFunc(vm.Interfaces, func(i topology.Interface) bool { return i.Bond != nil }) {
		needed = append(needed, "ifenslave")
	}
	if slices.ContainsFunc(vm.Interfaces, func(i topology.Interface) bool { return i.DHCP || i.DHCPv6 }) {
		needed = append(needed, "isc-dhcp-client")
	}
	return needed
}

// bringUp has ifup bring up an interface that has no address yet, and adds
// addresses to one that has another: ifup would do nothing.
func bringUp(i topology.Interface, addresses []netip.Prefix, mtu int) (lines []string) {
	switch {
	case i.Kind() == topology.Loopback:
	case len(addresses) == 0:
		lines = append(lines, "ifup "+i.Name)
	default:
		lines = append(lines, fmt.Sprintf("ip -o addr show dev %[1]s scope global | grep . > /dev/null || ifup %[1]s",
			i.Name))
	}
	for _, a := range addresses {
		lines = append(lines, fmt.Sprintf("ip addr replace %s dev %s", a, i.Name))
	}
	if mtu != 0 {
		lines = append(lines, shell.Join("ip", "link", "set", "dev", i.Name, "mtu", fmt.Sprint(mtu)))
	}
	return append(lines, "ip link set dev "+i.Name+" up")
}
