package ifupdown

import (
	"fmt"
	"regexp"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/iproute"
	"stackgen/render/internal/shell"
	"stackgen/schema/topology"
)

// step makes ifup do now what it will do at boot. The bridges and the address
// are already there, by ovs/bridges.sh; ifup refuses an address that is, so a
// bridge that ifup does not know is emptied in the same line. Should ifup fail,
// the script puts the address back. A bridge is never taken down: that would
// take the ports of the VMs with it.
func step(t *topology.Topology, h *topology.Host) artifact.Step {
	s := artifact.Step{
		Machine: h.Name, Name: "network", Phase: artifact.HostNetwork,
		Summary:  "interfaces as they are at boot",
		Packages: []string{"ifupdown", "openvswitch-switch"},
		Check: []string{
			"ifquery --list -a > /dev/null",
			`out=$(ifup --no-act --force -a 2>&1) || { echo "$out" >&2; false; }`,
			notElsewhere(h),
		},
		Guarded: true,
	}
	for i := range h.Bridges {
		b := &h.Bridges[i]
		q := shell.Quote(b.Name)
		s.Apply = append(s.Apply, fmt.Sprintf(
			"ifquery --state %[1]s > /dev/null || { ip addr flush dev %[1]s scope global; ifup %[1]s || { sh ovs/bridges.sh; false; }; }", q))
		s.Verify = append(s.Verify, "ifquery --state "+q+" > /dev/null")
		s.Verify = append(s.Verify, verifyBridge(t, h, b)...)
	}
	return s
}

// notElsewhere fails when a file that ours sources describes one of our
// interfaces too: ifup would configure it twice.
func notElsewhere(h *topology.Host) string {
	var names []string
	for i := range h.Bridges {
		for _, s := range append([]string{h.Bridges[i].Name}, portNames(&h.Bridges[i])...) {
			names = append(names, regexp.QuoteMeta(s))
		}
	}
	pattern := `^[[:space:]]*iface[[:space:]]+(` + strings.Join(names, "|") + `)[[:space:]]`
	return "if grep -Ers -e " + shell.Quote(pattern) +
		" /etc/network/interfaces.d >&2; then echo 'these interfaces are described twice' >&2; false; fi"
}

// verifyBridge looks at what the kernel has.
func verifyBridge(t *topology.Topology, h *topology.Host, b *topology.Bridge) (lines []string) {
	if a := t.AddressWithin(b.Network, b.Address); a.IsValid() {
		lines = append(lines, fmt.Sprintf("ip -br addr show dev %s | grep -wF %s > /dev/null", shell.Quote(b.Name), a))
	}
	if routed, gateway := t.HostDefaultRoute(h); b.Name == routed {
		lines = append(lines, fmt.Sprintf("ip %s route show default | grep -wF 'default via %s dev %s' > /dev/null",
			iproute.Family(gateway), gateway, b.Name))
	}
	return lines
}
