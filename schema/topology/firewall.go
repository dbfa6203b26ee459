package topology

import "slices"

// Firewall filters with named rulesets attached to interfaces. The words are
// those of VyOS: "in" and "out" see forwarded packets entering or leaving the
// interface, after destination NAT; "local" sees packets for the router itself.
type Firewall struct {
	AllPing     bool        `json:"allPing"`
	StatePolicy StatePolicy `json:"statePolicy"`
	Groups      Groups      `json:"groups,omitzero"`
	Rulesets    []Ruleset   `json:"rulesets,omitempty"`
	Zones       []Zone      `json:"zones,omitempty"`
}

// StatePolicy is evaluated before all rules. Each is an action or empty.
type StatePolicy struct {
	Established string `json:"established,omitempty"`
	Related     string `json:"related,omitempty"`
	Invalid     string `json:"invalid,omitempty"`
}

// The families of addresses, as rulesets and groups name them.
const (
	IPv4 = "ipv4"
	IPv6 = "ipv6"
)

// Ruleset is an ordered list of rules with an action for the rest.
type Ruleset struct {
	Name          string       `json:"name"`
	Description   string       `json:"description,omitempty"`
	Family        string       `json:"family"`        // of the packets that it sees
	DefaultAction string       `json:"defaultAction"` // accept, drop, reject or return
	DefaultLog    bool         `json:"defaultLog,omitempty"`
	Attach        []Attachment `json:"attach,omitempty"`
	Rules         []Rule       `json:"rules,omitempty"`
}

// Attachment binds a ruleset to a direction of an interface, or of each of a
// group.
type Attachment struct {
	Interface      string `json:"interface,omitempty"`
	InterfaceGroup string `json:"interfaceGroup,omitempty"`
	Direction      string `json:"direction"` // in, out or local
}

// Rule matches packets and decides.
type Rule struct {
	Number      int      `json:"number"`
	Description string   `json:"description,omitempty"`
	Action      string   `json:"action"`               // accept, drop, reject, jump or return
	JumpTarget  string   `json:"jumpTarget,omitempty"` // the ruleset to ask, with jump
	Protocol    string   `json:"protocol,omitempty"`   // empty: any
	Source      Target   `json:"source,omitzero"`
	Destination Target   `json:"destination,omitzero"`
	State       []string `json:"state,omitempty"`
	Limit       Limit    `json:"limit,omitzero"`
	Log         bool     `json:"log,omitempty"`
}

// Limit is how often a rule matches at most; what is more goes on to the next.
// The zero value is no limit.
type Limit struct {
	Rate  string `json:"rate"`            // such as 10/minute
	Burst int    `json:"burst,omitempty"` // 0: the router's default
}

// Hooks are the places of a ruleset, interfaces of groups by their names. The
// index is that of the attachment.
func (f *Firewall) Hooks(set *Ruleset) (hooks []Hook) {
	for i, a := range set.Attach {
		if a.InterfaceGroup == "" {
			hooks = append(hooks, Hook{a.Interface, a.Direction, set.Family, i})
			continue
		}
		if g := f.Groups.Interfaces(a.InterfaceGroup); g != nil {
			for _, name := range g.Interfaces {
				hooks = append(hooks, Hook{name, a.Direction, set.Family, i})
			}
		}
	}
	return hooks
}

// Hook is a place where packets of a family meet a ruleset.
type Hook struct {
	Interface, Direction, Family string
	Attachment                   int // which of the ruleset's makes it so
}

// At reports whether a hook is at a direction of an interface.
func (h Hook) At(iface, direction string) bool {
	return h.Interface == iface && h.Direction == direction
}

// Reachable are the rulesets that packets may meet by jumps from some, these
// first, each once. What does not exist is left out.
func (f *Firewall) Reachable(from ...string) (names []string) {
	for next := from; len(next) > 0; next = next[1:] {
		set := f.Ruleset(next[0])
		if set == nil || slices.Contains(names, set.Name) {
			continue
		}
		names = append(names, set.Name)
		next = slices.Clone(next)
		for _, r := range set.Rules {
			if r.Action == "jump" {
				next = append(next, r.JumpTarget)
			}
		}
	}
	return names
}
