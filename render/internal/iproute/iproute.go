// Package iproute writes what a topology says in the words of ip(8), for the
// renderers of Debian machines. It takes values of the model and gives arguments,
// none of which a shell would take for something else.
package iproute

import (
	"net/netip"
	"strconv"

	"stackgen/schema/topology"
)

// Family is the option by which ip(8) looks at the family of an address.
func Family(a netip.Addr) string {
	if a.Is4() {
		return "-4"
	}
	return "-6"
}

// Route is a static route as ip-route(8) adds it.
func Route(r topology.StaticRoute) (words []string) {
	switch {
	case r.Blackhole:
		words = []string{"blackhole", r.Prefix.String()}
	case r.Interface != "":
		words = []string{r.Prefix.String(), "dev", r.Interface}
	default:
		words = []string{r.Prefix.String(), "via", r.NextHop.String()}
	}
	if r.Distance != 0 {
		words = append(words, "metric", strconv.Itoa(r.Distance))
	}
	return words
}
