package vyos

import (
	"regexp"
	"slices"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// oldNumber is the highest rule number of releases without bigNumbers.
const oldNumber = 9999

func (c checker) firewall() {
	f := &c.vm.Router.Firewall
	c.groups(f.Groups)
	for _, z := range f.Zones {
		c.text(c.path("firewall", "zones", z.Name), z.Description)
	}
	for i := range f.Rulesets {
		set := &f.Rulesets[i]
		path := c.path("firewall", "rulesets", set.Name)
		c.text(path, set.Description)
		c.rulesetName(path, set.Name)
		c.bothWays(path, f, set)
		c.hooks(path, f.Hooks(set))
		if set.DefaultAction == "return" {
			c.unsupported(rulesetJumps, "return", diag.Join(path, "defaultAction"), "return from a ruleset", "accept, or drop")
		}
		for _, r := range set.Rules {
			c.rule(diag.Join(path, "rules", r.Number), r)
		}
	}
}

func (c checker) rule(path string, r topology.Rule) {
	c.text(path, r.Description)
	c.portsOf(path, r)
	switch r.Action {
	case "jump":
		c.unsupported(rulesetJumps, "jump", diag.Join(path, "action"), "jump to a ruleset",
			"write the rules of the other ruleset here")
	case "return":
		c.unsupported(rulesetJumps, "return", diag.Join(path, "action"), "return from a ruleset", "accept, or drop")
	}
	for _, side := range []struct {
		key    string
		target topology.Target
	}{{"source", r.Source}, {"destination", r.Destination}} {
		if side.target.Not && side.target.AddressGroup+side.target.NetworkGroup != "" {
			c.unsupported(notGroups, "negated-group", diag.Join(path, side.key, "not"), "rule for all but a group",
				"let an earlier rule decide about the group")
		}
	}
	if r.Number > oldNumber {
		c.unsupported(bigNumbers, "rule-number", path, "firewall rule above 9999", "number the rules lower")
	}
}

// hooks reports rulesets at interfaces that have no place for one.
func (c checker) hooks(path string, hooks []topology.Hook) {
	for _, h := range hooks {
		at := diag.Join(path, "attach", h.Attachment)
		switch {
		case h.Interface == "lo":
			c.unsupported(hookChains, "firewall-at", at, "ruleset at the loopback", "attach it where packets come from")
		case strings.HasPrefix(h.Interface, "dum"):
			c.unsupported(dummyFirewall, "firewall-at", at, "ruleset at a dummy interface", "attach it where packets come from")
		}
	}
}

// bothWays reports a ruleset that "in" and "out" lead to, where letting through
// means two things: go on to "out", and be done.
func (c checker) bothWays(path string, f *topology.Firewall, r *topology.Ruleset) {
	in, out := attachedTo(f, "in", r.Family), attachedTo(f, "out", r.Family)
	if c.d.has(hookChains) && jumpsOn(f, r.Family) && slices.Contains(f.Reachable(in...), r.Name) &&
		slices.Contains(f.Reachable(out...), r.Name) {
		c.diags.Errorf("vyos/jump-both", path,
			"ruleset %q is asked for what enters and for what leaves, and there are jumps: to accept would have two meanings", r.Name).
			Hintf("make one ruleset for each direction")
	}
}

// portsOf reports a port of a protocol for which VyOS matches none.
func (c checker) portsOf(path string, rule topology.Rule) {
	ports := append(c.vm.Router.PortsOf(rule.Source), c.vm.Router.PortsOf(rule.Destination)...)
	if len(ports) > 0 && !slices.Contains([]string{"tcp", "udp", "tcp_udp"}, rule.Protocol) {
		c.diags.Errorf("vyos/port-protocol", diag.Join(path, "protocol"), "VyOS matches ports of tcp and udp, not of %s",
			rule.Protocol).
			Hintf("leave the port out, or write platform: 'debian'")
	}
}

// ownNames are those that old releases keep for chains of their own.
var ownNames = regexp.MustCompile(`^VZONE|PREROUTING|POSTROUTING|MARK|FORWARD|INPUT|OUTPUT|VYATTA_.*_HOOK`)

func (c checker) rulesetName(path, name string) {
	if !c.d.has(hookChains) && ownNames.MatchString(name) {
		c.diags.Errorf("vyos/ruleset-name", path, "%s keeps the name %q for itself", c.d, name).
			AtKey().Hintf("write a name in lower case")
	}
	if name == secondHalf {
		c.diags.Errorf("vyos/ruleset-name", path, "%q is the name of a ruleset of ours", name).AtKey().
			Hintf("choose another name")
	}
}

func (c checker) groups(g topology.Groups) {
	for _, a := range g.Address {
		path := c.path("firewall", "groups", "address", a.Name)
		c.text(path, a.Description)
		members := c.t.AddressesIn(c.vm, &a)
		for _, m := range members {
			c.addressRange(diag.Join(path, "addresses"), m)
		}
		c.family(path, len(members) > 0 && members[0].First.Is6())
	}
	for _, n := range g.Network {
		path := c.path("firewall", "groups", "network", n.Name)
		c.text(path, n.Description)
		members := c.t.NetworksIn(c.vm, &n)
		c.family(path, len(members) > 0 && members[0].Addr().Is6())
	}
	for _, p := range g.Port {
		c.text(c.path("firewall", "groups", "port", p.Name), p.Description)
	}
	for _, i := range g.Interface {
		c.text(c.path("firewall", "groups", "interface", i.Name), i.Description)
	}
}

func (c checker) family(path string, six bool) {
	if six {
		c.unsupported(groups6, "ipv6-group", path, "group of IPv6 addresses", "name the addresses in the rules")
	}
}
