package rules

// link lays a WireGuard interface with two peers over the reference stack. Its
// port is open.
func link(more string) string {
	return `{ vms+: { rtr01+: { router+: {
  wireguard: { wg0: {
    subnet: '10.9.0.0/24', privateKey: { secret: 'vpn/wg0.key' }, publicKey: 'g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM=',
    peers: {
      alice: { publicKey: 'twI/L6vsEz7LSVnchEQQqbZ5tFXums5X3beZ31yH+mY=', address: '10.9.0.2' },
      branch: { publicKey: '4TwonpNwq2WObKc8TIQPWZsmSdyRbzZSFKKVGhREUEI=', address: '10.9.0.3', allowedIPs: ['10.2.0.0/16'], endpoint: { address: '203.0.113.9' } },
    },
  } },
  firewall+: { rulesets+: { 'wan-local'+: { rules+: { '30': { action: 'accept', protocol: 'udp', destination: { port: 51820 } } } } } },
} } } } + ` + more
}

// onLink changes the WireGuard interface of link.
func onLink(change string) string {
	return link("{ vms+: { rtr01+: { router+: { wireguard+: { wg0+: " + change + " } } } } }")
}

// second is another router, with the key of the peer branch; its own peer has a
// key and more.
func second(key, more string) string {
	return `{ vms+: { rtr02: { host: 'vmm', vcpus: 1, memory: '1GiB', install: { cdrom: 'vyos' }, disks: { vda: { size: '10GiB' } },
  interfaces: { eth0: { network: 'public', address: '46.4.71.78' } },
  router: { platform: 'vyos', wireguard: { wg0: {
    subnet: '10.9.0.0/24', address: '10.9.0.3', privateKey: { secret: 'vpn/rtr02.key' }, publicKey: '4TwonpNwq2WObKc8TIQPWZsmSdyRbzZSFKKVGhREUEI=',
    peers: { centre: { publicKey: '` + key + `', address: '10.9.0.1'` + more + ` } },
  } } },
} } }`
}

// wireGuard are the rules about WireGuard.
func wireGuard() []Rule {
	return []Rule{{
		Name:   "wireguard/name",
		What:   "a WireGuard interface with the name of an interface of the VM",
		Why:    "they would be one device",
		Breaks: link("{ vms+: { rtr01+: { interfaces+: { wg0: { network: 'lan' } } } } }"),
		Passes: link("{ vms+: { rtr01+: { interfaces+: { eth2: { network: 'lan' } } } } }"),
		Fix:    "choose another number",
		Source: "netdevice(7)",
		Firm:   true,
	}, {
		Name:   "wireguard/same-key",
		What:   "one public key at two ends",
		Why:    "to WireGuard a key is a peer: the second replaces the first",
		Breaks: onLink("{ peers+: { alice+: { publicKey: '4TwonpNwq2WObKc8TIQPWZsmSdyRbzZSFKKVGhREUEI=' } } }"),
		Passes: link("{}"),
		Fix:    "make a pair of keys for each end",
		Source: "wg(8)",
		Firm:   true,
	}, {
		Name:   "wireguard/same-secret",
		What:   "one secret in two roles of an interface",
		Why:    "a key that is shared with two peers is known to the wrong one",
		Breaks: onLink("{ peers+: { alice+: { presharedKey: { secret: 'vpn/wg0.key' } } } }"),
		Passes: onLink("{ peers+: { alice+: { presharedKey: { secret: 'vpn/alice.psk' } } } }"),
		Fix:    "name a secret of its own for each",
		Source: "wg(8), PresharedKey",
	}, {
		Name:   "wireguard/allowed-ips",
		What:   "addresses that two peers of an interface are allowed",
		Why:    "packets to them go to one of the peers, and those of the other are dropped",
		Breaks: onLink("{ peers+: { alice+: { allowedIPs: ['10.2.0.0/16'] } } }"),
		Passes: onLink("{ peers+: { alice+: { allowedIPs: ['10.3.0.0/16'] } } }"),
		Fix:    "give each peer subnets of its own",
		Source: "wg(8), AllowedIPs",
	}, {
		Name:   "wireguard/keepalive",
		What:   "a keepalive that is not 1 to 65535 whole seconds",
		Why:    "wg refuses it",
		Breaks: onLink("{ peers+: { alice+: { persistentKeepalive: '500ms' } } }"),
		Passes: onLink("{ peers+: { alice+: { persistentKeepalive: '25s' } } }"),
		Fix:    "write '25s'",
		Source: "wg(8), PersistentKeepalive",
		Firm:   true,
	}, {
		Name:   "wireguard/own-network",
		What:   "a peer that is allowed a part or all of a network that the router is on, and no more",
		Why:    "packets to that network would go into the tunnel",
		Breaks: onLink("{ peers+: { branch+: { allowedIPs: ['10.0.1.0/25'] } } }"),
		Passes: onLink("{ peers+: { branch+: { allowedIPs: ['10.0.0.0/16'] } } }"),
		Fix:    "write the subnets that are behind the peer",
		Source: "wg-quick(8), Table; of two routes the longer one counts",
	}, {
		Name:   "wireguard/no-route",
		What:   "a peer that may have all addresses, and no route into the tunnel",
		Why:    "of 0.0.0.0/0 no route is made, or the peer itself would be looked for in the tunnel: nothing is sent there",
		Breaks: onLink("{ peers+: { branch+: { allowedIPs: ['0.0.0.0/0'] } } }"),
		Passes: onLink("{ peers+: { branch+: { allowedIPs: ['0.0.0.0/0'] } } }") + " + { vms+: { rtr01+: { router+: { staticRoutes: { '10.0.2.0/24': { interface: 'wg0' } } } } } }",
		Fix:    "write the subnets that are behind the peer, or a static route by the interface",
		Source: "wg(8), AllowedIPs",
	}, {
		Name:   "wireguard/remote",
		What:   "a router whose address peers with a profile cannot know",
		Why:    "their profiles would have nothing to connect to",
		Breaks: onLink("{ peers+: { alice+: { profile: {} } } }") + " + { networks+: { public+: { gateway:: null } } }",
		Passes: onLink("{ remote: 'vpn.nullzero.me', peers+: { alice+: { profile: {} } } }") + " + { networks+: { public+: { gateway:: null } }, vms+: { rtr01+: { router+: { openvpn+: { vtun0+: { remote: 'vpn.nullzero.me' } } } } } }",
		Fix:    "add remote: with the name or address of the router",
		Source: "wg(8), Endpoint",
		Firm:   true,
	}, {
		Name:   "wireguard/blocked",
		What:   "an interface whose port the firewall does not let in from outside, though peers connect to it",
		Why:    "no peer gets in",
		Breaks: onLink("{ port: 51821 }"),
		Passes: onLink("{ port: 51821, peers+: { alice:: null } }"),
		Fix:    "accept it in the ruleset with direction: 'local'",
		Source: "VyOS firewall, input filter",
	}, {
		Name:   "wireguard/one-sided",
		What:   "two routers of the topology of which only one has the other as a peer, or that share no key",
		Why:    "the other drops what it does not know",
		Breaks: link(second("aaaL6vsEz7LSVnchEQQqbZ5tFXums5X3beZ31yH+mYY=", "")),
		Passes: link(second("g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM=", "")),
		Fix:    "make each the peer of the other",
		Source: "wg(8), PublicKey",
	}, {
		Name:   "wireguard/other-end",
		What:   "a peer that is a router of the topology and is said to have another address in the tunnel, or another port",
		Why:    "packets to it are dropped, or go to a port where nobody listens",
		Breaks: link(second("g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM=", "") + " + { vms+: { rtr02+: { router+: { wireguard+: { wg0+: { address: '10.9.0.4' } } } } } }"),
		Passes: link(second("g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM=", "")),
		Fix:    "write what the other end says",
		Source: "wg(8), AllowedIPs and Endpoint",
	}, {
		Name:   "wireguard/no-endpoint",
		What:   "two routers of the topology that are peers, neither of which knows where the other is",
		Why:    "neither begins",
		Breaks: link(second("g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM=", "") + " + { vms+: { rtr01+: { router+: { wireguard+: { wg0+: { peers+: { branch+: { endpoint:: null } } } } } } } }"),
		Passes: link(second("g+pOKMppblMa6OL44fSuAud1M6RIAHgL1gd/U3KwwlM=", ", endpoint: { address: '46.4.71.77' }") + " + { vms+: { rtr01+: { router+: { wireguard+: { wg0+: { peers+: { branch+: { endpoint:: null } } } } } } } }"),
		Fix:    "add endpoint: to one of them",
		Source: "wg(8), Endpoint",
	}, {
		Name:   "vyos/unsupported-wireguard",
		What:   "WireGuard on a release that has none",
		Why:    "there is nothing to write it to",
		Breaks: onLink("{}") + " + { vms+: { rtr01+: { router+: { version: '1.1' } } } }",
		Passes: onLink("{}") + " + { vms+: { rtr01+: { router+: { version: '1.3' } } } }",
		Fix:    "write a newer version, or take an OpenVPN tunnel",
		Source: "VyOS 1.3, interfaces wireguard",
		Firm:   true,
	}}
}
