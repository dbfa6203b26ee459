package vyos

import (
	"slices"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"
)

// lines renders the router of a fixture with a patch to its router block.
func lines(t *testing.T, patch string) []string {
	t.Helper()
	topo := rendertest.Variant(t, "nullzero", "{ vms+: { rtr01+: { router+: "+patch+" } } }")
	return linesIn(t, topo)
}

func linesIn(t *testing.T, topo *topology.Topology) []string {
	t.Helper()
	set, err := Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(rendertest.Content(t, set, "rtr01/vyos/commands.txt"), "\n")
}

// zoned is a firewall with zones.
const zoned = `{
  rulesets: { 'in': { rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: 22 } } } }, six: { family: 'ipv6' } },
  zones: {
    lan: { interfaces: ['eth1'], from: { wan: { ruleset: 'in', ipv6Ruleset: 'six' } } },
    wan: { interfaces: ['eth0', 'vtun0'], from: { lan: { ruleset: 'in' }, router: { ruleset: 'in' } } },
    router: { 'local': true, defaultAction: 'reject', from: { wan: { ruleset: 'in' } } },
  },
}`

func TestCommands(t *testing.T) {
	tests := []struct {
		name  string
		patch string
		want  []string // lines among the others
		not   string   // text in no line
	}{{
		name:  "destination NAT is for the interface's own address",
		patch: "{}",
		want: []string{
			"set nat destination rule 10 destination address '46.4.71.77'",
			"set nat destination rule 10 inbound-interface name 'eth0'",
			"set nat destination rule 10 translation address '10.0.1.2'",
		},
	}, {
		name:  "destination NAT of another address",
		patch: "{ nat+: { destination+: { '10'+: { address: '46.4.71.78' } } } }",
		want:  []string{"set nat destination rule 10 destination address '46.4.71.78'"},
		not:   "address '46.4.71.77'",
	}, {
		name:  "source NAT to an address",
		patch: "{ nat+: { source+: { '10'+: { translation: '46.4.71.77' } } } }",
		want:  []string{"set nat source rule 10 translation address '46.4.71.77'"},
		not:   "masquerade",
	}, {
		name:  "source NAT from a range, for some, and not for others",
		patch: "{ nat+: { source+: { '10'+: { translation: '46.4.71.78-46.4.71.80', log: true }, '5': { source: 'lan', outboundInterface: 'eth0', exclude: true, protocol: 'udp', destination: { address: '10.9.0.0/16', port: '53,5000-5010' } } } } }",
		want: []string{
			"set nat source rule 5 destination address '10.9.0.0/16'",
			"set nat source rule 5 destination port '53,5000-5010'",
			"set nat source rule 5 exclude",
			"set nat source rule 5 protocol 'udp'",
			"set nat source rule 10 log",
			"set nat source rule 10 translation address '46.4.71.78-46.4.71.80'",
		},
		not: "source rule 5 translation",
	}, {
		name:  "hairpin: from whatever interface, and the router asks for neighbours",
		patch: "{ nat+: { destination+: { '10'+: { port: 8080, hairpin: true } } } }",
		want: []string{
			"set nat destination rule 10 destination address '46.4.71.77'",
			"set nat source rule 990010 destination address '10.0.1.2'",
			"set nat source rule 990010 destination port '80'",
			"set nat source rule 990010 outbound-interface name 'eth1'",
			"set nat source rule 990010 protocol 'tcp'",
			"set nat source rule 990010 source address '10.0.1.0/24'",
			"set nat source rule 990010 translation address 'masquerade'",
		},
		not: "nat destination rule 10 inbound-interface",
	}, {
		name:  "hairpin in an old release",
		patch: "{ version: '1.3', nat+: { destination+: { '10'+: { hairpin: true, log: true } } } }",
		want:  []string{"set nat destination rule 10 inbound-interface 'any'", "set nat destination rule 10 log"},
	}, {
		name:  "a log in the oldest release",
		patch: "{ version: 'vc6.6', openvpn:: null, nat+: { destination+: { '10'+: { log: true } } } }",
		want:  []string{"set nat destination rule 10 log 'enable'"},
	}, {
		name:  "1:1",
		patch: "{ nat+: { static: { '5': { inboundInterface: 'eth0', address: '46.4.71.78', translation: { vm: 'web01' } } } } }",
		want: []string{
			"set nat destination rule 5 destination address '46.4.71.78'",
			"set nat destination rule 5 inbound-interface name 'eth0'",
			"set nat destination rule 5 translation address '10.0.1.3'",
			"set nat source rule 5 outbound-interface name 'eth0'",
			"set nat source rule 5 source address '10.0.1.3'",
			"set nat source rule 5 translation address '46.4.71.78'",
		},
		not: "rule 5 protocol",
	}, {
		name:  "a MAC address that the user gave, and one that follows from names",
		patch: "{}",
		want: []string{
			"set interfaces ethernet eth0 mac '00:50:56:00:5e:97'",
			"set interfaces ethernet eth0 hw-id '00:50:56:00:5e:97'",
		},
		not: "eth1 mac",
	}, {
		name:  "a static route beside the default route",
		patch: "{ staticRoutes: { '10.9.0.0/16': { nextHop: '10.0.1.9' } } }",
		want: []string{
			"set protocols static route 0.0.0.0/0 next-hop 46.4.71.65",
			"set protocols static route 10.9.0.0/16 next-hop 10.0.1.9",
		},
	}, {
		name:  "static routes without a next hop",
		patch: "{ staticRoutes: { '10.9.0.0/16': { interface: 'eth1' }, '10.0.0.0/8': { blackhole: true, distance: 250 }, '2001:db8::/32': { blackhole: true } } }",
		want: []string{
			"set protocols static route 10.9.0.0/16 interface eth1",
			"set protocols static route 10.0.0.0/8 blackhole distance '250'",
			"set protocols static route6 2001:db8::/32 blackhole",
		},
	}, {
		name:  "static routes by an interface before 1.4",
		patch: "{ version: '1.3', staticRoutes: { '10.9.0.0/16': { interface: 'eth1', distance: 9 }, '2001:db8::/32': { interface: 'eth1' } } }",
		want: []string{
			"set protocols static interface-route 10.9.0.0/16 next-hop-interface eth1 distance '9'",
			"set protocols static interface-route6 2001:db8::/32 next-hop-interface eth1",
		},
	}, {
		name:  "ports, states and logs",
		patch: "{ firewall+: { rulesets+: { 'wan-in'+: { defaultLog: true, rules+: { '20': { action: 'reject', protocol: 'tcp_udp', state: ['new', 'invalid'], log: true, source: { network: 'lan' }, destination: { address: '10.0.1.0/25', port: '80,8000-8010' } } } } } } }",
		want: []string{
			"set firewall ipv4 name wan-in default-log",
			"set firewall ipv4 name wan-in rule 20 action 'reject'",
			"set firewall ipv4 name wan-in rule 20 source address '10.0.1.0/24'",
			"set firewall ipv4 name wan-in rule 20 destination address '10.0.1.0/25'",
			"set firewall ipv4 name wan-in rule 20 destination port '80,8000-8010'",
			"set firewall ipv4 name wan-in rule 20 state 'new'",
			"set firewall ipv4 name wan-in rule 20 state 'invalid'",
			"set firewall ipv4 name wan-in rule 20 log",
		},
	}, {
		name:  "groups",
		patch: "{ firewall+: { groups: { address: { webs: { description: 'web', addresses: ['web01', '10.0.1.20-10.0.1.30'] } }, network: { nets: { networks: ['lan', '10.9.0.0/16'] } }, port: { web: { ports: '80,8000-8010' } }, interface: { all: { interfaces: ['eth1', 'eth0'] } } }, rulesets+: { 'wan-in'+: { attach: [{ interfaceGroup: 'all', direction: 'in' }], rules+: { '20': { action: 'accept', protocol: 'tcp', source: { networkGroup: 'nets', not: true }, destination: { addressGroup: 'webs', portGroup: 'web' } } } } } } }",
		want: []string{
			"set firewall group address-group webs address '10.0.1.3'",
			"set firewall group address-group webs address '10.0.1.20-10.0.1.30'",
			"set firewall group address-group webs description 'web'",
			"set firewall group network-group nets network '10.9.0.0/16'",
			"set firewall group port-group web port '8000-8010'",
			"set firewall group interface-group all interface 'eth0'",
			"set firewall ipv4 name wan-in rule 20 source group network-group '!nets'",
			"set firewall ipv4 name wan-in rule 20 destination group address-group 'webs'",
			"set firewall ipv4 name wan-in rule 20 destination group port-group 'web'",
			"set firewall ipv4 forward filter rule 10 inbound-interface group 'all'",
		},
	}, {
		name:  "a group of interfaces where there is none",
		patch: "{ version: '1.3', firewall+: { groups: { interface: { all: { interfaces: ['eth1', 'eth0'] } } }, rulesets+: { 'wan-in'+: { attach: [{ interfaceGroup: 'all', direction: 'in' }] } } } }",
		want: []string{
			"set interfaces ethernet eth0 firewall in name 'wan-in'",
			"set interfaces ethernet eth1 firewall in name 'wan-in'",
		},
		not: "interface-group",
	}, {
		name:  "a limit, all but a network, jump and return",
		patch: "{ firewall+: { rulesets+: { common: { defaultAction: 'return', rules: { '10': { action: 'return', protocol: 'esp' } } }, 'wan-in'+: { rules+: { '20': { action: 'jump', jumpTarget: 'common', source: { address: '192.0.2.0/24', not: true }, limit: { rate: '10/minute', burst: 5 } } } } } } }",
		want: []string{
			"set firewall ipv4 name wan-in rule 20 action 'jump'",
			"set firewall ipv4 name wan-in rule 20 jump-target 'common'",
			"set firewall ipv4 name wan-in rule 20 source address '!192.0.2.0/24'",
			"set firewall ipv4 name wan-in rule 20 limit rate '10/minute'",
			"set firewall ipv4 name wan-in rule 20 limit burst '5'",
			"set firewall ipv4 name wan-in rule 10 action 'accept'",
			"set firewall ipv4 name common default-action 'return'",
		},
	}, {
		name:  "IPv6",
		patch: "{ firewall+: { groups: { address: { six: { addresses: ['2001:db8::1'] } } }, rulesets+: { six: { family: 'ipv6', attach: [{ interface: 'eth0', direction: 'in' }], rules: { '10': { action: 'accept', protocol: 'ipv6-icmp', source: { addressGroup: 'six' } } } } } } }",
		want: []string{
			"set firewall group ipv6-address-group six address '2001:db8::1'",
			"set firewall ipv6 name six default-action 'drop'",
			"set firewall ipv6 name six rule 10 protocol 'ipv6-icmp'",
			"set firewall ipv6 name six rule 10 source group address-group 'six'",
			"set firewall ipv6 forward filter rule 10 jump-target 'six'",
			"set firewall ipv4 forward filter rule 10 jump-target 'wan-in'",
		},
	}, {
		name:  "IPv6 in an old release",
		patch: "{ version: '1.3', firewall+: { rulesets+: { six: { family: 'ipv6', attach: [{ interface: 'eth0', direction: 'in' }], rules: { '10': { action: 'accept', protocol: 'ipv6-icmp' } } } } } }",
		want: []string{
			"set firewall ipv6-name six rule 10 protocol 'ipv6-icmp'",
			"set interfaces ethernet eth0 firewall in ipv6-name 'six'",
		},
	}, {
		name:  "a group of ports in a rule for IPv6 that can name none",
		patch: "{ version: '1.1', openvpn:: null, firewall+: { groups: { port: { web: { ports: '80,443' } } }, rulesets+: { six: { family: 'ipv6', attach: [{ interface: 'eth0', direction: 'in' }], rules: { '10': { action: 'accept', protocol: 'tcp', destination: { portGroup: 'web' } } } } } } }",
		want:  []string{"set firewall ipv6-name six rule 10 destination port '80,443'"},
		not:   "six rule 10 destination group",
	}, {
		name:  "zones",
		patch: "{ firewall: " + zoned + " }",
		want: []string{
			"set firewall zone lan default-action 'drop'",
			"set firewall zone lan interface 'eth1'",
			"set firewall zone lan from wan firewall name 'in'",
			"set firewall zone lan from wan firewall ipv6-name 'six'",
			"set firewall zone router local-zone",
			"set firewall zone wan interface 'vtun0'",
			"set firewall ipv4 name in rule 10 action 'accept'",
		},
		not: "firewall ipv4 forward",
	}, {
		name:  "zones in an old release",
		patch: "{ version: '1.3', firewall: " + zoned + " }",
		want: []string{
			"set zone-policy zone lan from wan firewall name 'in'",
			"set zone-policy zone router local-zone",
		},
		not: "set firewall zone",
	}, {
		name:  "a jump on the way in, and a ruleset on the way out",
		patch: "{ firewall+: { rulesets+: { common: { rules: { '10': { action: 'accept', protocol: 'esp' } } }, 'wan-in'+: { defaultAction: 'accept', rules+: { '20': { action: 'jump', jumpTarget: 'common' } } }, 'lan-out': { defaultAction: 'accept', attach: [{ interface: 'eth1', direction: 'out' }] } } } }",
		want: []string{
			"set firewall ipv4 name wan-in rule 10 action 'jump'",
			"set firewall ipv4 name wan-in rule 10 jump-target 'stackgen-out'",
			"set firewall ipv4 name wan-in default-action 'jump'",
			"set firewall ipv4 name wan-in default-jump-target 'stackgen-out'",
			"set firewall ipv4 name common rule 10 jump-target 'stackgen-out'",
			"set firewall ipv4 name stackgen-out default-action 'accept'",
			"set firewall ipv4 name stackgen-out rule 10 jump-target 'lan-out'",
			"set firewall ipv4 name stackgen-out rule 10 outbound-interface name 'eth1'",
			"set firewall ipv4 name lan-out default-action 'accept'",
		},
	}, {
		name:  "no ping",
		patch: "{ firewall+: { allPing: false } }",
		want:  []string{"set firewall global-options all-ping 'disable'"},
	}, {
		name:  "OpenVPN over TCP, without fitting of segments, and a fixed address",
		patch: "{ openvpn+: { vtun0+: { protocol: 'tcp', mssfix: false, clients: { a: { address: '172.16.17.9' }, b: {} }, nameServers: ['10.0.1.1'] } } }",
		want: []string{
			"set interfaces openvpn vtun0 protocol 'tcp-passive'",
			"set interfaces openvpn vtun0 openvpn-option '--mssfix 0'",
			"set interfaces openvpn vtun0 server client a ip '172.16.17.9'",
			"set interfaces openvpn vtun0 server client b",
			"set interfaces openvpn vtun0 server name-server '10.0.1.1'",
			"set interfaces openvpn vtun0 server topology 'subnet'",
		},
	}, {
		name:  "OpenVPN without DH parameters",
		patch: "{ openvpn+: { vtun0+: { tls: { ca: { secret: 'a' }, cert: { secret: 'b' }, key: { secret: 'c' } } } } }",
		want:  []string{"set pki certificate vtun0 private key '@@secret:pem-body:c@@'"},
		not:   "dh",
	}, {
		name:  "commands of the user come last",
		patch: "{ extraCommands: [\"set service lldp interface 'all'\"] }",
		want:  []string{"set service lldp interface 'all'"},
	}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := lines(t, tt.patch)
			for _, w := range tt.want {
				if !slices.Contains(got, w) {
					t.Errorf("missing %q in\n%s", w, strings.Join(got, "\n"))
				}
			}
			for _, line := range got {
				if tt.not != "" && strings.Contains(line, tt.not) {
					t.Errorf("unwanted %q", line)
				}
			}
		})
	}
}

// TestBothDirections: with rulesets on "in" and on "out" a packet must pass
// both, so that what the first accepts returns to the chain.
func TestBothDirections(t *testing.T) {
	got := lines(t, `{ firewall+: { rulesets+: { 'lan-out': { defaultAction: 'accept', attach: [{ interface: 'eth1', direction: 'out' }] } } } }`)
	for _, want := range []string{
		"set firewall ipv4 name wan-in rule 10 action 'return'",
		"set firewall ipv4 name wan-local rule 10 action 'accept'",
		"set firewall ipv4 name lan-out default-action 'accept'",
		"set firewall ipv4 forward filter default-action 'accept'",
		"set firewall ipv4 forward filter rule 10 inbound-interface name 'eth0'",
		"set firewall ipv4 forward filter rule 10 jump-target 'wan-in'",
		"set firewall ipv4 forward filter rule 20 outbound-interface name 'eth1'",
		"set firewall ipv4 forward filter rule 20 jump-target 'lan-out'",
		"set firewall ipv4 input filter rule 10 jump-target 'wan-local'",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("missing %q in\n%s", want, strings.Join(got, "\n"))
		}
	}
}

// TestBothDirectionsBefore: old releases look at both rulesets by themselves.
func TestBothDirectionsBefore(t *testing.T) {
	got := lines(t, `{ version: '1.3', firewall+: { rulesets+: { 'lan-out': { defaultAction: 'accept', attach: [{ interface: 'eth1', direction: 'out' }, { interface: 'vtun0', direction: 'in' }] } } } }`)
	for _, want := range []string{
		"set firewall name wan-in rule 10 action 'accept'",
		"set interfaces ethernet eth0 firewall in name 'wan-in'",
		"set interfaces ethernet eth1 firewall out name 'lan-out'",
		"set interfaces openvpn vtun0 firewall in name 'lan-out'",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("missing %q in\n%s", want, strings.Join(got, "\n"))
		}
	}
}

// TestKeyFiles: where keys are files, they are installed before the commands
// that name them, for nobody else to read.
func TestKeyFiles(t *testing.T) {
	set, err := Render(inRelease(t, "1.3"))
	if err != nil {
		t.Fatal(err)
	}
	commands := rendertest.Content(t, set, "rtr01/vyos/commands.txt")
	installed := 0
	for _, f := range set.Files {
		if f.Install == nil {
			continue
		}
		installed++
		if f.Step != stepName || f.Install.Mode != 0o600 || !strings.Contains(commands, "'"+f.Install.Path+"'") {
			t.Errorf("%s: step %q, mode %o, or named by no command", f.Install.Path, f.Step, f.Install.Mode)
		}
	}
	if installed != 4 || strings.Contains(commands, "@@secret:") {
		t.Errorf("%d files are installed, and the commands are\n%s", installed, commands)
	}
}

// TestSecrets: each place holder in the file is announced, once.
func TestSecrets(t *testing.T) {
	set, err := Render(rendertest.Topology(t, "nullzero"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range set.Files {
		if got := strings.Count(f.Content, "@@secret:pem"); got != len(f.Secrets) {
			t.Errorf("%s has %d place holders and announces %d", f.TreePath(), got, len(f.Secrets))
		}
		for _, s := range f.Secrets {
			if !strings.Contains(f.Content, s.PlaceHolder()) {
				t.Errorf("%s announces %s, which is not in it", f.TreePath(), s.PlaceHolder())
			}
		}
	}
}
