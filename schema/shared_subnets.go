package schema

import (
	"net/netip"

	"stackgen/schema/topology"
)

// hasReserved reports whether the first and last address of a subnet are not
// for machines: a point-to-point subnet (RFC 3021, RFC 6164) and a single
// address have no such.
func hasReserved(p netip.Prefix) bool { return p.Addr().BitLen()-p.Bits() >= 2 }

func firstHost(p netip.Prefix) netip.Addr {
	if hasReserved(p) {
		return p.Addr().Next()
	}
	return p.Addr()
}

func lastHost(p netip.Prefix) netip.Addr {
	if hasReserved(p) && p.Addr().Is4() {
		return topology.LastAddress(p).Prev()
	}
	return topology.LastAddress(p)
}

// isIP takes no zone and no IPv4 address in IPv6 clothes: neither is portable.
func isIP(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Zone() == "" && !a.Is4In6()
}

// isCIDR takes no host bits: VyOS and MariaDB refuse them.
func isCIDR(s string) bool {
	p, err := netip.ParsePrefix(s)
	return err == nil && p == p.Masked() && !p.Addr().Is4In6()
}
