package vyos

import (
	"slices"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// services is a patch of the router block: DHCP and DNS for the inside network.
const services = "{ dhcpServer: { lan: { ranges: { pool: { start: '10.0.1.100', stop: '10.0.1.199' } }, staticMappings: { printer: { mac: '00:1b:a9:10:20:30', address: '10.0.1.20' } } } }," +
	" dnsForwarding: { networks: ['lan'] } }"

// TestDHCPInEveryRelease reads across what the releases say differently.
func TestDHCPInEveryRelease(t *testing.T) {
	const subnet = "set service dhcp-server shared-network-name lan subnet 10.0.1.0/24 "
	old := []string{
		subnet + "start 10.0.1.100 stop '10.0.1.199'",
		subnet + "dns-server '9.9.9.9'",
		subnet + "default-router '10.0.1.1'",
		subnet + "domain-name 'nullzero.me'",
		subnet + "lease '86400'",
		subnet + "static-mapping db01 ip-address '10.0.1.4'",
		subnet + "static-mapping printer mac-address '00:1b:a9:10:20:30'",
	}
	middle := []string{
		subnet + "range pool start '10.0.1.100'",
		subnet + "range pool stop '10.0.1.199'",
		subnet + "name-server '9.9.9.9'",
		subnet + "default-router '10.0.1.1'",
		subnet + "static-mapping printer mac-address '00:1b:a9:10:20:30'",
	}
	kea := []string{
		subnet + "range pool start '10.0.1.100'",
		subnet + "option name-server '9.9.9.9'",
		subnet + "option default-router '10.0.1.1'",
		subnet + "option domain-name 'nullzero.me'",
		subnet + "static-mapping printer mac '00:1b:a9:10:20:30'",
		subnet + "subnet-id '1449164816'",
	}
	for version, want := range map[string][]string{"vc6.6": old, "1.1": old, "1.3": middle, "1.4": middle, "1.5": kea, "rolling": kea} {
		t.Run(version, func(t *testing.T) {
			expect(t, servicesIn(t, version, services), want)
		})
	}
}

func TestDNSInEveryRelease(t *testing.T) {
	const forwarding = "set service dns forwarding "
	hosts := []string{
		"set system static-host-mapping host-name web01.nullzero.me inet '10.0.1.3'",
		"set system static-host-mapping host-name web01.nullzero.me alias 'web01'",
		"set system static-host-mapping host-name rtr01.nullzero.me inet '10.0.1.1'",
	}
	old := append(hosts, forwarding+"listen-on 'eth1'", forwarding+"name-server '9.9.9.9'", forwarding+"cache-size '10000'")
	for version, want := range map[string][]string{
		"vc6.6": old,
		"1.1":   old,
		"1.3":   append(hosts, forwarding+"listen-address '10.0.1.1'", forwarding+"allow-from '10.0.1.0/24'", forwarding+"name-server '9.9.9.9'"),
		"1.4":   append(hosts, forwarding+"listen-address '10.0.1.1'", forwarding+"allow-from '10.0.1.0/24'", forwarding+"name-server 9.9.9.9"),
	} {
		t.Run(version, func(t *testing.T) { expect(t, servicesIn(t, version, services), want) })
	}
}

// TestZone: a forwarder that is alone for the domain has records, and the table
// of hosts is not needed.
func TestZone(t *testing.T) {
	got := servicesIn(t, "1.4", services+" + { dnsForwarding+: { authoritative: true } }")
	expect(t, got, []string{"set service dns forwarding authoritative-domain nullzero.me records a web01 address '10.0.1.3'"})
	if slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, "static-host-mapping") }) {
		t.Errorf("a host mapping in\n%s", strings.Join(got, "\n"))
	}
}

// servicesIn are the commands of the reference router with more in its block.
func servicesIn(t *testing.T, version, patch string) []string {
	t.Helper()
	topo := rendertest.Variant(t, "nullzero", "{ vms+: { rtr01+: { router+: { version: '"+version+"' } + "+patch+" } } }")
	for _, d := range Check(topo) {
		if d.Rule != "vyos/old-tls" && !strings.HasPrefix(d.Rule, "vyos/unsupported-c") {
			t.Errorf("%s: %s (%s)", d.Path, d.Message, d.Rule)
		}
	}
	return linesIn(t, topo)
}

// expect wants lines among others.
func expect(t *testing.T, got, want []string) {
	t.Helper()
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("missing %q in\n%s", w, strings.Join(got, "\n"))
		}
	}
}
