package ifupdown

import (
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// TestConform has ifquery and ifup read every file. The commands that ifup
// would run are looked at, since it takes options that it does not know.
func TestConform(t *testing.T) {
	rendertest.Need(t, "ifup", "ifquery")
	set := render(t, rendertest.Topology(t, "nullzero"))
	tests := []struct {
		path, list, command string
	}{
		{"vmm/etc/network/interfaces", "lo\nsw-lan\nsw-net\n", "ip route add default via 46.4.71.65  dev sw-net"},
		{"vmm/etc/network/interfaces", "lo\nsw-lan\nsw-net\n", "ip addr add 46.4.71.66/255.255.255.224 broadcast 46.4.71.95"},
		{"lb01/etc/network/interfaces", "lo\neth0\n", "ip addr add 10.0.1.2/255.255.255.0 broadcast 10.0.1.255"},
		{"lb01/etc/network/interfaces", "lo\neth0\n", "ip route add default via 10.0.1.1  dev eth0"},
	}
	for _, tt := range tests {
		text := rendertest.Content(t, set, tt.path)
		list, actions, ok := ask(t, text)
		if !ok || list != tt.list || !strings.Contains(actions, tt.command) {
			t.Errorf("%s: accepted %t\n got %q and %s\nwant %q and %s", tt.path, ok, list, actions, tt.list, tt.command)
		}
	}
}

// TestConformBroken: the programs refuse what they should.
func TestConformBroken(t *testing.T) {
	rendertest.Need(t, "ifup", "ifquery")
	good := rendertest.Content(t, render(t, rendertest.Topology(t, "nullzero")), "vmm/etc/network/interfaces")
	for _, tt := range []struct{ old, new string }{
		{"inet static", "inet statik"},
		{"    address 46.4.71.66/27\n", ""},
		{"    address 46.4.71.66/27\n", "    address 46.4.71.66/27\n    address 46.4.71.67/27\n    broadcast\n"},
	} {
		bad := strings.Replace(good, tt.old, tt.new, 1)
		if bad == good {
			t.Fatalf("no %q in\n%s", tt.old, good)
		}
		if _, out, ok := ask(t, bad); ok {
			t.Errorf("with %q in place of %q it is accepted:\n%s", tt.new, tt.old, out)
		}
	}
}

// ask gives the interfaces that ifquery finds for the boot and what ifup would do.
func ask(t *testing.T, text string) (list, actions string, ok bool) {
	t.Helper()
	file := rendertest.Write(t, "interfaces", text)
	list, ok = rendertest.Alone(t, "ifquery --list -a -i "+file)
	if !ok {
		return list, "", false
	}
	actions, ok = rendertest.Alone(t, "ifup --no-act --force -a -i "+file)
	return list, actions, ok
}
