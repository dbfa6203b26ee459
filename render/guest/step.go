package guest

import (
	"fmt"
	"net/netip"
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
		Packages: []string{"ifupdown"},
		Check:    []string{"ifquery --list -a > /dev/null", `out=$(ifup --no-act --force -a 2>&1) || { echo "$out" >&2; false; }`},
		Apply:    []string{"hostname -F /etc/hostname"},
		Verify:   []string{fmt.Sprintf(`[ "$(hostname)" = %s ]`, vm.Name), fmt.Sprintf(`[ "$(hostname -f)" = %s ]`, t.FQDN(vm.Name))},
	}
	if vm.Router != nil {
		s.Phase = artifact.Router // the way to all other guests
	}
	routed, gateway := t.DefaultRoute(vm)
	for _, i := range vm.Interfaces {
		a := t.AddressWithin(i.Network, i.Address)
		s.Apply = append(s.Apply, bringUp(i.Name, a, mtuOf(t, i.Network))...)
		if a.IsValid() {
			s.Verify = append(s.Verify, fmt.Sprintf("ip -br addr show dev %s | grep -wF %s > /dev/null", i.Name, a))
		}
		if i.Name == routed {
			s.Apply = append(s.Apply, fmt.Sprintf("ip %s route replace default via %s dev %s onlink", family(gateway), gateway, i.Name))
			s.Verify = append(s.Verify, fmt.Sprintf("ip %s route show default | grep -wF 'default via %s dev %s' > /dev/null", family(gateway), gateway, i.Name))
		}
	}
	for _, r := range t.RoutesOf(vm) {
		s.Apply = append(s.Apply, fmt.Sprintf("ip %s route replace %s", family(r.Prefix.Addr()), strings.Join(iproute.Route(r), " ")))
	}
	takeOver(vm, &s)
	return s
}

// bringUp has ifup bring up an interface that has no address yet, and adds the
// address to one that has another: ifup would do nothing.
func bringUp(name string, address netip.Prefix, mtu int) (lines []string) {
	if !address.IsValid() {
		lines = append(lines, "ifup "+name)
	} else {
		lines = append(lines,
			fmt.Sprintf("ip -o addr show dev %[1]s scope global | grep . > /dev/null || ifup %[1]s", name),
			fmt.Sprintf("ip addr replace %s dev %s", address, name))
	}
	if mtu != 0 {
		lines = append(lines, shell.Join("ip", "link", "set", "dev", name, "mtu", fmt.Sprint(mtu)))
	}
	return append(lines, "ip link set dev "+name+" up")
}

func mtuOf(t *topology.Topology, network string) int {
	if n := t.Network(network); n != nil {
		return n.MTU
	}
	return 0
}

// family is the option by which ip(8) looks at an address's family.
func family(a netip.Addr) string {
	if a.Is4() {
		return "-4"
	}
	return "-6"
}
