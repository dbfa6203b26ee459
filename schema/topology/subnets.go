package topology

import "net/netip"

// HasReserved reports whether the first and last address of a subnet are not
// for machines: a point-to-point subnet (RFC 3021, RFC 6164) and a single
// address have no such.
func HasReserved(p netip.Prefix) bool { return p.Addr().BitLen()-p.Bits() >= 2 }

func FirstHost(p netip.Prefix) netip.Addr {
	if HasReserved(p) {
		return p.Addr().Next()
	}
	return p.Addr()
}

func LastHost(p netip.Prefix) netip.Addr {
	if HasReserved(p) && p.Addr().Is4() {
		return LastAddress(p).Prev()
	}
	return LastAddress(p)
}

// IsIP takes no zone and no IPv4 address in IPv6 clothes: neither is portable.
func IsIP(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Zone() == "" && !a.Is4In6()
}

// IsCIDR takes no host bits: VyOS and MariaDB refuse them.
func IsCIDR(s string) bool {
	p, err := netip.ParsePrefix(s)
	return err == nil && p == p.Masked() && !p.Addr().Is4In6()
}
