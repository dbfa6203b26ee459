package ifupdown

import (
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// router is the router with all features as a Debian machine.
const router = "{ vms+: { rtr01+: { os: 'debian-12', disks: { vda: { size: '10GiB', image: 'debian-12' } }, install:: null, " +
	"router: { platform: 'debian', staticRoutes: { '10.0.0.0/8': { blackhole: true }, '10.9.0.0/16': { nextHop: '10.0.1.9', distance: 10 }, '10.10.0.0/16': { interface: 'eth1' } } } } } }"

// TestRouter has ifup tell what it would do for each kind of interface.
func TestRouter(t *testing.T) {
	rendertest.Need(t, "ifup", "ifquery", "dhclient")
	topo := rendertest.Variant(t, "edge", router+" + { vms+: { rtr01+: { interfaces+: { eth4: { network: 'lan', dhcp: true, dhcpv6: true } }, "+
		"router+: { staticRoutes+: { '2001:db8:9::/48': { nextHop: '2001:db8::9' } } } } } }")
	text := rendertest.Content(t, render(t, topo), "rtr01/etc/network/interfaces")
	list, actions, ok := ask(t, text)
	if !ok || list != "lo\neth0\neth1\neth4\nbond0\neth1.20\ndum0\n" {
		t.Errorf("accepted: %t, and brought up are %q\n%s", ok, list, actions)
	}
	for _, want := range []string{
		"ip addr replace 192.0.2.11/24 dev eth0",
		"ip addr replace 2001:db8::1/64 dev eth0",
		"ip addr replace 10.255.0.2/32 dev lo",
		"ip link add link eth1 name eth1.20 type vlan id 20",
		"ip addr add 10.0.20.1/255.255.255.0",
		"ip link add dum0 type dummy",
		"ip addr replace 10.255.0.1/32 dev dum0",
		"ip addr add 10.0.7.1/255.255.255.0",
		"ip route replace 10.9.0.0/16 via 10.0.1.9 metric 10",
		"ip route replace 10.10.0.0/16 dev eth1",
		"ip route replace 2001:db8:9::/48 via 2001:db8::9",
		"ip route replace blackhole 10.0.0.0/8",
		"dhclient -4 ",
		"dhclient -6 ",
	} {
		if !strings.Contains(actions, want) {
			t.Errorf("ifup does not %q:\n%s", want, actions)
		}
	}
	for _, want := range []string{"\n# the provider\nauto eth0\n", "    bond-slaves eth2 eth3\n    bond-mode active-backup\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// TestRoutes has the kernel take the routes, and refuse one by nobody.
func TestRoutes(t *testing.T) {
	rendertest.Need(t, "ip")
	text := rendertest.Content(t, render(t, rendertest.Variant(t, "edge", router)), "rtr01/etc/network/interfaces")
	script := "ip link add eth1 type veth peer name other\nip addr add 10.0.1.1/24 dev eth1\nip link set eth1 up\n"
	routes := 0
	for line := range strings.Lines(text) {
		if command, ok := strings.CutPrefix(strings.TrimSpace(line), "up ip route "); ok {
			script += "ip route " + command + "\n"
			routes++
		}
	}
	if out, ok := rendertest.Alone(t, script); !ok || routes != 3 {
		t.Errorf("%d routes, and the kernel says\n%s", routes, out)
	}
	if out, ok := rendertest.Alone(t, strings.Replace(script, "via 10.0.1.9", "via 10.0.2.9", 1)); ok {
		t.Errorf("a next hop that is nowhere is taken:\n%s", out)
	}
}
