package render_test

import (
	"fmt"
	"maps"
	"slices"
)

// randomFirewall adds groups, and rulesets of both families at interfaces.
func randomFirewall(d dice, s *stack) {
	f := block(s.router, "firewall")
	f["allPing"] = d.chance(80)
	f["statePolicy"] = object{"established": "accept", "related": "accept", "invalid": one(d, "drop", "reject", "accept")}
	if d.chance(60) {
		f["groups"] = randomGroups(d, s)
	}
	sets := block(f, "rulesets")
	for i, direction := range some(d, "in", "out", "local") {
		sets[fmt.Sprintf("%s-%d", one(d, "wan", "a.b", "X_y"), i)] = randomRuleset(d, s, "ipv4", direction)
	}
	if d.chance(30) {
		sets["six"] = randomRuleset(d, s, "ipv6", one(d, "in", "out", "local"))
	}
	if old := slices.Contains([]string{"vc6.6", "1.1", "1.3"}, s.version); d.chance(5) || !old && d.chance(60) {
		randomJump(d, s, sets)
	}
	if d.chance(25) {
		randomZones(d, s, f, sets)
	}
}

// randomZones puts the outside, all that is behind the router and perhaps the
// router itself into zones, instead of attaching rulesets.
func randomZones(d dice, s *stack, f, sets object) {
	for _, set := range sets {
		delete(set.(object), "attach")
	}
	inside := slices.Clone(s.interfaces[1:])
	for _, tunnels := range []string{"openvpn", "wireguard"} {
		inside = append(inside, slices.Sorted(maps.Keys(block(s.router, tunnels)))...)
	}
	zones := object{"wan": object{"interfaces": []string{"eth0"}}, "in.side": object{"interfaces": inside, "description": d.text()}}
	if d.chance(50) {
		zones["router"] = object{"local": true}
	}
	f["zones"] = zones
	names := slices.Sorted(maps.Keys(zones))
	for _, to := range names {
		block(zones, to)["defaultAction"] = one(d, "drop", "reject")
		for _, from := range names {
			if way := randomWay(d, sets); from != to && len(way) > 0 {
				block(zones, to, "from")[from] = way
			}
		}
	}
}

// randomWay names rulesets for what comes from one zone into another.
func randomWay(d dice, sets object) object {
	way := object{}
	for _, name := range slices.Sorted(maps.Keys(sets)) {
		switch {
		case !d.chance(50):
		case name == "six":
			way["ipv6Ruleset"] = name
		default:
			way["ruleset"] = name
		}
	}
	return way
}

// randomJump makes some rulesets jump to another one.
func randomJump(d dice, s *stack, sets object) {
	for _, name := range some(d, slices.Sorted(maps.Keys(sets))...) {
		if name != "six" {
			block(sets, name, "rules")["7"] = object{"action": "jump", "jumpTarget": "common"}
		}
	}
	sets["common"] = object{"defaultAction": one(d, "return", "accept", "drop"), "rules": object{
		"10": object{"action": "return", "protocol": one(d, "esp", "icmp")},
		"20": object{"action": one(d, "accept", "accept", "drop"), "protocol": one(d, "tcp", "udp")},
		"30": randomRule(d, s, "ipv4"),
	}}
}

func randomGroups(d dice, s *stack) object {
	low := 20 + d.IntN(100)
	return object{
		"address":   object{"hosts": object{"addresses": []any{one(d, s.vms...), fmt.Sprintf("198.51.100.%d-198.51.100.%d", low, low+d.IntN(100)), d.address()}}},
		"network":   object{"nets": object{"networks": []any{one(d, s.networks...), d.prefix()}, "description": d.text()}},
		"port":      object{"ports": object{"ports": d.ports()}},
		"interface": object{"inside": object{"interfaces": some(d, s.interfaces...)}},
	}
}

func randomRuleset(d dice, s *stack, family, direction string) object {
	set := object{
		"family": family, "defaultAction": one(d, "accept", "drop", "reject"), "defaultLog": d.chance(30),
		"attach": []any{object{"interface": one(d, s.interfaces...), "direction": direction}},
	}
	if block(s.router, "firewall")["groups"] != nil && d.chance(30) {
		set["attach"] = []any{object{"interfaceGroup": "inside", "direction": direction}}
	}
	for i := range d.IntN(5) {
		block(set, "rules")[fmt.Sprint(10*(i+1)+d.IntN(10))] = randomRule(d, s, family)
	}
	return set
}

func randomRule(d dice, s *stack, family string) object {
	rule := object{"action": one(d, "accept", "drop", "reject")}
	icmp := "icmp"
	if family == "ipv6" {
		icmp = "ipv6-icmp"
	}
	protocol := one(d, "", "tcp", "udp", "tcp_udp", "tcp", icmp, "esp", "ah", "gre", "all")
	if protocol != "" {
		rule["protocol"] = protocol
	}
	ports := protocol == "tcp" || protocol == "udp" || protocol == "tcp_udp"
	for _, side := range []string{"source", "destination"} {
		if d.chance(60) {
			rule[side] = randomTarget(d, s, family, ports)
		}
	}
	if d.chance(30) {
		rule["state"] = some(d, "new", "established", "related", "invalid")
	}
	if d.chance(20) {
		rule["limit"] = object{"rate": fmt.Sprintf("%d/%s", 1+d.IntN(100), one(d, "second", "minute", "hour", "day")), "burst": 1 + d.IntN(50)}
	}
	return maybeLogged(d, rule)
}

// randomTarget names addresses of a family, by groups where there are any.
func randomTarget(d dice, s *stack, family string, ports bool) object {
	target := object{}
	grouped := block(s.router, "firewall")["groups"] != nil
	switch kind := d.IntN(6); {
	case family == "ipv6":
		target["address"] = one(d, "2001:db8::1", "2001:db8:1::/48", "fe80::/10")
	case kind == 0:
		target["vm"] = one(d, s.vms...)
	case kind == 1:
		target["network"] = one(d, s.networks...)
	case kind == 2:
		target["address"] = one(d, d.address(), d.prefix())
	case kind == 3 && grouped:
		target["addressGroup"] = "hosts"
	case kind == 4 && grouped:
		target["networkGroup"] = "nets"
	}
	if len(target) > 0 && target["addressGroup"] == nil && target["networkGroup"] == nil {
		target["not"] = d.chance(20)
	}
	switch {
	case ports && grouped && d.chance(30):
		target["portGroup"] = "ports"
	case ports && d.chance(60):
		target["port"] = d.ports()
	}
	return target
}
