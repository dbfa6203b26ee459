package topology

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
