package impact_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"stackgen/render"
	"stackgen/render/impact"
	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"
)

var update = flag.Bool("update", false, "rewrite testdata/impacts.txt")

// edits are single changes that people make, as Jsonnet added to a fixture.
var edits = []struct{ fixture, patch string }{
	{"nullzero", "{ description: 'the first stack' }"},
	{"nullzero", "{ domain: 'nullzero.example' }"},
	{"nullzero", "{ networks+: { lan+: { nameServers: ['149.112.112.112'] } } }"},
	{"nullzero", "{ networks+: { lan+: { mtu: 1400 } } }"},
	{"nullzero", "{ networks+: { lan+: { vlan: 7 } } }"},
	{"nullzero", "{ hosts+: { vmm+: { bridges+: { 'sw-dmz': {} } } } }"},
	{"nullzero", "{ hosts+: { vmm+: { bridges+: { 'sw-net'+: { ports: ['eth0', 'eth1'] } } } } }"},
	{"nullzero", "{ hosts+: { vmm+: { bridges+: { 'sw-net'+: { ports: ['eth1'] } } } } }"},
	{"nullzero", "{ hosts+: { vmm+: { bridges+: { 'sw-lan'+: { datapath: 'netdev' } } } } }"},
	{"nullzero", "{ hosts+: { vmm+: { bridges+: { 'sw-net'+: { address: '46.4.71.67' } } } } }"},
	{"nullzero", "{ hosts+: { vmm+: { bridges+: { 'sw-lan'+: { stp: true } } } } }"},
	{"nullzero", "{ hosts+: { vmm+: { bridges+: { 'sw-lan'+: { failMode: 'secure' } } } } }"},
	{"nullzero", "{ hosts+: { vmm+: { packages: ['tcpdump'] } } }"},
	{"nullzero", "{ hosts+: { vmm+: { pools: { default: { path: '/srv/images' } } } } }"},
	{"nullzero", "{ hosts+: { vmm+: { ssh: { port: 2222 } } } }"},
	{"nullzero", "{ images+: { 'debian-12'+: { path: '/srv/debian.qcow2' } } }"},
	{"nullzero", "{ hosts+: { vmm+: { os: 'debian-13' } } }"},
	{"nullzero", "{ vms+: { web01+: { os: 'debian-13' } } }"},
	{"nullzero", "{ vms+: { db01+: { os: 'debian-13' } } }"},
	{"nullzero", "{ vms+: { lb01+: { vcpus: 4 } } }"},
	{"nullzero", "{ vms+: { db01+: { memory: '8GiB' } } }"},
	{"nullzero", "{ vms+: { db01+: { autostart: false } } }"},
	{"nullzero", "{ vms+: { db01+: { disks+: { vdb: { size: '50GiB' } } } } }"},
	{"nullzero", "{ vms+: { db01+: { disks+: { vda+: { size: '20GiB' } } } } }"},
	{"nullzero", "{ vms+: { db01+: { disks+: { vda+: { size: '5GiB' } } } } }"},
	{"nullzero", "{ vms+: { db01+: { disks: { vda: { size: '10GiB' } } } } }"},
	{"nullzero", "{ vms+: { db01+: { interfaces+: { eth0+: { address: '10.0.1.40' } } } } }"},
	{"nullzero", "{ vms+: { web01+: { interfaces+: { eth0+: { mac: '52:54:00:00:00:01' } } } } }"},
	{"nullzero", "{ vms+: { rtr01+: { interfaces+: { eth0+: { address: '46.4.71.78' } } } } }"},
	{"nullzero", "{ vms+: { rtr01+: { memory: '2GiB' } } }"},
	{"nullzero", "{ vms+: { rtr01+: { router+: { nat+: { destination+: { '10'+: { port: 8080 } } } } } } }"},
	{"nullzero", "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-local'+: { rules+: { '30': { action: 'accept', protocol: 'icmp' } } } } } } } } }"},
	{"nullzero", "{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-in'+: { rules+: { '10'+: { description: 'web' } } } } } } } } }"},
	{"nullzero", "{ vms+: { rtr01+: { router+: { firewall+: { statePolicy+: { invalid: 'drop' } } } } } }"},
	{"nullzero", "{ vms+: { rtr01+: { router+: { nameServers: ['149.112.112.112'] } } } }"},
	{"nullzero", "{ vms+: { rtr01+: { router+: { openvpn+: { vtun0+: { tunMtu: 1400 } } } } } }"},
	{"nullzero", "{ vms+: { rtr01+: { router+: { openvpn+: { vtun0+: { clients+: { second: {} } } } } } } }"},
	{"nullzero", "{ vms+: { rtr01+: { router+: { openvpn:: {} } } } }"},
	{"nullzero", "{ vms+: { lb01+: { varnish+: { backends+: { web01+: { probe+: { interval: '10s' } } } } } } }"},
	{"nullzero", "{ vms+: { lb01+: { varnish+: { storage: '1GiB' } } } }"},
	{"nullzero", "{ vms+: { web01+: { nginx+: { sites+: { app+: { clientMaxBodySize: '32MiB' } } } } } }"},
	{"nullzero", "{ vms+: { web01+: { nginx+: { sites+: { app+: { serverName: 'www.nullzero.me' } } } } } }"},
	{"nullzero", "{ vms+: { web01+: { php+: { maxChildren: 20 } } } }"},
	{"nullzero", "{ vms+: { web01+: { php+: { env+: { MODE: 'fast' } } } } }"},
	{"nullzero", "{ vms+: { web01+: { files+: { '/srv/www/index.php'+: { content: '<?php echo 1;' } } } } }"},
	{"nullzero", "{ vms+: { web01+: { files+: { '/srv/www/robots.txt': { content: 'none' } } } } }"},
	{"nullzero", "{ vms+: { lb01:: {}, lb02: super.lb01 { renamedFrom: 'lb01' }, rtr01+: { router+: { nat+: { destination+: { '10'+: { translation+: { vm: 'lb02' } } }, }, firewall+: { rulesets+: { 'wan-in'+: { rules+: { '10'+: { destination+: { vm: 'lb02' } } } } } } } } } }"},
	{"nullzero", "{ vms+: { lb01:: {}, lb02: super.lb01, rtr01+: { router+: { nat+: { destination+: { '10'+: { translation+: { vm: 'lb02' } } }, }, firewall+: { rulesets+: { 'wan-in'+: { rules+: { '10'+: { destination+: { vm: 'lb02' } } } } } } } } } }"},
	{"nullzero", "{ vms+: { db01+: { mariadb+: { port: 3307 } } } }"},
	{"nullzero", "{ vms+: { db01+: { mariadb+: { databases+: { other: {} } } } } }"},
	{"nullzero", "{ vms+: { db01+: { mariadb+: { databases+: { test+: { tables+: { testable+: { columns: { hello: 'VARCHAR(40)' } } } } } } } } }"},
	{"nullzero", "{ vms+: { db01+: { mariadb+: { databases+: { test+: { tables+: { testable+: { columns+: { more: 'INT' }, primaryKey: ['hello'], indexes: { i: { columns: ['more'] } } } } } } } } } }"},
	{"nullzero", "{ vms+: { db01+: { mariadb+: { users+: { user+: { password: { secret: 'db01/other' } } } } } } }"},
	{"nullzero", "{ vms+: { db01+: { mariadb+: { users+: { user+: { grants: [{ privileges: ['SELECT'], on: 'test.*' }] } } } } } }"},
	{"nullzero", "{ vms+: { web02: self.web01 { interfaces: { eth0: { network: 'lan', address: '10.0.1.5' } } } } }"},
	{"nullzero", "{ hosts+: { spare: { bridges: { 'sw-lan': { ports: ['eth1'] } }, pools: { default: { path: '/srv' } } } }, vms+: { lb01+: { host: 'spare' } } }"},
	{"shop", "{ networks+: { database+: { vlan: 41 } } }"},
	{"shop", "{ hosts+: { hv01+: { bridges+: { br0+: { bonds+: { bond0+: { mode: 'balance-slb' } } } } } } }"},
	{"shop", "{ hosts+: { hv01+: { bridges+: { br0+: { bonds+: { bond0+: { interfaces: ['enp1s0f0', 'enp2s0'] } } } } } } }"},
	{"shop", "{ hosts+: { hv01+: { bridges+: { br0+: { bonds+: { bond0+: { lacp: 'passive' } } } } } } }"},
	{"shop", "{ vms+: { web02:: {}, cache+: { varnish+: { backends+: { web02:: {} } } }, db01+: { mariadb+: { users+: { shop+: { hosts: ['web01'] } } } } } }"},
	{"shop", "{ vms+: { db01+: { mariadb+: { users+: { shop+: { hosts+: ['cache'] } } } } } }"},
	{"shop", "{ vms+: { cache+: { varnish+: { director: 'random' } } } }"},
	{"shop", "{ vms+: { router+: { router+: { staticRoutes:: {} } } } }"},
	{"branch", "{ vms+: { gw01+: { router+: { dhcpServer+: { guests:: {} } } } } }"},
	{"branch", "{ vms+: { gw01+: { router+: { dnsForwarding+: { nameServers: ['1.1.1.1'] } } } } }"},
	{"branch", "{ vms+: { gw01+: { router+: { snmp+: { community: { secret: 'gw01/other' } } } } } }"},
	{"branch", "{ vms+: { gw01+: { router+: { system+: { users+: { bob:: {} } } } } } }"},
	{"shop", "{ vms+: { router+: { graphics+: { type: 'vnc' } } } }"},
}

// TestGolden compares what each edit means with testdata/impacts.txt.
func TestGolden(t *testing.T) {
	var b strings.Builder
	for _, e := range edits {
		fmt.Fprintf(&b, "%s %s\n", e.fixture, e.patch)
		old, new := stack(t, rendertest.Topology(t, e.fixture)), stack(t, rendertest.Variant(t, e.fixture, e.patch))
		for _, i := range impact.Of(old, new) {
			b.WriteString(line(i))
		}
		b.WriteString("\n")
	}
	if *update {
		if err := os.WriteFile("testdata/impacts.txt", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/impacts.txt")
	if err != nil {
		t.Fatal(err)
	}
	got, wanted := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
	for i := range got {
		if i >= len(wanted) || got[i] != wanted[i] {
			t.Fatalf("testdata/impacts.txt differs in line %d; `make golden` rewrites it, read the diff\n got %s\nwant %s",
				i+1, got[i], strings.Join(wanted[min(i, len(wanted)):min(i+1, len(wanted))], ""))
		}
	}
	if len(wanted) > len(got) {
		t.Errorf("testdata/impacts.txt has %d lines, want %d", len(wanted), len(got))
	}
}

func line(i impact.Impact) string {
	prune := ""
	if i.Prune {
		prune = " (prune)"
	}
	s := fmt.Sprintf("  %-8s %-14s %s: %s%s\n           %s\n", i.Class, i.Step, i.Path, i.Change, prune, i.Reason)
	if len(i.Drags) > 0 {
		s += "           drags " + strings.Join(i.Drags, "; ") + "\n"
	}
	return s
}

func stack(t *testing.T, topo *topology.Topology) impact.Stack {
	t.Helper()
	files, err := render.Render(topo)
	if err != nil {
		t.Fatal(err)
	}
	steps, err := render.Steps(topo)
	if err != nil {
		t.Fatal(err)
	}
	return impact.Stack{Topology: topo, Files: files, Steps: steps}
}
