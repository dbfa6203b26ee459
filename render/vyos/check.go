package vyos

import (
	"regexp"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// checker looks at one router.
type checker struct {
	t     *topology.Topology
	vm    *topology.VM
	base  string // the path of the VM
	diags *diag.List
}

func (c checker) path(tokens ...any) string {
	return diag.Join(diag.Join(c.base, "router"), tokens...)
}

// ethernet is how VyOS names the interfaces of a virtual machine in every
// release.
var ethernet = regexp.MustCompile(`^eth(0|[1-9][0-9]{0,2})$`)

func (c checker) interfaces() {
	for _, i := range c.vm.Interfaces {
		if !ethernet.MatchString(i.Name) {
			c.diags.Errorf("vyos/interface-name", diag.Join(c.base, "interfaces", i.Name), "VyOS does not name an interface %q", i.Name).
				AtKey().Hintf("write eth0, eth1 and so on, in the order of the cards")
		}
	}
}

func (c checker) nat() {
	nat := c.vm.Router.NAT
	for _, r := range nat.Source {
		path := c.path("nat", "source", r.Number)
		c.text(path, r.Description)
		c.ipv4(path, "source", r.Source)
	}
	for _, r := range nat.Destination {
		path := c.path("nat", "destination", r.Number)
		c.text(path, r.Description)
		c.ipv4(path, "translation", r.Translation)
		to := r.Translation
		if to.IsZero() {
			c.diags.Errorf("vyos/nat-translation", diag.Join(path, "translation"), "the rule translates to nothing").
				Hintf("name a VM, an address or a port")
		}
		if r.Address.IsValid() && !r.Address.Is4() {
			c.diags.Errorf("vyos/ipv4-only", diag.Join(path, "address"), "%s is IPv6, which NAT rules do not translate", r.Address).
				Hintf("give the machine a public IPv6 address and a firewall rule")
		}
	}
}

func (c checker) firewall() {
	for _, set := range c.vm.Router.Firewall.Rulesets {
		path := c.path("firewall", "rulesets", set.Name)
		c.text(path, set.Description)
		for _, r := range set.Rules {
			at := diag.Join(path, "rules", r.Number)
			c.text(at, r.Description)
			c.ipv4(at, "source", r.Source)
			c.ipv4(at, "destination", r.Destination)
		}
	}
}

// ipv4 reports a target of the other family: rules of NAT and of these
// rulesets match IPv4 packets only.
func (c checker) ipv4(path, key string, g topology.Target) {
	if p := c.t.Resolve(c.vm, g); p.IsValid() && !p.Addr().Is4() {
		c.diags.Errorf("vyos/ipv4-only", diag.Join(path, key), "%s is IPv6, but the rule is for IPv4 packets", p).
			Hintf("write an IPv4 address or network")
	}
}

func (c checker) openvpn() {
	for _, v := range c.vm.Router.OpenVPN {
		path := c.path("openvpn", v.Name)
		c.text(path, v.Description)
		for i, g := range v.PushRoutes {
			if p := c.t.Resolve(c.vm, g); p.IsValid() && !p.Addr().Is4() {
				c.diags.Errorf("vyos/ipv4-only", diag.Join(path, "pushRoutes", i), "%s is IPv6, but the tunnel carries IPv4", p).
					Hintf("write an IPv4 network")
			}
		}
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
	if len(words) < 2 || words[0] != "set" || quoted != closed || !storable(value) || strings.Contains(line, artifact.Marker) {
		return false
	}
	for _, w := range words {
		if !bare(w) {
			return false
		}
	}
	return true
}
