package topology

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// AddrRange is an inclusive range of addresses of one family; a single address
// has First == Last.
type AddrRange struct{ First, Last netip.Addr }

// ParseAddrRange reads "192.0.2.1" or "192.0.2.1-192.0.2.9".
func ParseAddrRange(s string) (AddrRange, error) {
	first, last, isRange := strings.Cut(s, "-")
	if !isRange {
		last = first
	}
	a, errA := netip.ParseAddr(first)
	b, errB := netip.ParseAddr(last)
	if errA != nil || errB != nil || a.Is4() != b.Is4() || b.Less(a) || a.Zone()+b.Zone() != "" {
		return AddrRange{}, fmt.Errorf("%q is not an address or a range such as %q", s, "192.0.2.1-192.0.2.9")
	}
	return AddrRange{a, b}, nil
}

// IsValid reports whether there is an address in the range: the zero value has
// none.
func (r AddrRange) IsValid() bool { return r.First.IsValid() }

// Contains reports whether an address lies in the range.
func (r AddrRange) Contains(a netip.Addr) bool {
	return a.IsValid() && a.Is4() == r.First.Is4() && !a.Less(r.First) && !r.Last.Less(a)
}

// String writes a range as it is written in a topology; no address is "".
func (r AddrRange) String() string {
	switch {
	case !r.IsValid():
		return ""
	case r.First == r.Last:
		return r.First.String()
	}
	return r.First.String() + "-" + r.Last.String()
}

// MarshalText makes a range print as it is written.
func (r AddrRange) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Within reports whether all of a range lies in one of some others.
func (r AddrRange) Within(list []AddrRange) bool {
	return slices.ContainsFunc(list, func(o AddrRange) bool { return o.Contains(r.First) && o.Contains(r.Last) })
}

// Overlaps reports whether two ranges have an address in common.
func (r AddrRange) Overlaps(o AddrRange) bool { return r.Contains(o.First) || o.Contains(r.First) }

// LastAddress is the highest address of a subnet.
func LastAddress(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}
