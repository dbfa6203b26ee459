package topology

import "net/netip"

// Router makes a VM route, translate and filter between its interfaces.
type Router struct {
	Platform      string         `json:"platform"` // vyos or debian
	Version       string         `json:"version,omitempty"`
	NameServers   []netip.Addr   `json:"nameServers,omitempty"`
	StaticRoutes  []StaticRoute  `json:"staticRoutes,omitempty"`
	BGP           *BGP           `json:"bgp,omitempty"`
	OSPF          *OSPF          `json:"ospf,omitempty"`
	RouterAdverts []RouterAdvert `json:"routerAdvert,omitempty"`
	Shapers       []Shaper       `json:"shapers,omitempty"`
	DHCPServers   []DHCPServer   `json:"dhcpServer,omitempty"`
	DNSForwarding *DNSForwarding `json:"dnsForwarding,omitempty"`
	NTP           *NTP           `json:"ntp,omitempty"`
	SSH           *SSHServer     `json:"ssh,omitempty"`
	LLDP          *LLDP          `json:"lldp,omitempty"`
	SNMP          *SNMP          `json:"snmp,omitempty"`
	System        System         `json:"system,omitzero"`
	NAT           NAT            `json:"nat"`
	Firewall      Firewall       `json:"firewall"`
	OpenVPN       []OpenVPN      `json:"openvpn,omitempty"`
	WireGuard     []WireGuard    `json:"wireguard,omitempty"`
	IPsec         []IPsec        `json:"ipsec,omitempty"`
	ExtraCommands []string       `json:"extraCommands,omitempty"`
}

// OldVPN reports whether the router's OpenVPN is older than 2.4: it negotiates
// no ciphers, knows no elliptic curves and speaks TLS 1.0.
func (r *Router) OldVPN() bool { return r.Version == "vc6.6" || r.Version == "1.1" }

// OpenVPN is an OpenVPN instance; its name is the interface, such as vtun0.
type OpenVPN struct {
	Name          string       `json:"name"`
	Description   string       `json:"description,omitempty"`
	Mode          string       `json:"mode"` // server, client or site-to-site
	Protocol      string       `json:"protocol"`
	Port          int          `json:"port"`
	Remote        string       `json:"remote,omitempty"` // what clients, or we, connect to; empty of a server: the router's outside address
	Subnet        netip.Prefix `json:"subnet,omitzero"`  // of a server
	Role          string       `json:"role,omitempty"`   // of two ends: active or passive
	LocalAddress  netip.Addr   `json:"localAddress,omitzero"`
	RemoteAddress netip.Addr   `json:"remoteAddress,omitzero"`
	Topology      string       `json:"topology"`
	PushRoutes    []Target     `json:"pushRoutes,omitempty"`
	NameServers   []netip.Addr `json:"nameServers,omitempty"`
	Mssfix        bool         `json:"mssfix"`
	TunMTU        int          `json:"tunMtu,omitempty"` // bytes; 0: OpenVPN's default
	Compression   string       `json:"compression"`
	Ciphers       []string     `json:"ciphers"`
	Hash          string       `json:"hash"`
	TLS           TLS          `json:"tls"`
	Clients       []VPNClient  `json:"clients,omitempty"`
}

// TLS names the secrets of a TLS endpoint. DH is empty for elliptic curve only.
type TLS struct {
	CA   Secret `json:"ca"`
	Cert Secret `json:"cert"`
	Key  Secret `json:"key"`
	DH   Secret `json:"dh,omitempty"`
}

// VPNClient is a client of an OpenVPN server; its name is its certificate's
// common name.
type VPNClient struct {
	Name        string     `json:"name"`
	Description string     `json:"description,omitempty"`
	Address     netip.Addr `json:"address,omitzero"` // fixed address in the tunnel; zero: from the pool
}
