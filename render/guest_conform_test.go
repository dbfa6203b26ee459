package render_test

import (
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/render/guest"
	"stackgen/render/ifupdown"
	"stackgen/render/internal/rendertest"
)

// booted puts the files of db01 in place, on a machine that has the devices.
const booted = `
for i in 0 1; do ip link add eth$i type veth peer name far$i; ip link set far$i up; done
cd db01
for f in hostname hosts resolv.conf network/interfaces; do
  touch /etc/$f; mount --bind etc/$f /etc/$f
done
state() { ip -o addr show | sed 's/valid_lft.*//' | grep -v 'scope link'; ip route; hostname; }
`

// TestGuestSystem runs the step of a guest, on one that is new and on one that
// apply is connected to at an address that ours replaces.
func TestGuestSystem(t *testing.T) {
	rendertest.Need(t, "ifup", "hostname", "getent")
	topo := rendertest.Variant(t, "nullzero", `{
		networks+: { backup: { bridge: 'sw-lan', vlan: 9, subnet: '2001:db8::/64', mtu: 1400 } },
		vms+: { db01+: { interfaces+: { eth1: { network: 'backup', address: '2001:db8::4' } } } },
	}`)
	set := artifact.Set{}
	for _, k := range []func() (artifact.Set, error){
		func() (artifact.Set, error) { return guest.Render(topo) },
		func() (artifact.Set, error) { return ifupdown.Render(topo) },
	} {
		s, err := k()
		if err != nil {
			t.Fatal(err)
		}
		set.Add(s)
	}
	step := lines(t, set, "db01", "system")
	tests := []struct{ name, before, after string }{
		{"new", "", ""},
		{"connected", "ip addr add 10.0.1.99/24 dev eth0; ip link set eth0 up; ip route add default via 10.0.1.254",
			"ip -br addr show dev eth0 | grep -w 10.0.1.99/24 > /dev/null"},
		{"booted", "ifup -a", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			script := booted + tt.before + "\n" + step + "state > /run/once\n" + step + `state > /run/twice
diff /run/once /run/twice
[ "$(getent ahostsv4 web01 | head -1 | cut -d' ' -f1)" = 10.0.1.3 ]
[ "$(cat /sys/class/net/eth1/mtu)" = 1400 ]
` + tt.after + "\necho all is well\n"
			if out, ok := rendertest.Alone(t, "cd "+rendertest.Tree(t, set)+"\n"+script); !ok || !strings.HasSuffix(out, "all is well\n") {
				t.Errorf("the step of the guest\n%s", out)
			}
		})
	}
}

// lines are those of a step in the order that apply runs them.
func lines(t *testing.T, set artifact.Set, machine, name string) string {
	t.Helper()
	for _, s := range set.Steps {
		if s.Machine == machine && s.Name == name {
			return strings.Join(append(append(s.Check, s.Apply...), s.Verify...), "\n") + "\n"
		}
	}
	t.Fatalf("no step %s/%s", machine, name)
	return ""
}
