package schema

import (
	"path/filepath"
	"strings"
	"testing"

	"stackgen/render"
	"stackgen/schema/diag"
	"stackgen/schema/internal/evaluate"

	"github.com/google/go-jsonnet"
)

// patched is the evaluated reference stack with Jsonnet added to it, and what
// is found in it.
func patched(t testing.TB, patch string) (any, diag.List) {
	t.Helper()
	base, err := filepath.Abs("../fixtures/nullzero/topology.jsonnet")
	if err != nil {
		t.Fatal(err)
	}
	return loaded(t, Input{
		File:     "patch.jsonnet",
		Importer: &patchImporter{name: "patch.jsonnet", text: jsonnet.MakeContents("local stack = import 'stackgen.libsonnet';\n(import '" + base + "') + " + patch)},
	})
}

// patchImporter answers for one file that is not on disk. It gives the same
// contents each time: Jsonnet wants that of an importer.
type patchImporter struct {
	name  string
	text  jsonnet.Contents
	files jsonnet.FileImporter
}

// Import implements [jsonnet.Importer].
func (p *patchImporter) Import(from, name string) (jsonnet.Contents, string, error) {
	if name == p.name {
		return p.text, name, nil
	}
	return p.files.Import(from, name)
}

// loaded is an evaluated document and all that is found in it, by renderers as
// well.
func loaded(t testing.TB, in Input) (any, diag.List) {
	t.Helper()
	doc, diags, err := evaluate.File(in)
	if err != nil {
		t.Fatal(err)
	}
	if diags.HasErrors() {
		return doc, diags
	}
	topo, diags, err := Load(in)
	if err != nil {
		t.Fatal(err)
	}
	if topo != nil {
		diags = Judge(topo, append(diags, render.Check(topo)...))
	}
	return doc, diags.Reported()
}

// pathsExist fails when a finding is about something that is not in the
// document.
func pathsExist(t *testing.T, doc any, diags diag.List) {
	t.Helper()
	if doc == nil {
		return // it has no value; the path is that of the value that has none
	}
	for _, d := range diags {
		if !diag.Exists(doc, diag.Split(d.Path)) {
			t.Errorf("%s: there is no %s", d.Rule, d.Path)
		}
		for _, r := range d.Related {
			if !diag.Exists(doc, diag.Split(r.Path)) {
				t.Errorf("%s: there is no %s", d.Rule, r.Path)
			}
		}
	}
}

func rulesOf(diags diag.List) string {
	var rules []string
	for _, d := range diags {
		rules = append(rules, d.Rule+" "+d.Path)
	}
	return strings.Join(rules, "\n")
}

func TestReferenceStackHasNoFinding(t *testing.T) {
	if _, diags := patched(t, "{}"); len(diags) > 0 {
		t.Errorf("findings in the reference stack:\n%s", rulesOf(diags))
	}
}

type nearMiss struct{ rule, name, patch string }

// nearMisses are changes to the reference stack that a rule must not complain
// about, though they come close.
var nearMisses = []nearMiss{
	{"schema/unknown-key", "a hidden field", `{ vms+: { lb01+: { note:: 'not in the output' } } }`},
	{"schema/missing-key", "only what must be there", `{ networks+: { lab: { bridge: 'sw-lan', subnet: '10.9.0.0/24' } } }`},
	{"schema/type", "a whole number with a decimal point, a port as text", `{ vms+: { lb01+: { vcpus: 4.0 }, rtr01+: { router+: { firewall+: { rulesets+: { 'wan-local'+: { rules+: { '10'+: { destination: { port: '22' } } } } } } } } } }`},
	{"schema/enum", "the other chipset", `{ vms+: { lb01+: { machine: 'pc' } } }`},
	{"schema/range", "the last tag and the last port", `{ networks+: { lan+: { vlan: 4094 } }, vms+: { rtr01+: { router+: { openvpn+: { vtun0+: { port: 65535 } } } } } }`},
	{"schema/count", "a bond of two, an empty environment", `{ hosts+: { vmm+: { bridges+: { 'sw-lan': { bonds: { bond0: { interfaces: ['eth1', 'eth2'] } } } } } }, vms+: { web01+: { php+: { env: {} } } } }`},
	{"schema/exclusive-keys", "the other flavor", `{ vms+: { db01+: { mysql: super.mariadb, mariadb:: null } } }`},
	{"schema/repeated", "two resolvers", `{ networks+: { lan+: { nameServers: ['9.9.9.9', '9.9.9.10'] } } }`},
	{"schema/value", "text that means something elsewhere", `{ description: "'; DROP TABLE x; -- \"$(reboot)\" ]]> --> \\\\ ünï 🦊" }`},
	{"schema/value", "255 characters", `{ description: std.repeat('ü', 255) }`},
	{"schema/key", "a bridge with a name of 15 bytes", `{ networks+: { lan+: { bridge: 'sw-lan-15-bytes' } }, hosts+: { vmm+: { bridges+: { 'sw-lan-15-bytes': {} } } } }`},
	{"secrets/marker", "half of what stands for a secret", `{ description: '@@secret @secret: secret:' }`},
	{"references/missing", "a network, VM and image by their names", `{ vms+: { db02: super.db01 { interfaces: { eth0: { network: 'lan', address: '10.0.1.5' } } } } }`},
	{"references/missing", "a pool that is the default without being written", `{ hosts+: { vmm+: { pools: {} } } }`},
	{"references/missing", "a ruleset on a tunnel", `{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { vpn: { attach: [{ interface: 'vtun0', direction: 'in' }] } } } } } } }`},
	{"references/missing", "accounts from a network, an address and the machine itself", `{ vms+: { db01+: { mariadb+: { users+: { user+: { hosts: ['web01', 'lan', '10.9.9.9', '10.9.0.0/16', 'localhost'] } } } } } }`},
	{"references/missing", "a grant on a table that the application makes", `{ vms+: { db01+: { mariadb+: { databases: { test: {} }, users+: { user+: { grants: [{ privileges: ['SELECT'], on: 'test.made' }] } } } } } }`},
	{"references/missing", "a row without some of the columns", `{ vms+: { db01+: { mariadb+: { databases+: { test+: { tables+: { testable+: { columns+: { id: 'INT' }, primaryKey: ['id'], rows: [{ id: 1 }] } } } } } } } }`},
	{"references/no-address", "a VM with an address on its second interface", `{ vms+: { web01+: { interfaces+: { eth9: { network: 'public' } } } } }`},
	{"references/image-format", "a raw disk image", `{ images+: { 'debian-12'+: { format: 'raw' } } }`},
	{"references/one-target", "a VM and a port", `{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-in'+: { rules+: { '20': { action: 'drop', source: { network: 'public' }, destination: { vm: 'web01' } } } } } } } } } }`},
	{"references/no-target", "a backend outside of the topology", `{ vms+: { lb01+: { varnish+: { backends: { web01: { address: '192.0.2.80' } } } } } }`},
	{"references/no-target", "a rule without source and destination", `{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-in'+: { rules+: { '20': { action: 'drop' } } } } } } } } }`},
	{"names/duplicate", "a network with the name of a VM", `{ networks+: { rtr01: { bridge: 'sw-lan', vlan: 5, subnet: '10.5.0.0/24' } } }`},
	{"names/duplicate-uuid", "one UUID", `{ vms+: { lb01+: { uuid: '6f1c1b7e-5b0f-4a53-9d0e-0c4f3c1d7a11' } } }`},
	{"names/length", "a full name of 253 characters", `{ domain: std.repeat('a', 60) + '.' + std.repeat('a', 60) + '.' + std.repeat('a', 60) + '.' + std.repeat('a', 60) + '.abc' }`},
	{"names/numeric", "a name with a letter", `{ vms+: { '7a': super.lb01 { varnish:: null, interfaces: { eth0: { network: 'lan', address: '10.0.1.9' } } } } }`},
	{"names/reserved", "names that only start like reserved ones", `{ vms+: { 'localhost-1': super.lb01 { varnish:: null, interfaces: { lo1: { network: 'lan', address: '10.0.1.9' }, vnet: { network: 'lan' } } } } }`},
	{"addresses/duplicate", "one address on two networks that do not touch", `{ networks+: { lab: { bridge: 'sw-lan', vlan: 9, subnet: '10.9.0.0/24' } }, vms+: { web01+: { interfaces+: { eth1: { network: 'lab', address: '10.9.0.3' } } } } }`},
	{"addresses/outside-subnet", "the last address of a subnet", `{ vms+: { web01+: { interfaces+: { eth0+: { address: '10.0.1.254' } } } } }`},
	{"addresses/reserved", "both addresses of a /31", `{ networks+: { link: { bridge: 'sw-lan', vlan: 9, subnet: '10.9.0.0/31', gateway: '10.9.0.1' } }, vms+: { rtr01+: { interfaces+: { eth2: { network: 'link', address: '10.9.0.0' }, eth3: { network: 'link', address: '10.9.0.1' } } } } }`},
	{"addresses/reserved", "a single address", `{ networks+: { one: { bridge: 'sw-lan', vlan: 9, subnet: '10.9.0.7/32' } }, vms+: { web01+: { interfaces+: { eth1: { network: 'one', address: '10.9.0.7' } } } } }`},
	{"addresses/reserved", "the last address of an IPv6 subnet", `{ networks+: { six: { bridge: 'sw-lan', vlan: 9, subnet: 'fd00::/126' } }, vms+: { web01+: { interfaces+: { eth1: { network: 'six', address: 'fd00::3' } } } } }`},
	{"addresses/family", "IPv6 in an IPv6 network", `{ networks+: { six: { bridge: 'sw-lan', vlan: 9, subnet: 'fd00::/64', gateway: 'fd00::1' } }, vms+: { web01+: { interfaces+: { eth1: { network: 'six', address: 'fd00::3' } } } } }`},
	{"addresses/no-network", "a network without an address", `{ hosts+: { vmm+: { bridges+: { 'sw-lan': { network: 'lan' } } } } }`},
	{"addresses/broadcast", "the broadcast address of the subnet", `{ hosts+: { vmm+: { bridges+: { 'sw-lan': { network: 'lan', address: '10.0.1.254', broadcast: '10.0.1.255' } } } } }`},
	{"addresses/overlap", "neighbours", `{ networks+: { a: { bridge: 'sw-lan', vlan: 9, subnet: '10.0.0.0/24' }, b: { bridge: 'sw-lan', vlan: 8, subnet: '10.0.2.0/23' }, c: { bridge: 'sw-lan', vlan: 7, subnet: '172.16.16.0/24' } } }`},
	{"addresses/overlap", "a route to more than the network the router is on", `{ vms+: { rtr01+: { router+: { staticRoutes: { '10.0.0.0/8': { nextHop: '46.4.71.70' } } } } } }`},
	{"addresses/two-gateways", "a second network without a gateway", `{ networks+: { store: { bridge: 'sw-lan', vlan: 9, subnet: '10.9.0.0/24' } }, vms+: { db01+: { interfaces+: { eth1: { network: 'store', address: '10.9.0.4' } } } } }`},
	{"layer2/no-bridge", "a VM on a host with all its bridges", `{ hosts+: { vmm2: { bridges: { 'sw-lan': {} } } }, vms+: { web01+: { host: 'vmm2' } } }`},
	{"layer2/other-bridge", "a bridge with an address in its own network", `{ hosts+: { vmm+: { bridges+: { 'sw-lan': { network: 'lan', address: '10.0.1.254' } } } } }`},
	{"layer2/port-twice", "one interface name on two hosts", `{ hosts+: { vmm2: { bridges: { 'sw-net': { ports: ['eth0'] } } } } }`},
	{"layer2/port-is-bridge", "a port that starts like a bridge", `{ hosts+: { vmm+: { bridges+: { 'sw-lan': { ports: ['sw-lan1'], bonds: { bond0: { interfaces: ['eth1', 'eth2'] } } } } } } }`},
	{"layer2/vlan-twice", "one tag on two bridges, and for both families", `{ networks+: { a: { bridge: 'sw-lan', vlan: 9, subnet: '10.9.0.0/24' }, b: { bridge: 'sw-net', vlan: 9, subnet: '10.9.1.0/24' }, c: { bridge: 'sw-lan', vlan: 9, subnet: 'fd00::/64' } } }`},
	{"layer2/duplicate-mac", "one MAC address on two VLANs", `{ networks+: { a: { bridge: 'sw-lan', vlan: 9, subnet: '10.9.0.0/24' } }, vms+: { lb01+: { interfaces+: { eth0+: { mac: '52:54:00:12:34:56' } } }, web01+: { interfaces+: { eth1: { network: 'a', mac: '52:54:00:12:34:56' } } } } }`},
	{"firewall/port-protocol", "ports of tcp_udp, and a protocol without ports", `{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-local'+: { rules+: { '30': { action: 'accept', protocol: 'tcp_udp', source: { port: '53,123' } }, '40': { action: 'accept', protocol: 'esp' } } } } } } } } }`},
	{"firewall/hook-twice", "another direction of the same interface", `{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { extra: { attach: [{ interface: 'eth0', direction: 'out' }, { interface: 'eth1', direction: 'in' }] } } } } } } }`},
	{"interfaces/mtu", "a VLAN with the MTU of the card below", `{ networks+: { guests: { bridge: 'sw-lan', vlan: 30, subnet: '10.0.30.0/24' } }, vms+: { rtr01+: { interfaces+: { eth1+: { mtu: 9000 }, 'eth1.30': { network: 'guests', address: '10.0.30.1', mtu: 9000 } } } } }`},
	{"interfaces/mtu", "a small one without IPv6", `{ vms+: { rtr01+: { interfaces+: { eth1+: { mtu: 576 } } } } }`},
	{"router/os", "a router without os", `{ vms+: { rtr01+: { os:: null } } }`},
	{"router/next-hop", "a router on a network of ours, and one in the tunnel", `{ vms+: { rtr01+: { router+: { staticRoutes: { '10.9.0.0/16': { nextHop: '10.0.1.9' }, '10.8.0.0/16': { nextHop: '172.16.17.9' } } } } } }`},
	{"router/next-hop", "one beside another address of the router", `{ vms+: { rtr01+: { interfaces+: { eth1+: { addresses: ['2001:db8::1/64'] } }, router+: { staticRoutes: { '2001:db8:9::/48': { nextHop: '2001:db8::9' } } } } } }`},
	{"bgp/neighbor", "one beside another address of the router", `{ vms+: { rtr01+: { interfaces+: { eth1+: { addresses: ['192.0.2.1/24'] } }, router+: { bgp: { as: 65001, neighbors: { '192.0.2.9': { remoteAs: 65002 } } } } } } }`},
	{"router/next-hop", "one beside another address of the router", `{ vms+: { rtr01+: { interfaces+: { eth1+: { addresses: ['2001:db8::1/64'] } }, router+: { staticRoutes: { '2001:db8:9::/48': { nextHop: '2001:db8::9' } } } } } }`},
	{"bgp/neighbor", "one beside another address of the router", `{ vms+: { rtr01+: { interfaces+: { eth1+: { addresses: ['192.0.2.1/24'] } }, router+: { bgp: { as: 65001, neighbors: { '192.0.2.9': { remoteAs: 65002 } } } } } } }`},
	{"nat/no-address", "an address that a provider lends", `{ networks+: { public+: { gateway:: null } }, vms+: { rtr01+: { interfaces+: { eth0: { network: 'public', dhcp: true } }, router+: { openvpn:: {} } } } }`},
	{"router/two-defaults", "a spare default route, with another distance", `{ vms+: { rtr01+: { router+: { staticRoutes: { '0.0.0.0/0': { nextHop: '46.4.71.70', distance: 20 } } } } } }`},
	{"addresses/two-gateways", "a gateway that a static route goes by", `{ networks+: { second: { bridge: 'sw-net', vlan: 9, subnet: '203.0.113.0/24', gateway: '203.0.113.1' } }, vms+: { rtr01+: { interfaces+: { eth2: { network: 'second', address: '203.0.113.5' } }, router+: { firewall+: { rulesets+: { 'wan-local'+: { attach+: [{ interface: 'eth2', direction: 'local' }] } } }, staticRoutes: { '0.0.0.0/0': { nextHop: '203.0.113.1', distance: 20 } } } } } }`},
	{"addresses/outside-subnet", "a gateway on the link of a single address", `{ networks+: { single: { bridge: 'sw-net', vlan: 9, subnet: '203.0.113.5/32', gateway: '198.51.100.1' } }, vms+: { web01+: { interfaces+: { eth1: { network: 'single', address: '203.0.113.5' } } } } }`},
	{"addresses/outside-subnet", "a link-local gateway", `{ networks+: { six: { bridge: 'sw-net', vlan: 9, subnet: '2001:db8:9::/64', gateway: 'fe80::1' } }, vms+: { web01+: { interfaces+: { eth1: { network: 'six', address: '2001:db8:9::5' } } } } }`},
	{"schema/value", "a MAC address in capitals", `{ vms+: { lb01+: { interfaces+: { eth0+: { mac: '52:54:00:AB:CD:EF' } } } } }`},
	{"schema/key", "names of mappings as people write them", `{ vms+: { rtr01+: { router+: { dhcpServer: { lan: { ranges: { a: { start: '10.0.1.100', stop: '10.0.1.199' } }, staticMappings: { 'Living_Room-TV': { mac: '00:1b:a9:10:20:30', address: '10.0.1.20' }, 'AP1.attic': { mac: '00:1B:A9:10:20:31', address: '10.0.1.21' } } } } } } } }`},
	{"schema/key", "a group whose name begins with a digit", `{ vms+: { rtr01+: { router+: { firewall+: { groups: { address: { '3d_printers': { addresses: ['10.0.1.20'] } } }, rulesets+: { 'wan-in'+: { rules+: { '20': { action: 'drop', source: { addressGroup: '3d_printers' } } } } } } } } } }`},
	{"firewall/protocol", "protocols by name and number", `{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-local'+: { rules+: { '30': { action: 'accept', protocol: 'igmp' }, '40': { action: 'accept', protocol: '41' }, '50': { action: 'accept', protocol: 'sctp' } } } } } } } } }`},
	{"dhcp/range-taken", "a mapping within the range", `{ vms+: { rtr01+: { router+: { version: '1.5', dhcpServer: { lan: { ranges: { a: { start: '10.0.1.2', stop: '10.0.1.199' } }, staticMappings: { tv: { mac: '00:1b:a9:10:20:30', address: '10.0.1.150' } } } } } } } }`},
	{"router/two-defaults", "a default route of the other family", `{ networks+: { six: { bridge: 'sw-net', subnet: 'fd00::/64' } }, vms+: { rtr01+: { interfaces+: { eth2: { network: 'six', address: 'fd00::2' } }, router+: { staticRoutes: { '::/0': { nextHop: 'fd00::1' } } } } } }`},
	{"nat/no-address", "a rule that names its address", `{ networks+: { transit: { bridge: 'sw-lan', vlan: 7, subnet: '10.0.7.0/24' } }, vms+: { rtr01+: { interfaces+: { eth2: { network: 'transit' } }, router+: { nat+: { destination+: { '20': { inboundInterface: 'eth2', address: '10.0.7.9', port: 80, translation: { vm: 'lb01' } } } } } } } }`},
	{"openvpn/subnet", "a /29", `{ vms+: { rtr01+: { router+: { openvpn+: { vtun0+: { subnet: '172.16.17.0/29' } } } } } }`},
	{"openvpn/name", "a tunnel with another number", `{ vms+: { rtr01+: { interfaces+: { vtun1: { network: 'lan' } } } } }`},
	{"openvpn/same-secret", "no parameters at all", `{ vms+: { rtr01+: { router+: { openvpn+: { vtun0+: { tls+: { dh:: null } } } } } } }`},
	{"addresses/duplicate", "clients with addresses of their own", `{ vms+: { rtr01+: { router+: { openvpn+: { vtun0+: { clients: { alice: { address: '172.16.17.2' }, bob: { address: '172.16.17.254' } } } } } } } }`},
	{"services/no-os", "a VM that we only define", `{ vms+: { lb02: super.lb01 { os:: null, varnish:: null, interfaces: { eth0: { network: 'lan', address: '10.0.1.9' } } } } }`},
	{"services/port-conflict", "two sites on one port, the cache on another", `{ vms+: { web01+: { nginx+: { sites+: { b: { serverName: 'b.nullzero.me', root: '/srv/b' } } }, varnish: { listen: 6081, backends: { web01: { vm: 'web01' } } } } } }`},
	{"services/port-conflict", "one number for tcp and udp", `{ vms+: { rtr01+: { router+: { openvpn+: { vtun1: super.vtun0 { subnet: '172.16.18.0/24', protocol: 'tcp' } } } } } }`},
	{"services/no-php", "a site without PHP", `{ vms+: { web01+: { nginx: { sites: { app: { serverName: 'app.nullzero.me', root: '/srv/www' } } }, php:: null } } }`},
	{"firewall/service-blocked", "the port that clients of DHCP send from", `{ vms+: { rtr01+: { router+: { dhcpServer: { lan: { ranges: { a: { start: '10.0.1.100', stop: '10.0.1.199' } } } }, firewall+: { rulesets+: { 'lan-local': { attach: [{ interface: 'eth1', direction: 'local' }], rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: 22 } }, '50': { action: 'accept', protocol: 'udp', source: { port: '67,68' }, destination: { port: '67,68' } } } } } } } } } }`},
	{"nat/no-return", "an uplink whose gateway the provider's DHCP server tells", `{ networks+: { public+: { gateway:: null } }, vms+: { rtr01+: { interfaces+: { eth0: { network: 'public', dhcp: true } }, router+: { openvpn:: {} } } } }`},
	{"services/no-listener", "a VM that gets its web server elsewhere", `{ vms+: { app01: stack.guest('vmm', 'debian-12') { packages: ['apache2'], interfaces: { eth0: { network: 'lan', address: '10.0.1.9' } } }, lb01+: { varnish+: { backends: { app01: { vm: 'app01', port: 8080 } } } } } }`},
	{"services/backend-loop", "the web server beside the cache", `{ vms+: { web01+: { nginx+: { sites+: { app+: { listen: 8080 } } }, varnish: { backends: { web01: { vm: 'web01', port: 8080 } } } }, lb01+: { varnish+: { backends+: { web01+: { port: 80 } } } } } }`},
	{"services/probe-window", "as many good answers as are looked at", `{ vms+: { lb01+: { varnish+: { backends+: { web01+: { probe+: { window: 4, threshold: 4, initial: 4 } } } } } } }`},
	{"services/probe-timeout", "a timeout as long as the interval", `{ vms+: { lb01+: { varnish+: { backends+: { web01+: { probe+: { interval: '2s', timeout: '2s' } } } } } } }`},
	{"services/not-own-address", "all addresses, and the host's own for a display", `{ vms+: { db01+: { mariadb+: { bindAddress: '0.0.0.0' } }, lb01+: { graphics+: { listen: '46.4.71.66' } } } }`},
}

func TestNearMisses(t *testing.T) {
	for _, tt := range nearMisses {
		t.Run(tt.rule+" "+tt.name, func(t *testing.T) {
			if _, diags := patched(t, tt.patch); broken(diags, tt.rule) {
				t.Errorf("findings:\n%s", rulesOf(diags))
			}
		})
	}
}
