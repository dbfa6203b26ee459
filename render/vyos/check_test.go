package vyos

import (
	"net/netip"
	"slices"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// rules are the rules that Check names, with the path of each.
func rules(t *topology.Topology) map[string]string {
	found := map[string]string{}
	diags := Check(t)
	for _, d := range diags {
		found[d.Rule] = d.Path
	}
	return found
}

func TestCheck(t *testing.T) {
	six := topology.Target{Address: netip.MustParsePrefix("2001:db8::/64")}
	rulesOf := func(r *topology.Router) *topology.Rule { return &r.Firewall.Ruleset("wan-in").Rules[0] }
	tests := []struct {
		name   string
		change func(*topology.VM)
		rule   string // "" is none
		path   string
	}{
		{"fixture", func(*topology.VM) {}, "", ""},
		{"interface name", func(v *topology.VM) { v.Interfaces[0].Name = "ens3" }, "vyos/interface-name", "/vms/rtr01/interfaces/ens3"},
		{"interface eth10", func(v *topology.VM) { v.Interfaces[0].Name = "eth10" }, "", ""},
		{"NAT for IPv6 clients", func(v *topology.VM) { v.Router.NAT.Destination[0].Source = six }, "vyos/ipv4-only", "/vms/rtr01/router/nat/destination/10/source"},
		{"a name of ours", func(v *topology.VM) { v.Router.Firewall.Rulesets[0].Name = secondHalf }, "vyos/ruleset-name", "/vms/rtr01/router/firewall/rulesets/stackgen-out"},
		{"one ruleset in and out", func(v *topology.VM) { bothWays(v, "wan-in") }, "vyos/jump-both", "/vms/rtr01/router/firewall/rulesets/wan-local"},
		{"a ruleset in, and another out", func(v *topology.VM) { bothWays(v, "wan-local") }, "", ""},
		{"IPv6 source NAT", func(v *topology.VM) { v.Router.NAT.Source[0].Source = six }, "vyos/ipv4-only", "/vms/rtr01/router/nat/source/10/source"},
		{"IPv6 destination NAT", func(v *topology.VM) {
			v.Router.NAT.Destination[0].Address = netip.MustParseAddr("2001:db8::1")
		}, "vyos/ipv4-only", "/vms/rtr01/router/nat/destination/10/address"},
		{"destination NAT on an interface of IPv6", func(v *topology.VM) {
			v.Interface("eth0").Address = netip.MustParseAddr("2001:db8::1")
		}, "vyos/ipv4-only", "/vms/rtr01/router/nat/destination/10/inboundInterface"},
		{"MTU of the loopback", func(v *topology.VM) {
			v.Interfaces = append(v.Interfaces, topology.Interface{Name: "lo", MTU: 1400})
		}, "vyos/loopback-mtu", "/vms/rtr01/interfaces/lo/mtu"},
		{"loopback", func(v *topology.VM) { v.Interfaces = append(v.Interfaces, topology.Interface{Name: "lo"}) }, "", ""},
		{"NAT to IPv6", func(v *topology.VM) { v.Router.NAT.Destination[0].Translation = six }, "vyos/ipv4-only", "/vms/rtr01/router/nat/destination/10/translation"},
		{"NAT to nothing", func(v *topology.VM) { v.Router.NAT.Destination[0].Translation = topology.Target{} }, "vyos/nat-translation", "/vms/rtr01/router/nat/destination/10/translation"},
		{"NAT to a port", func(v *topology.VM) {
			v.Router.NAT.Destination[0].Translation = topology.Target{Port: topology.Ports{{First: 80, Last: 80}}}
		}, "", ""},
		{"quote in text", func(v *topology.VM) { rulesOf(v.Router).Description = "it's" }, "vyos/value", "/vms/rtr01/router/firewall/rulesets/wan-in/rules/10/description"},
		{"shell in text", func(v *topology.VM) { rulesOf(v.Router).Description = "$(id); `id` #" }, "", ""},
		{"extra command", func(v *topology.VM) { v.Router.ExtraCommands = []string{"set service lldp interface 'all'"} }, "vyos/extra-commands", "/vms/rtr01/router/extraCommands/0"},
		{"extra substitution", func(v *topology.VM) { v.Router.ExtraCommands = []string{"set service $(reboot)"} }, "vyos/value", "/vms/rtr01/router/extraCommands/0"},
		{"extra open quote", func(v *topology.VM) { v.Router.ExtraCommands = []string{"set service ssh port '22"} }, "vyos/value", "/vms/rtr01/router/extraCommands/0"},
		{"extra nothing", func(v *topology.VM) { v.Router.ExtraCommands = []string{"set"} }, "vyos/value", "/vms/rtr01/router/extraCommands/0"},
		{"dangling reference", func(v *topology.VM) {
			v.Interfaces[0].Network, v.Router.NAT.Destination[0].Translation.VM = "nowhere", "nobody"
			v.Router.NAT.Source[0].OutboundInterface = "eth9"
		}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			topo := rendertest.Topology(t, "nullzero")
			tt.change(topo.VM("rtr01"))
			got := rules(topo)
			if tt.rule == "" && len(got) > 0 {
				t.Errorf("got %v, want no findings", got)
			}
			if tt.rule != "" && got[tt.rule] != tt.path {
				t.Errorf("got %v, want %s at %s", got, tt.rule, tt.path)
			}
		})
	}
}

// bothWays makes wan-in jump to wan-local, and attaches a ruleset to "out".
func bothWays(v *topology.VM, out string) {
	f := &v.Router.Firewall
	f.Ruleset(out).Attach = append(f.Ruleset(out).Attach, topology.Attachment{Interface: "eth1", Direction: "out"})
	to := "wan-local"
	if out == to {
		f.Rulesets = append([]topology.Ruleset{{Name: "a", Family: topology.IPv4, DefaultAction: "drop"}}, f.Rulesets...)
		to = "a"
	}
	f.Ruleset("wan-in").Rules[0].Action, f.Ruleset("wan-in").Rules[0].JumpTarget = "jump", to
}

// TestUnsupported: what an old release cannot say is found, with the release
// that can; the newer release says it.
func TestUnsupported(t *testing.T) {
	vpn := func(v *topology.VM) *topology.OpenVPN { return &v.Router.OpenVPN[0] }
	tests := []struct {
		name     string
		change   func(*topology.Topology, *topology.VM)
		old, new string
		rule     string
	}{
		{"GCM", func(_ *topology.Topology, v *topology.VM) { vpn(v).Ciphers = []string{"AES-256-GCM"} }, "1.1", "1.3", "vyos/unsupported-cipher"},
		{"two ciphers", func(_ *topology.Topology, v *topology.VM) { vpn(v).Ciphers = []string{"AES-256-CBC", "AES-128-CBC"} }, "vc6.6", "1.3", "vyos/unsupported-ciphers"},
		{"SHA-384", func(_ *topology.Topology, v *topology.VM) { vpn(v).Hash = "sha384" }, "1.1", "1.3", "vyos/unsupported-hash"},
		{"WireGuard", func(_ *topology.Topology, v *topology.VM) { v.Router.WireGuard = []topology.WireGuard{{Name: "wg0"}} }, "1.1", "1.3", "vyos/unsupported-wireguard"},
		{"no DH", func(_ *topology.Topology, v *topology.VM) { vpn(v).TLS.DH = "" }, "1.3", "1.4", "vyos/unsupported-no-dh"},
		{"rule 10000", func(_ *topology.Topology, v *topology.VM) { v.Router.Firewall.Rulesets[0].Rules[0].Number = 10000 }, "1.1", "1.3", "vyos/unsupported-rule-number"},
		{"ruleset at the loopback", func(_ *topology.Topology, v *topology.VM) { v.Router.Firewall.Rulesets[0].Attach[0].Interface = "lo" }, "1.3", "1.4", "vyos/unsupported-firewall-at"},
		{"ruleset at a dummy", func(_ *topology.Topology, v *topology.VM) { v.Router.Firewall.Rulesets[0].Attach[0].Interface = "dum0" }, "1.1", "1.3", "vyos/unsupported-firewall-at"},
		{"MTU 9216", func(t *topology.Topology, _ *topology.VM) { t.Network("lan").MTU = 9216 }, "1.1", "1.3", "vyos/unsupported-mtu"},
		{"MTU of a dummy", func(_ *topology.Topology, v *topology.VM) {
			v.Interfaces = append(v.Interfaces, topology.Interface{Name: "dum0", MTU: 1400})
		}, "1.1", "1.3", "vyos/unsupported-mtu"},
		{"cloud-init", func(_ *topology.Topology, v *topology.VM) { v.Provision = "cloud-init" }, "1.1", "1.4", "vyos/unsupported-cloud-init"},
		{"keys in files", func(_ *topology.Topology, v *topology.VM) { v.Provision = "cloud-init" }, "1.3", "1.4", "vyos/unsupported-seeded-keys"},
		{"jump", func(_ *topology.Topology, v *topology.VM) { bothWays(v, "wan-local") }, "1.3", "1.4", "vyos/unsupported-jump"},
		{"return", func(_ *topology.Topology, v *topology.VM) { v.Router.Firewall.Rulesets[0].Rules[0].Action = "return" }, "1.3", "1.4", "vyos/unsupported-return"},
		{"return by default", func(_ *topology.Topology, v *topology.VM) { v.Router.Firewall.Rulesets[0].DefaultAction = "return" }, "1.3", "1.4", "vyos/unsupported-return"},
		{"all but a group", func(_ *topology.Topology, v *topology.VM) {
			v.Router.Firewall.Groups.Network = []topology.NetworkGroup{{Name: "g", Networks: []topology.Target{{Network: "lan"}}}}
			v.Router.Firewall.Rulesets[0].Rules[0].Source = topology.Target{NetworkGroup: "g", Not: true}
		}, "1.3", "1.4", "vyos/unsupported-negated-group"},
		{"IPv6 group", func(_ *topology.Topology, v *topology.VM) {
			v.Router.Firewall.Groups.Network = []topology.NetworkGroup{{Name: "g", Networks: []topology.Target{{Address: netip.MustParsePrefix("2001:db8::/32")}}}}
		}, "1.1", "1.3", "vyos/unsupported-ipv6-group"},
		{"ruleset INPUT", func(_ *topology.Topology, v *topology.VM) { v.Router.Firewall.Rulesets[0].Name = "INPUT" }, "1.3", "1.4", "vyos/ruleset-name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for version, want := range map[string]bool{tt.old: true, tt.new: false} {
				topo := inRelease(t, version)
				tt.change(topo, topo.VM("rtr01"))
				if _, got := rules(topo)[tt.rule]; got != want {
					t.Errorf("%s: %s is found: %t, want %t", version, tt.rule, got, want)
				}
			}
		})
	}
}

// TestSmallMTU: an interface whose MTU is too small for IPv6 does not give itself
// an address of it, in releases that would refuse the MTU otherwise.
func TestSmallMTU(t *testing.T) {
	const command = "set interfaces ethernet eth1 ipv6 address no-default-link-local"
	for _, tt := range []struct {
		version string
		mtu     int
		want    bool
	}{{"1.1", 1279, false}, {"1.3", 1279, true}, {"1.4", 1279, true}, {"1.4", 1280, false}, {"1.4", 0, false}} {
		topo := inRelease(t, tt.version)
		topo.Network("lan").MTU = tt.mtu
		if got := slices.Contains(linesIn(t, topo), command); got != tt.want {
			t.Errorf("%s, MTU %d: it says so: %t, want %t", tt.version, tt.mtu, got, tt.want)
		}
	}
}

// TestOldTLS: the rules that hold in every release say nothing of the fixture,
// but its tunnel is worth a warning in an old one.
func TestOldTLS(t *testing.T) {
	for _, version := range releases() {
		old := version == "vc6.6" || version == "1.1"
		if _, got := rules(inRelease(t, version))["vyos/old-tls"]; got != old {
			t.Errorf("%s: vyos/old-tls is found: %t, want %t", version, got, old)
		}
	}
}

// TestExtraIsWarned: the escape hatch does not stop rendering.
func TestExtraIsWarned(t *testing.T) {
	topo := rendertest.Topology(t, "nullzero")
	topo.VM("rtr01").Router.ExtraCommands = []string{"set service lldp"}
	if diags := Check(topo); diags.HasErrors() || diags.Count(diag.Warning) != 1 {
		t.Errorf("got %v, want one warning", diags)
	}
}
