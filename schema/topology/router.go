package topology

import "net/netip"

// Router makes a VM route, translate and filter between its interfaces.
type Router struct {
	Platform      string        `json:"platform"` // vyos or debian
	Version       string        `json:"version,omitempty"`
	NameServers   []netip.Addr  `json:"nameServers,omitempty"`
	StaticRoutes  []StaticRoute `json:"staticRoutes,omitempty"`
	NAT           NAT           `json:"nat"`
	Firewall      Firewall      `json:"firewall"`
	OpenVPN       []OpenVPN     `json:"openvpn,omitempty"`
	ExtraCommands []string      `json:"extraCommands,omitempty"`
}

// OldVPN reports whether the router's OpenVPN is older than 2.4: it negotiates
// no ciphers, knows no elliptic curves and speaks TLS 1.0.
func (r *Router) OldVPN() bool { return r.Version == "vc6.6" || r.Version == "1.1" }

// StaticRoute sends a prefix to a next hop.
type StaticRoute struct {
	Prefix  netip.Prefix `json:"prefix"`
	NextHop netip.Addr   `json:"nextHop"`
}

// NAT is address translation, rules in order of their numbers.
type NAT struct {
	Source      []SourceNAT      `json:"source,omitempty"`
	Destination []DestinationNAT `json:"destination,omitempty"`
}

// SourceNAT rewrites the source of what leaves through an interface.
type SourceNAT struct {
	Number            int        `json:"number"`
	Description       string     `json:"description,omitempty"`
	Source            Target     `json:"source"`
	OutboundInterface string     `json:"outboundInterface"`
	Masquerade        bool       `json:"masquerade"`
	Translation       netip.Addr `json:"translation,omitzero"` // when not Masquerade
}

// DestinationNAT rewrites the destination of what enters through an interface.
type DestinationNAT struct {
	Number           int        `json:"number"`
	Description      string     `json:"description,omitempty"`
	InboundInterface string     `json:"inboundInterface"`
	Protocol         string     `json:"protocol"`
	Address          netip.Addr `json:"address,omitzero"` // zero: the inbound interface's own
	Port             Ports      `json:"port,omitempty"`
	Translation      Target     `json:"translation"`
}

// Firewall filters with named rulesets attached to interfaces. The words are
// those of VyOS: "in" and "out" see forwarded packets entering or leaving the
// interface, after destination NAT; "local" sees packets for the router itself.
type Firewall struct {
	AllPing     bool        `json:"allPing"`
	StatePolicy StatePolicy `json:"statePolicy"`
	Rulesets    []Ruleset   `json:"rulesets,omitempty"`
}

// StatePolicy is evaluated before all rules. Each is an action or empty.
type StatePolicy struct {
	Established string `json:"established,omitempty"`
	Related     string `json:"related,omitempty"`
	Invalid     string `json:"invalid,omitempty"`
}

// Ruleset is an ordered list of rules with an action for the rest.
type Ruleset struct {
	Name          string       `json:"name"`
	Description   string       `json:"description,omitempty"`
	DefaultAction string       `json:"defaultAction"` // accept, drop or reject
	DefaultLog    bool         `json:"defaultLog,omitempty"`
	Attach        []Attachment `json:"attach,omitempty"`
	Rules         []Rule       `json:"rules,omitempty"`
}

// Attachment binds a ruleset to a direction of an interface.
type Attachment struct {
	Interface string `json:"interface"`
	Direction string `json:"direction"` // in, out or local
}

// Rule matches packets and decides.
type Rule struct {
	Number      int      `json:"number"`
	Description string   `json:"description,omitempty"`
	Action      string   `json:"action"`             // accept, drop or reject
	Protocol    string   `json:"protocol,omitempty"` // empty: any
	Source      Target   `json:"source,omitzero"`
	Destination Target   `json:"destination,omitzero"`
	State       []string `json:"state,omitempty"`
	Log         bool     `json:"log,omitempty"`
}

// OpenVPN is an OpenVPN instance; its name is the interface, such as vtun0.
type OpenVPN struct {
	Name        string       `json:"name"`
	Description string       `json:"description,omitempty"`
	Mode        string       `json:"mode"` // server
	Protocol    string       `json:"protocol"`
	Port        int          `json:"port"`
	Remote      string       `json:"remote,omitempty"` // what clients connect to; empty: the router's outside address
	Subnet      netip.Prefix `json:"subnet"`
	Topology    string       `json:"topology"`
	PushRoutes  []Target     `json:"pushRoutes,omitempty"`
	NameServers []netip.Addr `json:"nameServers,omitempty"`
	Mssfix      bool         `json:"mssfix"`
	TunMTU      int          `json:"tunMtu,omitempty"` // bytes; 0: OpenVPN's default
	Compression string       `json:"compression"`
	Ciphers     []string     `json:"ciphers"`
	Hash        string       `json:"hash"`
	TLS         TLS          `json:"tls"`
	Clients     []VPNClient  `json:"clients,omitempty"`
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
