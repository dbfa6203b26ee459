// Package netmask writes the length of a prefix as the older tools take it.
package netmask

import (
	"encoding/binary"
	"net/netip"
)

// Of is the mask of an IPv4 prefix in dotted decimal: 255.255.255.0 of a /24.
func Of(p netip.Prefix) string {
	var bytes [4]byte
	binary.BigEndian.PutUint32(bytes[:], ^uint32(0)<<(32-p.Bits()))
	return netip.AddrFrom4(bytes).String()
}
