package flow_test

import (
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stackgen/schema"
	"stackgen/schema/flow"
	"stackgen/schema/topology"

	"github.com/google/go-jsonnet"
)

var update = flag.Bool("update", false, "rewrite expected walks")

// patched is the reference stack with Jsonnet added to it.
func patched(t *testing.T, patch string) *topology.Topology {
	t.Helper()
	base, err := filepath.Abs("../../fixtures/nullzero/topology.jsonnet")
	if err != nil {
		t.Fatal(err)
	}
	topo, diags, err := schema.Model(schema.Input{File: "patch.jsonnet",
		Importer: &patchImporter{patch: jsonnet.MakeContents("(import '" + base + "') + " + patch)}})
	if err != nil || topo == nil {
		t.Fatal(diags, err)
	}
	return topo
}

// patchImporter gives the same contents each time: Jsonnet wants that of an
// importer.
type patchImporter struct {
	patch jsonnet.Contents
	files jsonnet.FileImporter
}

// Import implements [jsonnet.Importer].
func (p *patchImporter) Import(from, name string) (jsonnet.Contents, string, error) {
	if name == "patch.jsonnet" {
		return p.patch, name, nil
	}
	return p.files.Import(from, name)
}

// walk goes from the Internet, a tunnel, a host or a VM.
func walk(t *testing.T, topo *topology.Topology, from, protocol, to string) *flow.Walk {
	t.Helper()
	n := flow.New(topo)
	p := flow.Packet{Protocol: protocol}
	if ap, err := netip.ParseAddrPort(to); err == nil {
		p.To, p.Port = ap.Addr(), int(ap.Port())
	} else {
		p.To = netip.MustParseAddr(to)
	}
	var w *flow.Walk
	switch {
	case from == "internet":
		w = n.FromInternet(p)
	case from == "vpn":
		r := topo.VM("rtr01")
		w = n.FromTunnel(r, r.Router.Tunnels()[0], netip.Addr{}, p)
	case topo.Host(from) != nil:
		w = n.FromHost(topo.Host(from), p)
	default:
		w = n.FromVM(topo.VM(from), p)
	}
	n.Follow(w, "")
	return w
}

func written(w *flow.Walk) string {
	var lines []string
	for _, h := range w.Hops {
		lines = append(lines, fmt.Sprintf("%s: %s", h.Kind, h.Text))
	}
	return strings.Join(lines, "\n")
}

// withTunnels adds WireGuard, an IPsec peer and one of two ends of OpenVPN.
const withTunnels = "{ vms+: { rtr01+: { router+: { " +
	"wireguard: { wg0: { subnet: '10.9.0.0/24', privateKey: { secret: 'wg0' }, publicKey: 'g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM=', " +
	"peers: { branch: { publicKey: '4TwonpNwq2WObKc8TIQPWZsmSdyRbzZSFKKVGhREUEI=', address: '10.9.0.3', allowedIPs: ['10.2.0.0/16'] } } } }, " +
	"ipsec: { berlin: { remoteAddress: '203.0.113.1', presharedKey: { secret: 'berlin' }, tunnels: { '1': { localPrefix: 'lan', remotePrefix: '10.3.0.0/16' } } } }, " +
	"nat+: { source+: { '5': { source: 'lan', outboundInterface: 'eth0', destination: { address: '10.3.0.0/16' }, exclude: true } } }, " +
	"openvpn+: { vtun1: { mode: 'site-to-site', role: 'active', remote: '203.0.113.9', port: 1195, localAddress: '10.8.1.1', remoteAddress: '10.8.1.2', " +
	"tls: { ca: { secret: 'ca' }, cert: { secret: 'crt' }, key: { secret: 'key' } } } }, " +
	"staticRoutes: { '10.4.0.0/16': { interface: 'vtun1' } }, " +
	"} } } }"

// beside is a route by a router that is reached from another address of ours.
const beside = "{ vms+: { rtr01+: { interfaces+: { eth1+: { addresses: ['10.77.0.1/24'] } }, router+: { staticRoutes: { '10.9.0.0/16': { nextHop: '10.77.0.9' } } } } } }"

// walks are connections through the reference stack with Jsonnet added to it.
var walks = []struct{ patch, from, protocol, to string }{
	{"{}", "internet", "tcp", "46.4.71.77:80"},
	{"{}", "internet", "tcp", "46.4.71.77:22"},
	{"{}", "internet", "udp", "46.4.71.77:1194"},
	{"{}", "internet", "tcp", "46.4.71.77:3306"},
	{"{}", "internet", "icmp", "46.4.71.77"},
	{"{}", "internet", "tcp", "46.4.71.66:22"},
	{"{}", "internet", "tcp", "46.4.71.66:80"},
	{"{}", "internet", "tcp", "46.4.71.70:22"},
	{"{}", "internet", "tcp", "10.0.1.4:3306"},
	{"{}", "internet", "tcp", "192.0.2.1:80"},
	{"{}", "vpn", "tcp", "10.0.1.4:3306"},
	{"{}", "vpn", "tcp", "10.0.1.4:3307"},
	{"{}", "web01", "tcp", "10.0.1.4:3306"},
	{"{}", "web01", "tcp", "9.9.9.9:53"},
	{"{}", "web01", "tcp", "46.4.71.77:80"},
	{"{}", "web01", "tcp", "10.7.7.7:80"},
	{"{}", "web01", "tcp", "[2001:db8::1]:80"},
	{"{}", "web01", "icmp", "10.0.1.1"},
	{"{}", "vmm", "tcp", "46.4.71.77:80"},
	{"{}", "vmm", "tcp", "10.0.1.4:3306"},
	{"{}", "db01", "tcp", "127.0.0.1:3306"},
	{"{}", "rtr01", "tcp", "172.16.17.9:22"},
	{"{ vms+: { rtr01+: { router+: { nat+: { source:: null } } } } }", "web01", "tcp", "9.9.9.9:53"},
	{"{ vms+: { rtr01+: { router+: { nat+: { destination+: { '10'+: { port: 8080 } } } } } } }", "internet", "tcp",
		"46.4.71.77:8080"},
	{"{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-in'+: { rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: 81 } } } } } } } } } }", "internet", "tcp", "46.4.71.77:80"},
	{"{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-in'+: { rules+: { '10'+: { source: { address: '198.51.100.0/24' } } } } } } } } } }", "internet", "tcp", "46.4.71.77:80"},
	{"{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'lan-out': { defaultAction: 'drop', attach: [{ interface: 'eth1', direction: 'out' }], rules: { '10': { action: 'reject', source: { network: 'lan' } }, '20': { action: 'accept', state: ['new'], protocol: 'all', destination: { network: 'lan' } } } } } } } } } }", "vpn", "tcp", "10.0.1.3:80"},
	{"{ vms+: { rtr01+: { router+: { firewall+: { allPing: false, rulesets+: { 'wan-local':: null } } } } } }",
		"internet", "icmp", "46.4.71.77"},
	{"{ vms+: { db01+: { mariadb+: { bindAddress: '127.0.0.1' } } } }", "internet", "tcp", "46.4.71.77:80"},
	{"{ vms+: { db01+: { mariadb+: { users+: { user+: { hosts: ['lb01'] } } } } } }", "lb01", "tcp", "10.0.1.3:80"},
	{"{ vms+: { db01+: { mariadb+: { users+: { user+: { hosts: ['10.0.1.0/24'] } } } } } }", "lb01", "tcp", "10.0.1.3:80"},
	{"{ vms+: { web01+: { nginx+: { sites+: { app+: { php: false } } } } } }", "lb01", "tcp", "10.0.1.3:80"},
	{"{ hosts+: { vmm2: { bridges: { 'sw-lan': {} } } }, vms+: { web01+: { host: 'vmm2' } } }", "internet", "tcp",
		"46.4.71.77:80"},
	{"{ vms+: { rtr01+: { router+: { staticRoutes: { '10.9.0.0/16': { nextHop: '10.0.1.3' } } } } } }", "vpn", "tcp",
		"10.9.0.1:80"},
	{"{ vms+: { rtr01+: { router+: { staticRoutes: { '10.9.0.0/16': { nextHop: '10.0.1.99' } } } } } }", "vpn", "tcp",
		"10.9.0.1:80"},
	{beside, "vpn", "tcp", "10.9.0.1:80"},
	{beside + " + { vms+: { web01+: { interfaces+: { eth0+: { addresses: ['10.77.0.9/24'] } } } } }", "vpn", "tcp",
		"10.9.0.1:80"},
	{withTunnels, "rtr01", "tcp", "10.9.0.3:22"},
	{withTunnels, "web01", "tcp", "10.2.0.9:80"},
	{withTunnels, "web01", "tcp", "10.3.0.9:80"},
	{withTunnels + " + { vms+: { rtr01+: { router+: { nat+: { source+: { '5':: null } } } } } }", "web01", "tcp",
		"10.3.0.9:80"},
	{withTunnels, "web01", "tcp", "10.4.0.9:80"},
	{withTunnels, "web01", "tcp", "10.9.0.1:22"},
	{"{ vms+: { web02: super.web01 { interfaces: { eth0: { network: 'lan', address: '10.0.1.5' } }, files:: null }, lb01+: { varnish+: { backends+: { web01+: { vm: 'web02' }, web02: { vm: 'web01' } } } } } }", "internet", "tcp", "46.4.71.77:80"},
	{"{ vms+: { rtr01+: { router+: { nat+: { destination+: { '10'+: { hairpin: true } } } } } } }", "db01", "tcp",
		"46.4.71.77:80"},
	{"{ networks+: { dmz: { bridge: 'sw-lan', vlan: 7, subnet: '10.0.7.0/24', gateway: '10.0.7.1' } }, vms+: { rtr01+: { interfaces+: { eth2: { network: 'dmz', address: '10.0.7.1' } }, router+: { nat+: { destination+: { '10'+: { hairpin: true } } } } }, db01+: { interfaces: { eth0: { network: 'dmz', address: '10.0.7.4' } } } } }", "db01", "tcp", "46.4.71.77:80"},
	{"{ vms+: { rtr01+: { router+: { nat+: { static: { '5': { inboundInterface: 'eth0', address: '46.4.71.78', translation: { vm: 'web01' } } } } } } } }", "web01", "tcp", "9.9.9.9:53"},
	{"{ vms+: { rtr01+: { router+: { nat+: { static: { '5': { inboundInterface: 'eth0', address: '46.4.71.78', translation: { vm: 'web01' } } } } } } } }", "db01", "tcp", "9.9.9.9:53"},
	{"{ vms+: { rtr01+: { router+: { dnsForwarding: { networks: ['lan'] } } } } }", "web01", "udp", "10.0.1.1:53"},
	{"{ vms+: { rtr01+: { router+: { dnsForwarding: { networks: ['lan'] } } } } }", "web01", "udp", "46.4.71.77:53"},
	{"{ vms+: { rtr01+: { router+: { dhcpServer: { lan: {} } } } } }", "web01", "udp", "10.0.1.1:67"},
	{"{ vms+: { rtr01+: { router+: { snmp: { community: { secret: 'c' }, networks: ['lan'] } } } } }", "vpn", "udp",
		"10.0.1.1:161"},
	{"{ vms+: { rtr01+: { router+: { ssh: { networks: ['public'] } } } } }", "web01", "tcp", "10.0.1.1:22"},
	{"{ vms+: { rtr01+: { router+: { ntp: { servers: { 'pool.ntp.org': {} }, networks: ['lan'] }, firewall+: { rulesets+: { 'lan-local': { attach: [{ interface: 'eth1', direction: 'local' }], rules: { '10': { action: 'accept', protocol: 'tcp' } } } } } } } } }", "web01", "udp", "10.0.1.1:123"},
	{"{ vms+: { rtr01+: { router+: { nat+: { source+: { '5': { source: 'lan', outboundInterface: 'eth0', protocol: 'tcp', destination: { address: '9.9.9.0/24', port: 53 }, exclude: true } } } } } } }", "db01", "tcp", "9.9.9.9:53"},
	{"{ vms+: { rtr01+: { router+: { nat+: { source+: { '5': { source: 'lan', outboundInterface: 'eth0', protocol: 'tcp', destination: { address: '9.9.9.0/24', port: 53 }, exclude: true } } } } } } }", "db01", "tcp", "9.9.9.9:54"},
	{"{ vms+: { rtr01+: { router+: { nat+: { destination+: { '5': { inboundInterface: 'eth0', port: 80, exclude: true } } } } } } }", "internet", "tcp", "46.4.71.77:80"},
	{"{ vms+: { rtr01+: { router+: { nat+: { destination+: { '10'+: { source: { address: '198.51.100.0/24' } } } } } } } }", "internet", "tcp", "46.4.71.77:80"},
	{"{ vms+: { rtr01+: { router+: { firewall+: { groups: { address: { webs: { addresses: ['lb01', '10.0.1.20-10.0.1.30'] } }, port: { web: { ports: '80,443' } } }, rulesets+: { 'wan-in'+: { rules: { '10': { action: 'accept', protocol: 'tcp', destination: { addressGroup: 'webs', portGroup: 'web' } } } } } } } } } }", "internet", "tcp", "46.4.71.77:80"},
	{"{ vms+: { rtr01+: { router+: { firewall+: { groups: { network: { nets: { networks: ['lan'] } } }, rulesets+: { 'wan-in'+: { rules: { '10': { action: 'accept', protocol: 'tcp', source: { networkGroup: 'nets', not: true } } } } } } } } } }", "internet", "tcp", "46.4.71.77:80"},
	{"{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { common: { defaultAction: 'return', rules: { '10': { action: 'drop', protocol: 'udp' } } }, 'wan-in'+: { rules+: { '5': { action: 'jump', jumpTarget: 'common' } } } } } } } } }", "internet", "tcp", "46.4.71.77:80"},
	{"{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { common: { rules: { '10': { action: 'accept', protocol: 'udp' } } }, 'wan-in'+: { rules+: { '5': { action: 'jump', jumpTarget: 'common' } } } } } } } } }", "internet", "tcp", "46.4.71.77:80"},
	{"{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-in'+: { rules+: { '5': { action: 'return', protocol: 'tcp' } } } } } } } } }", "internet", "tcp", "46.4.71.77:80"},
	{"{ vms+: { rtr01+: { router+: { firewall+: { groups: { interface: { all: { interfaces: ['eth0', 'eth1'] } } }, rulesets+: { 'wan-in'+: { attach: [{ interfaceGroup: 'all', direction: 'in' }] } } } } } } }", "web01", "tcp", "9.9.9.9:53"},
	{"{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { six: { family: 'ipv6', attach: [{ interface: 'eth1', direction: 'in' }] } } } } } } }", "web01", "tcp", "9.9.9.9:53"},
	{"{ vms+: { rtr01+: { router+: { firewall: { statePolicy: { established: 'accept' }, rulesets: { pass: { rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: '22,80' } } } } }, zones: { lan: { interfaces: ['eth1', 'vtun0'], from: { wan: { ruleset: 'pass' } } }, wan: { interfaces: ['eth0'], defaultAction: 'reject', from: { router: { ruleset: 'pass' } } }, router: { 'local': true, from: { wan: { ruleset: 'pass' }, lan: { ruleset: 'pass' } } } } } } } } }", "internet", "tcp", "46.4.71.77:80"},
	{"{ vms+: { rtr01+: { router+: { firewall: { statePolicy: { established: 'accept' }, rulesets: { pass: { rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: '22,80' } } } } }, zones: { lan: { interfaces: ['eth1', 'vtun0'], from: { wan: { ruleset: 'pass' } } }, wan: { interfaces: ['eth0'], defaultAction: 'reject', from: { router: { ruleset: 'pass' } } }, router: { 'local': true, from: { wan: { ruleset: 'pass' }, lan: { ruleset: 'pass' } } } } } } } } }", "internet", "tcp", "46.4.71.77:22"},
	{"{ vms+: { rtr01+: { router+: { firewall: { statePolicy: { established: 'accept' }, rulesets: { pass: { rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: '22,80' } } } } }, zones: { lan: { interfaces: ['eth1', 'vtun0'], from: { wan: { ruleset: 'pass' } } }, wan: { interfaces: ['eth0'], defaultAction: 'reject', from: { router: { ruleset: 'pass' } } }, router: { 'local': true, from: { wan: { ruleset: 'pass' }, lan: { ruleset: 'pass' } } } } } } } } }", "internet", "udp", "46.4.71.77:1194"},
	{"{ vms+: { rtr01+: { router+: { firewall: { statePolicy: { established: 'accept' }, rulesets: { pass: { rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: '22,80' } } } } }, zones: { lan: { interfaces: ['eth1', 'vtun0'], from: { wan: { ruleset: 'pass' } } }, wan: { interfaces: ['eth0'], defaultAction: 'reject', from: { router: { ruleset: 'pass' } } }, router: { 'local': true, from: { wan: { ruleset: 'pass' }, lan: { ruleset: 'pass' } } } } } } } } }", "web01", "tcp", "9.9.9.9:80"},
	{"{ vms+: { rtr01+: { router+: { firewall: { statePolicy: { established: 'accept' }, rulesets: { pass: { rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: '22,80' } } } } }, zones: { lan: { interfaces: ['eth1', 'vtun0'], from: { wan: { ruleset: 'pass' } } }, wan: { interfaces: ['eth0'], defaultAction: 'reject', from: { router: { ruleset: 'pass' } } }, router: { 'local': true, from: { wan: { ruleset: 'pass' }, lan: { ruleset: 'pass' } } } } } } } } }", "vpn", "tcp", "10.0.1.3:80"},
	{"{ vms+: { rtr01+: { router+: { firewall: { statePolicy: { established: 'accept' }, rulesets: { pass: { rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: '22,80' } } } } }, zones: { lan: { interfaces: ['eth1', 'vtun0'], from: { wan: { ruleset: 'pass' } } }, wan: { interfaces: ['eth0'], defaultAction: 'reject', from: { router: { ruleset: 'pass' } } }, router: { 'local': true, from: { wan: { ruleset: 'pass' }, lan: { ruleset: 'pass' } } } } } } } } }", "rtr01", "tcp", "9.9.9.9:443"},
	{"{ vms+: { rtr01+: { router+: { firewall: { statePolicy: { established: 'accept' }, rulesets: { pass: { rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: '22,80' } } } } }, zones: { lan: { interfaces: ['eth1', 'vtun0'], from: { wan: { ruleset: 'pass' } } }, wan: { interfaces: ['eth0'], defaultAction: 'reject', from: { router: { ruleset: 'pass' } } }, router: { 'local': true, from: { wan: { ruleset: 'pass' }, lan: { ruleset: 'pass' } } } } } } } } }", "rtr01", "tcp", "9.9.9.9:80"},
	{"{ vms+: { rtr01+: { router+: { firewall: { statePolicy: { established: 'accept' }, rulesets: { pass: { rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: '22,80' } } } } }, zones: { lan: { interfaces: ['eth1', 'vtun0'], from: { wan: { ruleset: 'pass' } } }, wan: { interfaces: ['eth0'], defaultAction: 'reject', from: { router: { ruleset: 'pass' } } }, router: { 'local': true, from: { wan: { ruleset: 'pass' }, lan: { ruleset: 'pass' } } } } } } } } }", "rtr01", "tcp", "10.0.1.3:80"},
	{bothFamilies, "web01", "tcp", "[2001:db8:1::4]:3306"},
	{bothFamilies, "web01", "tcp", "[2001:db8:1::4]:22"},
	{bothFamilies, "web01", "tcp", "[2001:db8:9::1]:443"},
	{bothFamilies, "rtr01", "tcp", "[2001:db8:1::3]:80"},
	{lentWAN, "web01", "tcp", "9.9.9.9:53"},
	{lentWAN, "rtr01", "udp", "9.9.9.9:53"},
	{lentLAN, "web01", "tcp", "9.9.9.9:53"},
	{lentLAN, "db01", "tcp", "9.9.9.9:53"},
	{lentLAN, "lb01", "tcp", "10.0.1.3:80"},
	{"{ vms+: { rtr01+: { router+: { firewall+: { statePolicy:: null } } } } }", "internet", "tcp", "46.4.71.77:80"},
	{"{ vms+: { rtr01+: { router+: { firewall+: { statePolicy:: null } } } } }", "web01", "tcp", "9.9.9.9:53"},
	{"{ vms+: { rtr01+: { router+: { firewall+: { statePolicy:: null } } } } }", "rtr01", "udp", "9.9.9.9:53"},
	{"{ vms+: { rtr01+: { router+: { firewall+: { statePolicy:: null, rulesets+: { 'wan-in'+: { rules+: { '5': { action: 'accept', protocol: 'udp', source: { port: 53 }, destination: { port: '1024-65535' } } } } } } } } } }", "web01", "udp", "9.9.9.9:53"},
	{"{ networks+: { lan+: { gateway: '10.0.1.9' } } }", "internet", "tcp", "46.4.71.77:80"},
	{twoSites("", "allowedIPs: ['10.0.1.0/24']"), "web01", "tcp", "10.0.9.5:22"},
	{twoSites("", "allowedIPs: ['10.0.1.0/24']"), "app01", "tcp", "10.0.1.3:80"},
	{twoSites("", ""), "web01", "tcp", "10.0.9.5:22"},
	{twoSites("'tunnel-in': { attach: [{ interface: 'wg0', direction: 'in' }] }", "allowedIPs: ['10.0.1.0/24']"), "web01", "tcp", "10.0.9.5:22"},
	{twoSites("", "allowedIPs: ['10.0.1.0/24']"), "web01", "tcp", "10.9.0.7:22"},
	{overIPsec(""), "web01", "tcp", "10.0.9.5:22"},
	{overIPsec("'wan-in': { attach: [{ interface: 'eth0', direction: 'in' }], rules: { '10': { action: 'accept', state: ['established'] } } }"), "web01", "tcp", "10.0.9.5:22"},
	{overIPsec("'wan-in': { attach: [{ interface: 'eth0', direction: 'in' }], rules: { '10': { action: 'accept', state: ['established'] } } }"), "app01", "tcp", "10.0.1.3:80"},
}

// otherSite is a second router with a network and a machine behind it.
func otherSite(router string) string {
	return "networks+: { dmz: { bridge: 'sw-lan', vlan: 9, subnet: '10.0.9.0/24', gateway: '10.0.9.1' } }, vms+: { " +
		"app01: super.web01 { interfaces: { eth0: { network: 'dmz', address: '10.0.9.5' } }, php:: null, files:: null }, " +
		"rtr02: super.rtr01 { interfaces: { eth0: { network: 'public', address: '46.4.71.78' }, eth1: { network: 'dmz', address: '10.0.9.1' } }, router: { platform: 'vyos', " + router + " } }, "
}

// twoSites joins two sites by WireGuard.
func twoSites(rulesets, allowed string) string {
	return "{ " + otherSite("firewall: { rulesets: { "+rulesets+" } }, wireguard: { wg0: { subnet: '10.9.0.0/24', address: '10.9.0.2', privateKey: { secret: 'b' }, publicKey: '4TwonpNwq2WObKc8TIQPWZsmSdyRbzZSFKKVGhREUEI=', "+
		"peers: { a: { publicKey: 'g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM=', address: '10.9.0.1', "+allowed+" } } } }") +
		"rtr01+: { router+: { wireguard: { wg0: { subnet: '10.9.0.0/24', privateKey: { secret: 'a' }, publicKey: 'g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM=', " +
		"peers: { b: { publicKey: '4TwonpNwq2WObKc8TIQPWZsmSdyRbzZSFKKVGhREUEI=', address: '10.9.0.2', allowedIPs: ['10.0.9.0/24'], endpoint: { address: '46.4.71.78' } } } } } } } } }"
}

// overIPsec joins two sites by IPsec.
func overIPsec(rulesets string) string {
	return "{ " + otherSite("nat: {}, firewall: { rulesets: { "+rulesets+" } }, ipsec: { a: { remoteAddress: '46.4.71.77', presharedKey: { secret: 'ab' }, tunnels: { '1': { localPrefix: 'dmz', remotePrefix: '10.0.1.0/24' } } } }") +
		"rtr01+: { router+: { nat+: { source+: { '5': { source: 'lan', outboundInterface: 'eth0', destination: { address: '10.0.9.0/24' }, exclude: true } } }, " +
		"ipsec: { b: { remoteAddress: '46.4.71.78', presharedKey: { secret: 'ab' }, tunnels: { '1': { localPrefix: 'lan', remotePrefix: '10.0.9.0/24' } } } } } } } }"
}

// bothFamilies is the reference stack with IPv6 beside IPv4.
const bothFamilies = "{ vms+: { rtr01+: { interfaces+: { eth0+: { dhcpv6: true }, eth1+: { addresses: ['2001:db8:1::1/64'] } }, router+: { routerAdvert: { eth1: {} } } }, " +
	"web01+: { interfaces+: { eth0+: { addresses: ['2001:db8:1::3/64'] } } }, db01+: { interfaces+: { eth0+: { addresses: ['2001:db8:1::4/64'] } } } } }"

// lentWAN has the router's outside address from the provider.
const lentWAN = "{ networks+: { public+: { gateway:: null } }, vms+: { rtr01+: { interfaces+: { eth0: { network: 'public', dhcp: true } }, router+: { nat+: { destination:: null } } } } }"

// lentLAN has machines that the router lends addresses to: one keeps its own.
const lentLAN = "{ vms+: { rtr01+: { router+: { dhcpServer: { lan: { ranges: { all: { start: '10.0.1.100', stop: '10.0.1.200' } }, staticMappings: { web: { mac: '52:54:00:00:00:77', address: '10.0.1.3' } } } } } }, " +
	"web01+: { interfaces: { eth0: { network: 'lan', mac: '52:54:00:00:00:77' } } }, db01+: { interfaces: { eth0: { network: 'lan' } } } } }"

// TestWalks compares the hops of all walks with the expected ones.
func TestWalks(t *testing.T) {
	var got strings.Builder
	for _, c := range walks {
		w := walk(t, patched(t, c.patch), c.from, c.protocol, c.to)
		fmt.Fprintf(&got, "%s %s %s %s\n%s\n\n", c.from, c.protocol, c.to, c.patch, written(w))
	}
	const file = "testdata/walks.want"
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("walks are\n%s\nwant\n%s", got.String(), want)
	}
}

// TestHopsHavePlaces: each hop says what happens, and each stop why.
func TestHopsHavePlaces(t *testing.T) {
	for _, c := range walks {
		for _, h := range walk(t, patched(t, c.patch), c.from, c.protocol, c.to).Hops {
			if h.Text == "" || h.Kind == "" || h.Kind == flow.Stop && h.Why == "" {
				t.Errorf("%s %s %s: %+v says too little", c.from, c.protocol, c.to, h)
			}
		}
	}
}
