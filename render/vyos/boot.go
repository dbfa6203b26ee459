package vyos

import (
	"fmt"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// component is a part of the configuration whose language has versions of its
// own. A file that does not name one is taken to be of version 0, and is
// rewritten by all migrations since.
type component struct {
	name                   string
	v13, v14, v15, rolling int // 0: the release has no such component
}

// components are the versions that the releases of 2024 write at the end of
// their own files; read a row across.
func components() []component {
	return []component{
		{"bgp", 0, 5, 5, 5},
		{"broadcast-relay", 1, 1, 1, 1},
		{"cluster", 1, 2, 2, 2},
		{"config-management", 1, 1, 1, 1},
		{"conntrack", 3, 5, 5, 5},
		{"conntrack-sync", 2, 2, 2, 2},
		{"container", 1, 2, 2, 2},
		{"dhcp-relay", 2, 2, 2, 2},
		{"dhcp-server", 6, 8, 11, 11},
		{"dhcpv6-server", 1, 1, 5, 6},
		{"dns-dynamic", 0, 4, 4, 4},
		{"dns-forwarding", 3, 4, 4, 4},
		{"firewall", 5, 15, 16, 17},
		{"flow-accounting", 0, 1, 1, 1},
		{"https", 2, 6, 6, 7},
		{"ids", 0, 1, 1, 1},
		{"interfaces", 23, 32, 33, 33},
		{"ipoe-server", 1, 3, 4, 4},
		{"ipsec", 5, 13, 13, 13},
		{"isis", 1, 3, 3, 3},
		{"l2tp", 3, 9, 9, 9},
		{"lldp", 1, 2, 2, 2},
		{"mdns", 1, 1, 1, 1},
		{"monitoring", 0, 1, 1, 1},
		{"nat", 5, 8, 8, 8},
		{"nat66", 0, 3, 3, 3},
		{"ntp", 1, 3, 3, 3},
		{"openconnect", 0, 3, 3, 3},
		{"openvpn", 0, 0, 4, 4},
		{"ospf", 0, 2, 2, 2},
		{"pim", 0, 1, 1, 1},
		{"policy", 0, 8, 8, 8},
		{"pppoe-server", 5, 10, 11, 11},
		{"pptp", 2, 5, 5, 5},
		{"qos", 1, 2, 2, 2},
		{"quagga", 8, 11, 11, 11},
		{"reverse-proxy", 0, 1, 1, 2},
		{"rip", 0, 1, 1, 1},
		{"rpki", 1, 2, 2, 2},
		{"salt", 1, 1, 1, 1},
		{"snmp", 2, 3, 3, 3},
		{"ssh", 2, 2, 2, 2},
		{"sstp", 3, 6, 6, 6},
		{"system", 21, 27, 27, 27},
		{"vrf", 0, 3, 3, 3},
		{"vrrp", 2, 4, 4, 4},
		{"vyos-accel-ppp", 2, 2, 2, 2},
		{"wanloadbalance", 3, 3, 3, 3},
		{"webproxy", 2, 2, 2, 2},
		{"zone-policy", 1, 0, 0, 0},
	}
}

// in is the version of a component in a release.
func (c component) in(version string) int {
	return map[string]int{"1.3": c.v13, "1.4": c.v14, "1.5": c.v15, "rolling": c.rolling}[version]
}

// trailer names the language that a file is written in.
func trailer(version string) string {
	var parts []string
	for _, c := range components() {
		if v := c.in(version); v != 0 {
			parts = append(parts, fmt.Sprintf("%s@%d", c.name, v))
		}
	}
	release := map[string]string{"1.3": "1.3.8", "1.4": "1.4.0", "1.5": "1.5", "rolling": "1.5-rolling"}[version]
	return "\n\n// Warning: Do not remove the following line.\n" +
		"// vyos-config-version: \"" + strings.Join(parts, ":") + "\"\n" +
		"// Release version: " + release + "\n"
}

// bootFile is the configuration as a file, for `merge` on a router that runs or
// as the first of a new one.
func bootFile(vm *topology.VM, commands []command) string {
	var s strings.Builder
	s.WriteString("// " + artifact.Header + "\n// The configuration of " + vm.Name + ", " +
		releaseName(vm.Router.Version) + ".\n")
	for _, line := range vm.Router.ExtraCommands {
		s.WriteString("// Not in this file, since nothing here knows its nodes: " + line + "\n")
	}
	var top branch
	for _, c := range commands {
		top.add(c, 0)
	}
	top.write(&s, "")
	return s.String() + trailer(vm.Router.Version)
}

// branch is a node of the configuration and what is below it.
type branch struct {
	name     string
	tag      bool
	leaf     bool // stands for itself, or has values
	values   []string
	children []*branch
}

// add puts a command below a branch. Commands are sorted, so that the last
// child is the only one that can be the same node.
func (b *branch) add(c command, depth int) {
	if depth == len(c.path) {
		b.leaf = !b.tag
		if c.value != "" {
			b.values = append(b.values, c.value)
		}
		return
	}
	last := len(b.children) - 1
	if last < 0 || b.children[last].name != c.path[depth] {
		b.children = append(b.children, &branch{name: c.path[depth], tag: c.tags.has(depth)})
		last++
	}
	b.children[last].add(c, depth+1)
}

// write puts each leaf on a line of its own, which ends it. A tag follows the
// name of its node.
func (b *branch) write(s *strings.Builder, indent string) {
	for _, c := range b.children {
		switch {
		case c.leaf && len(c.values) == 0:
			s.WriteString(indent + c.name + "\n")
		case c.leaf:
			for _, v := range c.values {
				s.WriteString(indent + c.name + " \"" + v + "\"\n")
			}
		case len(c.children) > 0 && c.children[0].tag:
			for _, tag := range c.children {
				tag.block(s, indent, c.name+" "+tag.name)
			}
		default:
			c.block(s, indent, c.name)
		}
	}
}

func (b *branch) block(s *strings.Builder, indent, name string) {
	s.WriteString(indent + name + " {\n")
	b.write(s, indent+"    ")
	s.WriteString(indent + "}\n")
}

// userData is the configuration for cloud-init. VyOS does not execute these
// commands, but edits them into the configuration before the first boot.
func userData(vm *topology.VM, lines []string) string {
	var text strings.Builder
	text.WriteString("#cloud-config\n# " + artifact.Header + "\n# The configuration of " + vm.Name + ", " +
		releaseName(vm.Router.Version) + ".\n")
	if !dialectOf(vm.Router.Version).has(keyStore) && len(vm.Router.Tunnels()) > 0 {
		text.WriteString("# The keys of its tunnels are files of /config/auth, which have to be there as well.\n")
	}
	text.WriteString("vyos_config_commands:\n")
	for _, l := range lines {
		text.WriteString("  - \"" + l + "\"\n") // neither " nor \ can be stored by VyOS
	}
	return text.String()
}
