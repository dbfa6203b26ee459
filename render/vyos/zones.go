package vyos

import "stackgen/schema/topology"

// zones makes the zones of a firewall. Each lists by which rulesets the others
// come in.
func (b builder) zones(zones []topology.Zone) {
	for _, z := range zones {
		n := b.root.at(b.d.word(zone), z.Name)
		n.leaf("description", z.Description)
		n.leaf("default-action", z.DefaultAction)
		if z.Local {
			n.at("local-zone").here()
		}
		for _, name := range z.Interfaces {
			n.leaf("interface", name)
		}
		for _, from := range z.From {
			rulesets := n.at("from", from.Name).at("firewall")
			rulesets.leaf("name", from.Ruleset)
			rulesets.leaf("ipv6-name", from.IPv6Ruleset)
		}
	}
}
