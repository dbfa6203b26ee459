package vyos

import (
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// checker looks at one router.
type checker struct {
	t     *topology.Topology
	vm    *topology.VM
	d     dialect
	base  string // the path of the VM
	diags *diag.List
}

func (c checker) path(tokens ...any) string {
	return diag.Join(diag.Join(c.base, "router"), tokens...)
}

// unsupported reports what this release cannot do, and from which on it can be
// done. The alternative is what to write if the release has to stay.
func (c checker) unsupported(t trait, rule, path, what, alternative string) {
	if !c.d.has(t) {
		c.diags.Errorf("vyos/unsupported-"+rule, path, "%s has no %s; %s has it", c.d, what, releaseName(traits()[t])).
			Hintf("write version: '%s' in the router, or %s", traits()[t], alternative)
	}
}

// ipv4 reports a target of the other family: rules of NAT match IPv4 packets
// only.
func (c checker) ipv4(path, key string, g topology.Target) {
	if p := c.t.Resolve(c.vm, g); p.IsValid() && !p.Addr().Is4() {
		c.diags.Errorf("vyos/ipv4-only", diag.Join(path, key), "%s is IPv6, but the rule is for IPv4 packets", p).
			Hintf("write an IPv4 address or network")
	}
}

// text reports a description that the configuration store would refuse.
func (c checker) text(path, description string) {
	if !storable(description) {
		c.diags.Errorf("vyos/value", diag.Join(path, "description"), "%q cannot be stored by VyOS", description).
			Hintf("leave out quotes, backslashes and control characters")
	}
}

// extra warns of commands that nothing here has looked at, and reports those
// that could not be read back from a list of commands.
func (c checker) extra() {
	for i, line := range c.vm.Router.ExtraCommands {
		path := c.path("extraCommands", i)
		if !readable(line) {
			c.diags.Errorf("vyos/value", path, "%q is not a command of bare words and at most one quoted value", line).
				Hintf("write set, the path, and the value in single quotes")
			continue
		}
		c.diags.Warningf("vyos/extra-commands", path, "%q is used as it is; nothing has checked it", line)
	}
}

// readable reports whether a line is a set command in the form that we write.
func readable(line string) bool {
	path, value, quoted := strings.Cut(line, " '")
	value, closed := strings.CutSuffix(value, "'")
	words := strings.Split(path, " ")
	if len(words) < 2 || words[0] != "set" || quoted != closed || !storable(value) ||
		strings.Contains(line, artifact.Marker) {
		return false
	}
	for _, w := range words {
		if !bare(w) {
			return false
		}
	}
	return true
}
