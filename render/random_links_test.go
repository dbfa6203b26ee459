package render_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// randomLinks adds shapers, and router advertisements where there is an IPv6
// prefix to tell of.
func randomLinks(d dice, s *stack) {
	for _, name := range some(d, s.interfaces...) {
		shaper := object{"bandwidth": fmt.Sprint(1+d.IntN(one(d, 100, 999999))) + one(d, "kbit", "mbit", "gbit")}
		if d.chance(50) {
			shaper["description"] = d.text()
		}
		block(s.router, "shapers")[name] = shaper
	}
	if !d.newer(s, 3, 70, "vc6.6", "1.1") {
		return
	}
	interfaces := block(s.document, "vms", "rtr01", "interfaces")
	for _, name := range slices.Sorted(maps.Keys(interfaces)) {
		if addresses, _ := interfaces[name].(object)["addresses"].([]string); slices.Contains(s.interfaces, name) && slices.ContainsFunc(addresses, ofSLAAC) {
			block(s.router, "routerAdvert")[name] = d.advert()
		}
	}
}

// ofSLAAC reports whether machines make themselves addresses of a prefix.
func ofSLAAC(address string) bool {
	return strings.Contains(address, ":") && strings.HasSuffix(address, "/64")
}

func (d dice) advert() object {
	advert := object{"managedFlag": d.chance(50), "otherConfigFlag": d.chance(50)}
	if d.chance(50) {
		advert["nameServers"] = some(d, "2001:db8::53", "2620:fe::fe")
	}
	return advert
}
