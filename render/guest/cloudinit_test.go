package guest

import (
	"slices"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// TestTakeOver: what cloud-init gave a guest is apply's from then on; a guest
// that it told nothing has nothing of it.
func TestTakeOver(t *testing.T) {
	set := render(t, rendertest.Variant(t, "nullzero", "{ vms+: { lb01+: { provision: 'cloud-init' } } }"))
	link := rendertest.Content(t, set, "lb01/etc/systemd/network/10-eth0.link")
	if want := "[Match]\nMACAddress=52:54:00:58:de:68\n\n[Link]\nName=eth0\n"; !strings.HasSuffix(link, want) {
		t.Errorf("link\n got %q\nwant %q", link, want)
	}
	if text := rendertest.Content(t, set, "lb01/etc/cloud/cloud.cfg.d/99-stackgen.cfg"); !strings.Contains(text, "network:\n  config: disabled\n") {
		t.Errorf("cloud-init goes on: %q", text)
	}
	for _, s := range set.Steps {
		if has, want := slices.ContainsFunc(s.Apply, func(l string) bool { return strings.Contains(l, "netplan") }), s.Machine == "lb01"; has != want {
			t.Errorf("%s takes the network over: %t, want %t", s.ID(), has, want)
		}
	}
	for _, f := range set.Files {
		if f.Machine != "lb01" && (strings.HasSuffix(f.Path, ".link") || strings.Contains(f.Path, "cloud")) {
			t.Errorf("%s is rendered", f.TreePath())
		}
	}
}
