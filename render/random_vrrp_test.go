package render_test

// randomVRRP adds a second router, and addresses that it shares with the first.
func randomVRRP(d dice, s *stack) {
	if !d.newer(s, 3, 100, "vc6.6", "1.1") {
		return
	}
	block(s.document, "vms")["rtr02"] = object{
		"host": "vmm", "memory": "1GiB", "vcpus": 1, "install": object{"cdrom": "vyos"},
		"disks":      object{"vda": object{"size": "10GiB"}},
		"interfaces": object{"eth0": object{"network": "wan", "address": "192.0.2.15"}, "eth1": object{"network": "lan", "address": "10.0.1.2"}},
		"router":     object{"platform": "vyos", "version": s.version},
	}
	groups := block(s.document, "vrrp")
	groups[one(d, "uplink", "A_b-9", "a-name-of-thirty-two-letters-xyz")] = d.group("wan", "192.0.2.16")
	if d.chance(50) {
		groups["z"] = d.group("lan", one(d, "10.0.1.18", "10.0.1.19"))
	}
	if block(s.document, "networks")["six"] != nil {
		block(s.document, "vms", "rtr02", "interfaces")["eth2"] = object{"network": "six", "address": "2001:db8:6::b"}
		groups["six"] = d.group("six", "2001:db8:6::c")
	}
}

// group is an address of a network, which one of the two routers prefers.
func (d dice) group(network, address string) object {
	group := object{
		"network": network, "address": address, "vrid": 1 + d.IntN(255), "preempt": d.chance(50),
		"routers": one(d, []string{"rtr01", "rtr02"}, []string{"rtr02", "rtr01"}),
	}
	if d.chance(50) {
		group["description"] = d.text()
	}
	if d.chance(50) {
		group["advertiseInterval"] = 1 + d.IntN(255)
	}
	return group
}
