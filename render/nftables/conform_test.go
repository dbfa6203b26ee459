package nftables

import (
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
)

// everything is a router that uses each kind of rule.
const everything = `
  nat: {
    source: { '10': { source: 'lan', outboundInterface: 'eth0', translation: 'masquerade' },
              '20': { source: '10.9.0.0/16', outboundInterface: 'eth0', translation: '46.4.71.78-46.4.71.80', log: true },
              '30': { source: 'lan', destination: { vm: 'web01', port: 80 }, protocol: 'tcp_udp', outboundInterface: 'eth1', exclude: true } },
    static: { '5': { inboundInterface: 'eth0', address: '46.4.71.79', translation: { vm: 'web01' }, log: true } },
    destination: {
      '10': { inboundInterface: 'eth0', protocol: 'tcp', port: '80,443', translation: { vm: 'lb01' } },
      '20': { inboundInterface: 'eth0', protocol: 'tcp_udp', port: 53, translation: { vm: 'lb01', port: 5353 } },
      '30': { inboundInterface: 'eth0', protocol: 'udp', port: '7000-7010', translation: { vm: 'db01', port: 8000 } },
      '40': { inboundInterface: 'eth0', protocol: 'tcp', translation: { vm: 'web01' } },
      '50': { inboundInterface: 'eth0', port: 8443, hairpin: true, source: { address: '0.0.0.0/0', port: '1024-65535' }, translation: { vm: 'lb01' }, log: true },
      '60': { inboundInterface: 'eth0', protocol: 'all', address: '46.4.71.80', exclude: true },
    },
  },
  firewall+: {
    statePolicy: { established: 'accept', related: 'accept', invalid: 'drop' },
    groups: {
      address: { webs: { description: 'a } ;', addresses: ['web01', 'lb01', '10.0.1.3-10.0.1.9'] }, six: { addresses: ['2001:db8::1'] } },
      network: { nets: { networks: ['lan', '10.0.0.0/8'] } },
      port: { web: { ports: '80,443,8000-8010' } },
      interface: { all: { interfaces: ['eth0', 'eth1'] } },
    },
    rulesets: {
      'z-common': { defaultAction: 'return', rules: { '10': { action: 'return', protocol: 'esp' }, '20': { action: 'jump', jumpTarget: 'common' } } },
      'common': { defaultAction: 'drop', rules: { '10': { action: 'accept', protocol: 'tcp_udp', limit: { rate: '10/minute', burst: 3 }, log: true, source: { addressGroup: 'webs', not: true }, destination: { networkGroup: 'nets', portGroup: 'web' } } } },
      'six': { family: 'ipv6', defaultAction: 'reject', attach: [{ interfaceGroup: 'all', direction: 'in' }], rules: {
        '10': { action: 'accept', protocol: 'ipv6-icmp' }, '20': { action: 'accept', protocol: 'udp', source: { addressGroup: 'six' }, destination: { portGroup: 'web' } },
        '30': { action: 'drop', source: { address: '2001:db8:1::/48', not: true } },
      } },
      'drop': { defaultAction: 'drop', defaultLog: true, attach: [{ interface: 'eth0', direction: 'in' }, { interface: 'eth1', direction: 'in' }], rules: {
        '10': { action: 'accept', protocol: 'tcp', destination: { vm: 'lb01', port: '80,8000-8010' }, log: true },
        '20': { action: 'reject', protocol: 'tcp_udp', source: { port: 53 } },
        '30': { action: 'accept', protocol: 'icmp', state: ['new', 'related'], description: 'a } and ; more' },
        '40': { action: 'jump', jumpTarget: 'z-common', protocol: 'tcp' },
        '50': { action: 'accept', protocol: 'esp' }, '51': { action: 'accept', protocol: 'ah' }, '52': { action: 'accept', protocol: 'gre' },
        '60': { action: 'accept', protocol: 'all', source: { network: 'lan' } },
      } },
      '1.x_y-z': { defaultAction: 'reject', attach: [{ interface: 'eth1', direction: 'out' }] },
      'local': { defaultAction: 'accept', attach: [{ interface: 'eth0', direction: 'local' }] },
    },
  },`

// TestRulesetConforms shows the ruleset to nft in a network namespace of its
// own, and then a broken twin.
func TestRulesetConforms(t *testing.T) {
	rendertest.Need(t, "nft", "unshare")
	for name, patch := range map[string]string{"the reference stack": "", "everything": everything, "zones": zoned} {
		t.Run(name, func(t *testing.T) {
			good := text(t, router(t, patch))
			// Twice: the second time the tables are there and are replaced.
			file := rendertest.Write(t, "nftables.conf", good)
			if out, ok := rendertest.Run(t, "unshare", "--net", "sh", "-c", "nft -f "+file+" && nft -f "+file+" && nft list ruleset | grep -c 'table ip6* stackgen'"); !ok || out != "3\n" {
				t.Errorf("nft: %s", out)
			}
			broken := rendertest.Write(t, "broken.conf", strings.Replace(good, "masquerade", "maskerade", 1))
			if out, ok := rendertest.Run(t, "unshare", "--net", "nft", "--check", "--file", broken); ok {
				t.Errorf("nft accepts a broken ruleset: %s", out)
			}
		})
	}
}
