package nftables

import (
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// checker looks at one router.
type checker struct {
	t     *topology.Topology
	vm    *topology.VM
	path  string // of the VM
	diags *diag.List
}

func (c checker) router(tokens ...any) string {
	return diag.Join(diag.Join(c.path, "router"), tokens...)
}

// extra finds what belongs to another platform.
func (c checker) extra() {
	for _, s := range c.vm.Router.Shapers {
		c.diags.Errorf("nftables/unsupported-shaper", c.router("shapers", s.Name),
			"stackgen writes no shaper on Debian; VyOS has it").
			AtKey().Hintf("write platform: 'vyos', or hand over a script of tc(8) in files")
	}
	if len(c.vm.Router.ExtraCommands) > 0 {
		c.diags.Errorf("nftables/extra-commands", c.router("extraCommands"),
			"commands of VyOS mean nothing to a router on Debian").
			Hintf("hand over a file below /etc in files, or leave them out")
	}
}

func (c checker) nat() {
	for _, r := range c.t.SourceRules(c.vm) {
		path := c.router("nat", r.Written.List, r.Written.Number)
		c.ipv4(path, "source", r.Source)
		c.ipv4(path, "destination", r.Destination)
	}
	for _, r := range c.vm.DestinationRules() {
		path := c.router("nat", r.Written.List, r.Written.Number)
		c.ipv4(path, "source", r.Source)
		c.ipv4(path, "translation", r.Translation)
		if r.Address.IsValid() && !r.Address.Is4() {
			c.diags.Errorf("nftables/ipv4-only", diag.Join(path, "address"), "%s is IPv6, which NAT rules do not translate",
				r.Address).
				Hintf("give the machine a public IPv6 address")
		}
	}
}

// ipv4 reports a target of the other family: as with VyOS, rules of NAT match
// IPv4 packets only.
func (c checker) ipv4(path, key string, g topology.Target) {
	if p := c.t.Resolve(c.vm, g); p.IsValid() && !p.Addr().Is4() {
		c.diags.Errorf("nftables/ipv4-only", diag.Join(path, key), "%s is IPv6, but the rule is for IPv4 packets", p).
			Hintf("write an IPv4 address or network")
	}
}
