package validate

import (
	"net/netip"
	"strings"

	"stackgen/schema/internal/pattern"
	"stackgen/schema/topology"
)

// Formats are the string formats that our schema asserts. A format that JSON
// Schema defines but that is looser than ours is not among them.
func Formats() map[string]func(any) bool {
	return map[string]func(any) bool{
		"ip":              onText(topology.IsIP),
		"ipv4":            onText(func(s string) bool { a, err := netip.ParseAddr(s); return err == nil && a.Is4() }),
		"cidr":            onText(topology.IsCIDR),
		"host-cidr":       onText(isHostCIDR),
		"ip-or-cidr":      onText(func(s string) bool { return topology.IsIP(s) || topology.IsCIDR(s) }),
		"network-or-cidr": onText(func(s string) bool { return topology.IsCIDR(s) || networkName().MatchString(s) }),
		"translation":     onText(func(s string) bool { return s == "masquerade" || isRange(s) }),
		"vm-or-range":     onText(func(s string) bool { return vmName().MatchString(s) || isRange(s) }),
		"size":            onText(func(s string) bool { _, err := topology.ParseSize(s); return err == nil }),
		"duration":        onText(func(s string) bool { _, err := topology.ParseDuration(s); return err == nil }),
		"ports":           onText(func(s string) bool { _, err := topology.ParsePorts(s); return err == nil }),
		"path":            onText(isPath),
		"folder":          onText(func(s string) bool { return isPath(strings.TrimSuffix(s, "/")) }),
		"listen":          onText(func(s string) bool { _, err := topology.ParseListen(s); return err == nil }),
		"server":          onText(isServer),
		"host":            onText(func(s string) bool { return isServer(strings.ToLower(s)) }), // letters of both cases
	}
}

// networkName is the pattern of $defs/name in the schema.
var networkName = pattern.Lazy(`^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$`)

// vmName is the pattern of $defs/machineName in the schema.
var vmName = pattern.Lazy(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// dnsName is the pattern of $defs/domainName in the schema.
var dnsName = pattern.Lazy(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$`)

// allDigits matches what ends like an IPv4 address: that is no name (RFC 3696,
// section 2).
var allDigits = pattern.Lazy(`(^|\.)[0-9]+$`)

// onText lets values of another type pass: a format speaks of strings only.
func onText(ok func(string) bool) func(any) bool {
	return func(v any) bool {
		s, isText := v.(string)
		return !isText || ok(s)
	}
}

// isServer takes what a resolver can find, or need not look for.
func isServer(s string) bool {
	return topology.IsIP(s) || dnsName().MatchString(s) && !allDigits().MatchString(s)
}

// isRange takes an address, or two of them with a hyphen.
func isRange(s string) bool {
	r, err := topology.ParseAddrRange(s)
	return err == nil && !r.First.Is4In6() && !r.Last.Is4In6()
}

// isHostCIDR takes the address of a machine with its prefix length, and no
// subnet: VyOS refuses the network's own address.
func isHostCIDR(s string) bool {
	p, err := netip.ParsePrefix(s)
	return err == nil && !p.Addr().Is4In6() && (p.IsSingleIP() || !topology.HasReserved(p) || p != p.Masked())
}

func isPath(s string) bool {
	if !strings.HasPrefix(s, "/") || len(s) > 1024 {
		return false
	}
	for part := range strings.SplitSeq(s[1:], "/") {
		if part == "" || part == "." || part == ".." || strings.Trim(part, pathCharacters) != "" {
			return false
		}
	}
	return true
}

// pathCharacters mean nothing to any shell, configuration file or SQL.
const pathCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@+:-"

// masked is a subnet without its host bits, or "".
func masked(s string) string {
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return ""
	}
	return p.Masked().String()
}
