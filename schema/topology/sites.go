package topology

import (
	"fmt"
	"net/netip"
	"strings"
)

// ParseListen reads an address with a port. The unspecified address is left to a
// port alone, which says the same.
func ParseListen(s string) (netip.AddrPort, error) {
	at, err := netip.ParseAddrPort(s)
	if err == nil && (at.Port() == 0 || at.Addr().IsUnspecified() || at.Addr().Is4In6() || at.Addr().Zone() != "") {
		err = fmt.Errorf("%q is not an address of a machine with a port", s)
	}
	return at, err
}

// HostOf is a name that a visitor can ask for among those that a server name
// stands for; empty where it has a wildcard, or is none.
func HostOf(serverName string) string {
	if name, dotted := strings.CutPrefix(serverName, "."); dotted {
		return name
	}
	if serverName == "_" || strings.Contains(serverName, "*") {
		return ""
	}
	return serverName
}

// Names are all names that a site answers to.
func (s Site) Names() []string { return append([]string{s.ServerName}, s.Aliases...) }

// Answers says how well the names of a site fit that of a request; 0 is not at all.
// nginx takes a name before a wildcard, one at the beginning before one at the end,
// and of two the longer (ngx_http_core_module, server_name).
func (s Site) Answers(host string) (rank int) {
	for _, name := range s.Names() {
		rank = max(rank, fit(name, host))
	}
	return rank
}

func fit(name, host string) int {
	const atEnd, atStart, whole = 1 << 10, 2 << 10, 3 << 10 // names are shorter than that
	start, end := strings.TrimPrefix(name, "*"), strings.TrimSuffix(name, "*")
	switch {
	case host == "":
		return 0
	case name == host || name == "."+host:
		return whole
	case start[0] == '.' && strings.HasSuffix(host, start):
		return atStart + len(start)
	case end != name && strings.HasPrefix(host, end):
		return atEnd + len(end)
	}
	return 0
}
