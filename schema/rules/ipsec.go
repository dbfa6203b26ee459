package rules

// joined lays an IPsec peer over the reference stack. The firewall lets it in,
// and source NAT leaves it alone.
func joined(more string) string {
	return `{ vms+: { rtr01+: { router+: {
  ipsec: { berlin: { remoteAddress: '203.0.113.1', presharedKey: { secret: 'vpn/berlin' }, tunnels: { '1': { localPrefix: 'lan', remotePrefix: '10.2.0.0/16' } } } },
  nat+: { source+: { '5': { source: 'lan', outboundInterface: 'eth0', destination: { address: '10.2.0.0/16' }, exclude: true } } },
  firewall+: { rulesets+: { 'wan-local'+: { rules+: {
    '40': { action: 'accept', protocol: 'udp', destination: { port: '500,4500' } },
    '41': { action: 'accept', protocol: 'esp' },
  } } } },
} } } } + ` + more
}

// onPeer changes the peer of joined.
func onPeer(change string) string {
	return joined("{ vms+: { rtr01+: { router+: { ipsec+: { berlin+: " + change + " } } } } }")
}

// inOld changes the peer on a release of VyOS.
func inOld(version, change string) string {
	return onPeer(change) + " + { vms+: { rtr01+: { router+: { version: '" + version + "', openvpn:: null } } } }"
}

// ipsec are the rules about IPsec.
func ipsec() []Rule {
	const oldest = "ike: { keyExchange: 'ikev1', hash: 'sha1' }, esp: { hash: 'sha1' }"
	return []Rule{{
		Name:   "ipsec/local-address",
		What:   "a peer that is to be reached from an address that the router does not have",
		Why:    "no packet leaves from there",
		Breaks: onPeer("{ localAddress: '46.4.71.78' }"),
		Passes: onPeer("{ localAddress: '46.4.71.77' }"),
		Fix:    "write the address of an interface, or leave it out",
		Source: "swanctl.conf(5), local_addrs",
		Firm:   true,
	}, {
		Name:   "ipsec/other-end",
		What:   "two ends of IPsec in one topology that do not say the same: keys, secret, networks",
		Why:    "they agree on no keys, and the tunnel never comes up",
		Breaks: "{ networks+: { dmz: { bridge: 'sw-lan', vlan: 9, subnet: '10.0.9.0/24', gateway: '10.0.9.1' } }, vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-local'+: { rules+: { '30': { action: 'accept', protocol: 'udp', destination: { port: '500,4500' } }, '40': { action: 'accept', protocol: 'esp' } } } } }, nat+: { source+: { '5': { source: 'lan', outboundInterface: 'eth0', destination: { address: '10.0.9.0/24' }, exclude: true } } }, ipsec: { b: { remoteAddress: '46.4.71.78', presharedKey: { secret: 'ab' }, tunnels: { '1': { localPrefix: 'lan', remotePrefix: '10.0.9.0/24' } } } } } }, rtr02: super.rtr01 { interfaces: { eth0: { network: 'public', address: '46.4.71.78' }, eth1: { network: 'dmz', address: '10.0.9.1' } }, router: { platform: 'vyos', firewall: { statePolicy: { established: 'accept', related: 'accept' }, rulesets: { 'wan-local': { attach: [{ interface: 'eth0', direction: 'local' }], rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: '22,179' } }, '20': { action: 'accept', protocol: 'udp', destination: { port: '500,4500,1195' } }, '30': { action: 'accept', protocol: 'esp' }, '40': { action: 'accept', protocol: 'ospf' } } } } }, ipsec: { a: { remoteAddress: '46.4.71.77', presharedKey: { secret: 'ab' }, ike: { dhGroup: 19 }, tunnels: { '1': { localPrefix: 'dmz', remotePrefix: '10.0.1.0/24' } } } } } } } }",
		Passes: "{ networks+: { dmz: { bridge: 'sw-lan', vlan: 9, subnet: '10.0.9.0/24', gateway: '10.0.9.1' } }, vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-local'+: { rules+: { '30': { action: 'accept', protocol: 'udp', destination: { port: '500,4500' } }, '40': { action: 'accept', protocol: 'esp' } } } } }, nat+: { source+: { '5': { source: 'lan', outboundInterface: 'eth0', destination: { address: '10.0.9.0/24' }, exclude: true } } }, ipsec: { b: { remoteAddress: '46.4.71.78', presharedKey: { secret: 'ab' }, tunnels: { '1': { localPrefix: 'lan', remotePrefix: '10.0.9.0/24' } } } } } }, rtr02: super.rtr01 { interfaces: { eth0: { network: 'public', address: '46.4.71.78' }, eth1: { network: 'dmz', address: '10.0.9.1' } }, router: { platform: 'vyos', firewall: { statePolicy: { established: 'accept', related: 'accept' }, rulesets: { 'wan-local': { attach: [{ interface: 'eth0', direction: 'local' }], rules: { '10': { action: 'accept', protocol: 'tcp', destination: { port: '22,179' } }, '20': { action: 'accept', protocol: 'udp', destination: { port: '500,4500,1195' } }, '30': { action: 'accept', protocol: 'esp' }, '40': { action: 'accept', protocol: 'ospf' } } } } }, ipsec: { a: { remoteAddress: '46.4.71.77', presharedKey: { secret: 'ab' }, tunnels: { '1': { localPrefix: 'dmz', remotePrefix: '10.0.1.0/24' } } } } } } } }",
		Fix:    "write the same at both",
		Source: "RFC 7296, section 2.7",
	}, {
		Name:   "ipsec/remote-address",
		What:   "a peer at an address of the router itself",
		Why:    "it would talk to itself",
		Breaks: onPeer("{ remoteAddress: '46.4.71.77' }"),
		Passes: onPeer("{ remoteAddress: '46.4.71.79' }"),
		Fix:    "write the address of the other end",
		Source: "swanctl.conf(5), remote_addrs",
	}, {
		Name:   "ipsec/same-peer",
		What:   "two peers at one address",
		Why:    "their keys are looked up by it, and VyOS before 1.4 names peers by it",
		Breaks: joined("{ vms+: { rtr01+: { router+: { ipsec+: { mitte: { remoteAddress: '203.0.113.1', presharedKey: { secret: 'vpn/mitte' }, tunnels: { '1': { localPrefix: 'lan', remotePrefix: '10.3.0.0/16' } } } }, nat+: { source:: null } } } } }"),
		Passes: joined("{ vms+: { rtr01+: { router+: { ipsec+: { mitte: { remoteAddress: '203.0.113.2', presharedKey: { secret: 'vpn/mitte' }, tunnels: { '1': { localPrefix: 'lan', remotePrefix: '10.3.0.0/16' } } } }, nat+: { source:: null } } } } }"),
		Fix:    "write all networks as tunnels of one peer",
		Source: "VyOS, vpn ipsec site-to-site peer",
		Firm:   true,
	}, {
		Name:   "ipsec/same-secret",
		What:   "one shared key of two peers",
		Why:    "each can pass for the other",
		Breaks: joined("{ vms+: { rtr01+: { router+: { ipsec+: { mitte: { remoteAddress: '203.0.113.2', presharedKey: { secret: 'vpn/berlin' }, tunnels: { '1': { localPrefix: 'lan', remotePrefix: '10.3.0.0/16' } } } }, nat+: { source:: null } } } } }"),
		Passes: joined("{ vms+: { rtr01+: { router+: { ipsec+: { mitte: { remoteAddress: '203.0.113.2', presharedKey: { secret: 'vpn/mitte' }, tunnels: { '1': { localPrefix: 'lan', remotePrefix: '10.3.0.0/16' } } } }, nat+: { source:: null } } } } }"),
		Fix:    "name a secret of its own for each",
		Source: "RFC 7296, section 2.15",
	}, {
		Name:   "ipsec/lifetime",
		What:   "a lifetime of keys that is not between half a minute and a day",
		Why:    "VyOS refuses it",
		Breaks: onPeer("{ ike: { lifetime: '25h' } }"),
		Passes: onPeer("{ ike: { lifetime: '24h' } }"),
		Fix:    "write '8h' for ike, '1h' for esp",
		Source: "VyOS, vpn ipsec ike-group lifetime",
		Firm:   true,
	}, {
		Name:   "ipsec/own-network",
		What:   "a tunnel to a network that the router is on itself",
		Why:    "its packets would go into the tunnel",
		Breaks: onPeer("{ tunnels: { '1': { localPrefix: 'lan', remotePrefix: '10.0.0.0/16' } } }"),
		Passes: onPeer("{ tunnels: { '1': { localPrefix: 'lan', remotePrefix: '10.2.0.0/16' } } }"),
		Fix:    "write the network behind the peer",
		Source: "swanctl.conf(5), remote_ts",
	}, {
		Name:   "ipsec/tunnel-twice",
		What:   "two networks that two tunnels join",
		Why:    "one of the tunnels has all the packets",
		Breaks: onPeer("{ tunnels+: { '2': { localPrefix: '10.0.1.0/24', remotePrefix: '10.2.0.0/16' } } }"),
		Passes: onPeer("{ tunnels+: { '2': { localPrefix: '10.0.4.0/24', remotePrefix: '10.2.0.0/16' } } }"),
		Fix:    "remove one of them",
		Source: "RFC 4301, section 4.4.1",
	}, {
		Name:   "ipsec/blocked",
		What:   "a peer that the firewall does not let in",
		Why:    "the two ends never agree on keys, or no packet of theirs arrives",
		Breaks: joined("{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-local'+: { rules+: { '41':: null } } } } } } } }"),
		Passes: joined("{ vms+: { rtr01+: { router+: { firewall+: { rulesets+: { 'wan-local'+: { rules+: { '41'+: { source: { address: '203.0.113.1' } } } } } } } } } }"),
		Fix:    "accept udp ports 500 and 4500, and protocol esp, in the ruleset with direction: 'local'",
		Source: "RFC 7296, section 2; RFC 4303",
	}, {
		Name:   "ipsec/translated",
		What:   "source NAT that changes packets before they come to the tunnel",
		Why:    "they are no longer from the network that the tunnel is for, and leave unprotected",
		Breaks: joined("{ vms+: { rtr01+: { router+: { nat+: { source+: { '5':: null } } } } } }"),
		Passes: joined("{ vms+: { rtr01+: { router+: { nat+: { source+: { '5'+: { destination: { address: '10.0.0.0/8' } } } } } } } }"),
		Fix:    "exclude them in a rule with a lower number",
		Source: "VyOS, nat source rule exclude",
	}, {
		Name:   "vyos/unsupported-ikev2",
		What:   "IKEv2 on a release that has the first version only",
		Why:    "there is nothing to write it to",
		Breaks: inOld("vc6.6", "{ ike: { hash: 'sha1' }, esp: { hash: 'sha1' } }"),
		Passes: inOld("vc6.6", "{ "+oldest+" }"),
		Fix:    "write a newer version, or keyExchange: 'ikev1'",
		Source: "Vyatta, vpn ipsec ike-group",
		Firm:   true,
	}, {
		Name:   "vyos/unsupported-ipsec-hash",
		What:   "a digest of IPsec that the release does not know",
		Why:    "it refuses the whole commit",
		Breaks: inOld("vc6.6", "{ ike: { keyExchange: 'ikev1', hash: 'sha1' } }"),
		Passes: inOld("vc6.6", "{ "+oldest+" }"),
		Fix:    "write a newer version, or hash: 'sha1'",
		Source: "Vyatta, vpn ipsec esp-group proposal hash",
		Firm:   true,
	}, {
		Name:   "vyos/unsupported-ipsec-cipher",
		What:   "a cipher of IPsec that the release does not know",
		Why:    "it refuses the whole commit",
		Breaks: inOld("1.1", "{ esp: { encryption: 'aes256gcm128' } }"),
		Passes: inOld("1.3", "{ esp: { encryption: 'aes256gcm128' } }"),
		Fix:    "write a newer version, or another cipher",
		Source: "VyOS 1.3, vpn ipsec esp-group proposal encryption",
		Firm:   true,
	}}
}
