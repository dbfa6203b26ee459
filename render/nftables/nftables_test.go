package nftables

import (
	"slices"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"
)

// asDebian makes the router of the reference stack a Debian machine.
const asDebian = "{ vms+: { rtr01+: { os: 'debian-12', disks: { vda: { size: '10GiB', image: 'debian-12' } }, install:: null, router+: { platform: 'debian' } } } } + "

// debian is the reference stack with a router on Debian, and more Jsonnet.
func debian(t testing.TB, patch string) *topology.Topology {
	t.Helper()
	return rendertest.Variant(t, "nullzero", asDebian+patch)
}

// router is the reference stack with more in its router.
func router(t testing.TB, patch string) *topology.Topology {
	t.Helper()
	return debian(t, "{ vms+: { rtr01+: { router+: { "+patch+" } } } }")
}

func text(t testing.TB, topo *topology.Topology) string {
	t.Helper()
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	return rendertest.Content(t, set, "rtr01/"+rulesetPath)
}

// zoned is a firewall with zones.
const zoned = `firewall: {
  rulesets: { 'in': { rules: { '10': { action: 'accept', protocol: 'tcp' } } }, six: { family: 'ipv6' } },
  zones: {
    lan: { interfaces: ['eth1'], from: { wan: { ruleset: 'in', ipv6Ruleset: 'six' } } },
    wan: { interfaces: ['eth0', 'vtun0'], from: { lan: { ruleset: 'in' }, router: { ruleset: 'in' } } },
    router: { 'local': true, defaultAction: 'reject', from: { lan: { ruleset: 'in' } } },
  },
},`

// TestRules looks for lines that follow from a piece of topology.
// TestAddressThatIsLent: of a WAN by DHCP what is for the router itself is translated, and
// not what passes through.
func TestAddressThatIsLent(t *testing.T) {
	topo := rendertest.Variant(t, "nullzero", "{ networks+: { public+: { gateway:: null } }, vms+: { rtr01+: { os: 'debian-12', install:: null, interfaces+: { eth0: { network: 'public', dhcp: true } }, router+: { platform: 'debian', version:: null, openvpn:: {} } } } }")
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	want := `iifname "eth0" fib daddr type local tcp dport 80 dnat to 10.0.1.2:80`
	if text := rendertest.Content(t, set, "rtr01/etc/nftables.conf"); !strings.Contains(text, want) {
		t.Errorf("no %q in\n%s", want, text)
	}
}

func TestRules(t *testing.T) {
	rule := func(fields string) string {
		return "firewall+: { rulesets+: { 'wan-in'+: { rules+: { '20': { " + fields + " } } } } }"
	}
	source := func(fields string) string {
		return "nat+: { source: { '10': { outboundInterface: 'eth0', " + fields + " } } }"
	}
	destination := func(fields string) string {
		return "nat+: { destination: { '10': { inboundInterface: 'eth0', " + fields + " } } }"
	}
	tests := []struct {
		name, patch string
		want        []string
	}{
		{"the reference stack", "", []string{
			`iifname "eth0" ip daddr 46.4.71.77 tcp dport 80 dnat to 10.0.1.2:80`,
			`oifname "eth0" ip saddr 10.0.1.0/24 masquerade`,
			`ip daddr 10.0.1.2 tcp dport 80 accept`,
			`iifname "eth0" jump ruleset-wan-in`,
			`iifname "eth0" jump ruleset-wan-local`,
			`ct state established accept`,
		}},
		{"drop with a log", rule("action: 'drop', protocol: 'udp', destination: { port: '53,5000-5010' }, log: true"),
			[]string{`udp dport { 53, 5000-5010 } log prefix "[wan-in-20-D] " drop`}},
		{"two protocols", rule("action: 'reject', protocol: 'tcp_udp', source: { port: 53 }"),
			[]string{`meta l4proto { tcp, udp } th sport 53 reject`}},
		{"no port", rule("action: 'accept', protocol: 'icmp', source: { network: 'lan' }"), []string{`meta l4proto icmp ip saddr 10.0.1.0/24 accept`}},
		{"states", rule("action: 'accept', state: ['new', 'related']"), []string{`ct state { new, related } accept`}},
		{"any", rule("action: 'accept', protocol: 'all'"), []string{"\t\taccept\n"}},
		{"description", rule("action: 'accept', protocol: 'gre', description: 'a } ; # $tunnel'"), []string{"# a } ; # $tunnel\n\t\tmeta l4proto gre accept\n"}},
		{"source to an address", source("source: 'lan', translation: '46.4.71.78'"), []string{`ip saddr 10.0.1.0/24 snat to 46.4.71.78`}},
		{"both transports", destination("protocol: 'tcp_udp', port: 53, translation: { vm: 'lb01', port: 5353 }"),
			[]string{`ip daddr 46.4.71.77 meta l4proto { tcp, udp } th dport 53 dnat to 10.0.1.2:5353`}},
		{"another address", destination("address: '46.4.71.80', protocol: 'tcp', translation: { vm: 'lb01' }"),
			[]string{`iifname "eth0" ip daddr 46.4.71.80 meta l4proto tcp dnat to 10.0.1.2` + "\n"}},
		{"excluded from source NAT", source("source: 'lan', destination: { address: '10.9.0.0/16' }, exclude: true"), []string{`oifname "eth0" ip saddr 10.0.1.0/24 ip daddr 10.9.0.0/16 accept`}},
		{"a range of addresses", source("source: 'lan', protocol: 'udp', destination: { port: 53 }, translation: '46.4.71.78-46.4.71.80', log: true"),
			[]string{`ip saddr 10.0.1.0/24 udp dport 53 log prefix "[SRC-NAT-10] " snat to 46.4.71.78-46.4.71.80`}},
		{"excluded from destination NAT", destination("port: 80, source: { address: '198.51.100.0/24' }, exclude: true, log: true"),
			[]string{`iifname "eth0" ip saddr 198.51.100.0/24 ip daddr 46.4.71.77 tcp dport 80 log prefix "[DST-NAT-10] " accept`}},
		{"hairpin", destination("port: 8080, hairpin: true, translation: { vm: 'lb01', port: 80 }"), []string{
			"\t\tip daddr 46.4.71.77 tcp dport 8080 dnat to 10.0.1.2:80\n",
			`oifname "eth1" ip saddr 10.0.1.0/24 ip daddr 10.0.1.2 tcp dport 80 masquerade`}},
		{"1:1", "nat+: { static: { '5': { inboundInterface: 'eth0', address: '46.4.71.78', translation: { vm: 'web01' } } } }", []string{
			"\t\tiifname \"eth0\" ip daddr 46.4.71.78 dnat to 10.0.1.3\n",
			"\t\toifname \"eth0\" ip saddr 10.0.1.3 snat to 46.4.71.78\n\t\t# the internal network to the Internet\n"}},
		{"state policy", "firewall+: { statePolicy: { established: 'accept', invalid: 'drop' } }", []string{"ct state established accept\n\t\tct state invalid drop\n"}},
		{"default log", "firewall+: { rulesets+: { 'wan-in'+: { defaultLog: true } } }", []string{`log prefix "[wan-in-default-D] " drop`}},
		{"out after in", "firewall+: { rulesets+: { 'a-out': { defaultAction: 'drop', attach: [{ interface: 'eth1', direction: 'out' }] } } }",
			[]string{"priority filter + 1; policy accept;\n\t\tct state established accept\n\t\tct state related accept\n\t\t" + `oifname "eth1" jump ruleset-a-out`}},
		{"a limit", rule("action: 'accept', protocol: 'icmp', limit: { rate: '10/second', burst: 20 }"), []string{"meta l4proto icmp limit rate 10/second burst 20 packets accept"}},
		{"all but", rule("action: 'drop', source: { network: 'lan', not: true }"), []string{"ip saddr != 10.0.1.0/24 drop"}},
		{"groups", `firewall+: { groups: { address: { webs: { description: 'a } ;', addresses: ['web01', '10.0.1.20-10.0.1.30', '10.0.1.3'] } }, network: { nets: { networks: ['lan', '10.9.0.0/16'] } }, port: { web: { ports: '80,443,8000-8010' } }, interface: { all: { interfaces: ['eth1', 'eth0'] } } },
			rulesets+: { 'wan-in'+: { attach: [{ interfaceGroup: 'all', direction: 'in' }], rules+: { '20': { action: 'accept', protocol: 'tcp', source: { networkGroup: 'nets', not: true }, destination: { addressGroup: 'webs', portGroup: 'web' } } } } } }`, []string{
			"# webs: a } ;\n\tset group-webs {\n\t\ttype ipv4_addr; flags interval; auto-merge\n\t\telements = { 10.0.1.3, 10.0.1.20-10.0.1.30 }",
			"elements = { 10.0.1.0/24, 10.9.0.0/16 }", "type inet_service; flags interval; auto-merge\n\t\telements = { 80, 443, 8000-8010 }",
			"ip saddr != @group-nets ip daddr @group-webs tcp dport @group-web accept",
			`iifname "eth0" jump ruleset-wan-in` + "\n\t\t" + `iifname "eth1" jump ruleset-wan-in`}},
		{"jump and return", `firewall+: { rulesets+: { 'wan-in'+: { rules+: { '20': { action: 'jump', jumpTarget: 'a-common' } } }, 'a-common': { defaultAction: 'return', rules: { '10': { action: 'return', protocol: 'esp' } } } } }`,
			[]string{"\t\tjump ruleset-a-common\n", "chain ruleset-a-common {\n\t\tmeta l4proto esp return\n\t\treturn\n"}},
		{"zones", zoned, []string{
			"\t\tiifname \"eth1\" oifname \"eth1\" accept\n\t\tiifname { \"eth0\", \"vtun0\" } oifname \"eth1\" jump ruleset-in\n\t\tiifname { \"eth0\", \"vtun0\" } oifname \"eth1\" accept\n\t\toifname \"eth1\" drop\n",
			"\t\tiifname \"lo\" accept\n\t\tiifname \"eth1\" jump ruleset-in\n\t\tiifname \"eth1\" accept\n\t\treject\n",
			"\t\toifname \"lo\" accept\n\t\toifname { \"eth0\", \"vtun0\" } jump ruleset-in\n\t\toifname { \"eth0\", \"vtun0\" } accept\n\t\treject\n"}},
		{"IPv6", `firewall+: { rulesets+: { six: { family: 'ipv6', attach: [{ interface: 'eth0', direction: 'in' }], rules: { '10': { action: 'accept', protocol: 'ipv6-icmp', source: { address: '2001:db8::/32' } } } } } }`,
			[]string{"table ip6 stackgen-filter {\n\t# six\n\tchain ruleset-six {\n\t\tmeta l4proto ipv6-icmp ip6 saddr 2001:db8::/32 accept\n\t\tdrop\n"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := text(t, router(t, tt.patch))
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in\n%s", want, got)
				}
			}
		})
	}
}

func TestSysctl(t *testing.T) {
	for patch, want := range map[string]string{
		"":                               "net.ipv4.icmp_echo_ignore_all = 0\n",
		"firewall+: { allPing: false },": "net.ipv4.icmp_echo_ignore_all = 1\n",
	} {
		set, err := Render(router(t, patch))
		if err != nil {
			t.Fatal(err)
		}
		if got := rendertest.Content(t, set, "rtr01/"+sysctlPath); !strings.HasSuffix(got, want) || !strings.Contains(got, "net.ipv4.ip_forward = 1\n") {
			t.Errorf("with %q\n got %q\nwant %q at its end", patch, got, want)
		}
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name, patch string
		want        []string
	}{
		{"the reference stack", "", nil},
		{"commands of VyOS", "extraCommands: [\"set system option x 'y'\"]", []string{"nftables/extra-commands"}},
		{"IPv6", "nat+: { source+: { '20': { source: '2001:db8::/32', outboundInterface: 'eth0' } } }", []string{"nftables/ipv4-only"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			topo := router(t, tt.patch)
			var got []string
			for _, d := range Check(topo) {
				got = append(got, d.Rule)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("Check finds %q, want %q", got, tt.want)
			}
		})
	}
}

// TestVyOSIsLeftAlone: the same block on the other platform is none of ours.
func TestVyOSIsLeftAlone(t *testing.T) {
	set, err := Render(rendertest.Topology(t, "nullzero"))
	if err != nil || len(set.Files) > 0 || len(set.Steps) > 0 {
		t.Errorf("a VyOS router gives %d files, %d steps, %v", len(set.Files), len(set.Steps), err)
	}
}
