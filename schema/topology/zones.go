package topology

import "slices"

// Zone is a part of the world as a router sees it: what is behind some of its
// interfaces, or the router itself. Between zones passes only what a ruleset
// lets through; within one, everything.
type Zone struct {
	Name          string     `json:"name"`
	Description   string     `json:"description,omitempty"`
	Local         bool       `json:"local,omitempty"` // the router itself
	Interfaces    []string   `json:"interfaces,omitempty"`
	DefaultAction string     `json:"defaultAction"` // drop or reject, of what comes from a zone that From does not name
	From          []ZoneFrom `json:"from,omitempty"`
}

// ZoneFrom says what comes into a zone from another, which its name is.
type ZoneFrom struct {
	Name        string `json:"name"`
	Ruleset     string `json:"ruleset,omitempty"`
	IPv6Ruleset string `json:"ipv6Ruleset,omitempty"`
}

// RulesetFor is the ruleset for packets of a family; empty where there is none.
func (z ZoneFrom) RulesetFor(family string) string {
	if family == IPv6 {
		return z.IPv6Ruleset
	}
	return z.Ruleset
}

// Zone is the zone of that name, or nil.
func (f *Firewall) Zone(name string) *Zone {
	return find(f.Zones, name, func(z *Zone) string { return z.Name })
}

// ZoneOf is the zone of an interface, or that of the router itself for "". It is
// nil when there is none.
func (f *Firewall) ZoneOf(iface string) *Zone {
	for i := range f.Zones {
		z := &f.Zones[i]
		if iface == "" && z.Local || iface != "" && slices.Contains(z.Interfaces, iface) {
			return z
		}
	}
	return nil
}

// Between is what a zone says of packets from another: an entry, or nil.
func (z *Zone) Between(from *Zone) *ZoneFrom {
	return find(z.From, from.Name, func(f *ZoneFrom) string { return f.Name })
}
