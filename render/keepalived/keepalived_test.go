package keepalived

import (
	"net/netip"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// pair is a second router beside the one with all features, both on Debian.
const pair = `{ vms+: {
	rtr01+: { os: 'debian-12', disks: { vda: { size: '10GiB', image: 'debian-12' } }, install:: null, interfaces+: { eth1+: { address: '10.0.1.253' } }, router: { platform: 'debian' } },
	rtr02: $.vms.rtr01 { interfaces: { eth0: { network: 'wan', address: '192.0.2.20' }, eth1: { network: 'lan', address: '10.0.1.252' } } },
}, vrrp: { lan: { description: 'the way out', network: 'lan', vrid: 10, routers: ['rtr02', 'rtr01'], preempt: false } } }`

func content(t *testing.T, machine string) string {
	t.Helper()
	set, err := Render(rendertest.Variant(t, "edge", pair))
	if err != nil {
		t.Fatal(err)
	}
	return rendertest.Content(t, set, machine+"/"+path)
}

// TestPriority: the first of the routers is preferred.
func TestPriority(t *testing.T) {
	for machine, priority := range map[string]string{"rtr02": "priority 200", "rtr01": "priority 190"} {
		text := content(t, machine)
		for _, want := range []string{priority, "virtual_router_id 10", "10.0.1.1/24 dev eth1", "nopreempt", "# the way out", "version 2"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s has no %q in\n%s", machine, want, text)
			}
		}
	}
}

// TestVersion: IPv4 is told as VyOS tells it, which may be the other router, and
// IPv6 in the one version that has it.
func TestVersion(t *testing.T) {
	for address, want := range map[string]string{"10.0.1.1": "version 2\n", "2001:db8::1": "version 3\n"} {
		topo := rendertest.Variant(t, "edge", pair)
		topo.VRRP[0].Address = netip.MustParseAddr(address)
		set, err := Render(topo)
		if err != nil {
			t.Fatal(err)
		}
		if text := rendertest.Content(t, set, "rtr01/"+path); !strings.Contains(text, want) {
			t.Errorf("%s has no %q in\n%s", address, want, text)
		}
	}
}

// TestConform has keepalived read the file, in a network where the interface is.
func TestConform(t *testing.T) {
	rendertest.Need(t, "keepalived")
	test := func(text string) (string, bool) {
		return rendertest.Alone(t, "ip link add eth1 type veth peer name other\nkeepalived --config-test --use-file="+rendertest.Write(t, "keepalived.conf", text))
	}
	good := content(t, "rtr01")
	if out, ok := test(good); !ok {
		t.Errorf("refused:\n%s", out)
	}
	for _, twin := range []struct{ old, new string }{
		{"virtual_router_id 10", "virtual_router_id 256"},
		{"interface eth1", "interface eth9"},
		{"priority 190", "prio 190"},
	} {
		if out, ok := test(strings.Replace(good, twin.old, twin.new, 1)); ok {
			t.Errorf("%q in place of %q is accepted:\n%s", twin.new, twin.old, out)
		}
	}
}
