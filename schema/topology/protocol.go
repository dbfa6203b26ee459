package topology

import (
	"slices"
	"strconv"
)

// protocolNumbers are the protocols of IP by the names of protocols(5), as Debian's netbase
// has them, with the numbers of IANA. The aliases of firewalls stand beside.
var protocolNumbers = map[string]int{
	"icmp": 1, "igmp": 2, "ipencap": 4, "st": 5, "tcp": 6, "egp": 8, "igp": 9, "pup": 12, "udp": 17, "hmp": 20, "xns-idp": 22,
	"rdp": 27, "iso-tp4": 29, "dccp": 33, "xtp": 36, "ddp": 37, "idpr-cmtp": 38, "ipv6": 41, "ipv6-route": 43, "ipv6-frag": 44,
	"idrp": 45, "rsvp": 46, "gre": 47, "esp": 50, "ah": 51, "skip": 57, "ipv6-icmp": 58, "ipv6-nonxt": 59, "ipv6-opts": 60,
	"rspf": 73, "vmtp": 81, "eigrp": 88, "ospf": 89, "ax.25": 93, "ipip": 94, "etherip": 97, "encap": 98, "pim": 103,
	"ipcomp": 108, "vrrp": 112, "l2tp": 115, "isis": 124, "sctp": 132, "fc": 133, "mobility-header": 135, "udplite": 136,
	"mpls-in-ip": 137, "manet": 138, "hip": 139, "shim6": 140, "wesp": 141, "rohc": 142, "ethernet": 143,
}

// ProtocolNames lists what a rule may call a protocol, sorted.
func ProtocolNames() []string {
	names := []string{"all", "tcp_udp"}
	for name := range protocolNumbers {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// ProtocolNumber is IANA's number of a protocol that is given by name or number: 0 to 255.
func ProtocolNumber(name string) (number int, ok bool) {
	if number, ok = protocolNumbers[name]; ok {
		return number, true
	}
	number, err := strconv.Atoi(name)
	return number, err == nil && number >= 0 && number <= 255
}

// ProtocolName is the name of a protocol that is given by its number, if it has one; what is
// no number of a protocol stays as it is.
func ProtocolName(written string) string {
	number, err := strconv.Atoi(written)
	if err != nil {
		return written
	}
	for name, n := range protocolNumbers {
		if n == number {
			return name
		}
	}
	return written
}

// HasPorts reports whether packets of a protocol carry ports where TCP does (RFC 9293, 768,
// 9260, 4340, 3828).
func HasPorts(protocol string) bool {
	return slices.Contains([]string{"tcp", "udp", "tcp_udp", "sctp", "dccp", "udplite"}, protocol)
}
