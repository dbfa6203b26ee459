// Package ovs renders the Open vSwitch bridges of each host as a script of
// ovs-vsctl(8) commands.
//
// It takes a checked topology and gives one script a host. The address of a
// host moves with its uplink, in the same script, or the host would be cut off;
// what happens at boot is left to package ifupdown.
package ovs

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/shell"
	"stackgen/schema/diag"
	"stackgen/schema/release"
	"stackgen/schema/topology"
)

// Check reports what Open vSwitch cannot express.
func Check(t *topology.Topology) (diags diag.List) {
	for _, h := range t.Hosts {
		for _, b := range h.Bridges {
			for _, bond := range b.Bonds {
				if bond.Mode == "balance-tcp" && bond.LACP == "off" {
					diags.Errorf("ovs/bond-lacp", diag.Path("hosts", h.Name, "bridges", b.Name, "bonds", bond.Name),
						"bond mode %q needs LACP, which is %q", bond.Mode, bond.LACP).
						Hintf("set lacp: 'active', or mode: 'balance-slb'")
				}
			}
		}
	}
	return diags
}

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for _, h := range t.Hosts {
		if len(h.Bridges) == 0 {
			continue
		}
		set.Files = append(set.Files, artifact.File{
			Machine: h.Name, Path: "ovs/bridges.sh", Format: artifact.BridgeScript, Content: script(t, h),
			Script: true, Step: "ovs",
		})
		set.Steps = append(set.Steps, step(h))
	}
	return set, nil
}

// step verifies that every port has become real: ovs-vsctl returns 0 when the
// datapath or a device is missing, and only ofport tells.
func step(h topology.Host) artifact.Step {
	s := artifact.Step{
		Machine: h.Name, Name: "ovs", Phase: artifact.Bridges,
		Summary:  "Open vSwitch bridges",
		Packages: []string{"openvswitch-switch"},
		Apply:    []string{"sh ovs/bridges.sh"},
		Guarded:  true,
	}
	for _, b := range h.Bridges {
		s.Makes = append(s.Makes, thingsOf(b)...)
		for _, i := range interfaces(b) {
			s.Verify = append(s.Verify, fmt.Sprintf(`[ "$(ovs-vsctl get Interface %s ofport)" -gt 0 ]`, shell.Quote(i)))
		}
		for _, d := range devices(b) {
			s.Verify = append(s.Verify, fmt.Sprintf(`[ "$(ovs-vsctl iface-to-br %s)" = %s ]`, shell.Quote(d),
				shell.Quote(b.Name)))
		}
	}
	return s
}

// thingsOf are a bridge and its ports; a bond is one port.
func thingsOf(b topology.Bridge) []artifact.Thing {
	things := []artifact.Thing{{Kind: "bridge", Words: []string{b.Name}}}
	for _, p := range b.Ports {
		things = append(things, artifact.Thing{Kind: "port", Words: []string{b.Name, p}})
	}
	for _, bond := range b.Bonds {
		things = append(things, artifact.Thing{Kind: "port", Words: []string{b.Name, bond.Name}})
	}
	return things
}

// interfaces lists what must exist in the datapath: the bridge's own and all
// that its ports are made of.
func interfaces(b topology.Bridge) []string {
	return append([]string{b.Name}, devices(b)...)
}

// devices lists the devices of the host that the ports of a bridge are made of.
func devices(b topology.Bridge) []string {
	names := slices.Clone(b.Ports)
	for _, bond := range b.Bonds {
		names = append(names, bond.Interfaces...)
	}
	return names
}

func script(t *topology.Topology, h topology.Host) string {
	var s strings.Builder
	s.WriteString("#!/bin/sh\n# " + artifact.Header + "\n# Open vSwitch bridges of " + h.Name +
		". Running it again changes nothing.\n# shellcheck disable=SC2046 # words\nset -eu\n")
	s.WriteString(functions(release.Of(h.OS)))
	for _, b := range h.Bridges {
		s.WriteString("\n" + commandLines(before(b)) + command(b, transaction(t, b)) + "\n" + commandLines(after(t, h, b)))
	}
	return s.String()
}

// command puts each part of a transaction on a line of its own, and what has to move
// first: the bridge gets a port in the moment in which another loses it.
func command(b topology.Bridge, parts [][]string) string {
	lines := []string{"ovs-vsctl"}
	for _, argv := range ports(b) {
		lines = append(lines, "$(off "+shell.Join(argv...)+")")
	}
	for _, p := range parts {
		lines = append(lines, "-- "+shell.Join(p...))
	}
	return strings.Join(lines, " \\\n  ")
}

// transaction makes a bridge with all its ports at once: it never exists
// without its uplink. Settings are set and not only added, so that a change of
// theirs converges.
func transaction(t *topology.Topology, b topology.Bridge) [][]string {
	vlan, mtu := own(t, b)
	parts := [][]string{
		{"--may-exist", "add-br", b.Name},
		{"set", "bridge", b.Name, "datapath_type=" + b.Datapath, "fail_mode=" + b.FailMode, fmt.Sprintf("stp_enable=%t", b.STP)},
		{"set", "port", b.Name, "tag=" + vlan},
		{"set", "interface", b.Name, "mtu_request=" + mtu},
	}
	for _, argv := range ports(b) {
		parts = append(parts, append([]string{"--may-exist"}, argv...))
	}
	for _, bond := range b.Bonds {
		parts = append(parts, []string{"set", "port", bond.Name, "bond_mode=" + bond.Mode, "lacp=" + bond.LACP})
	}
	for _, d := range devices(b) {
		parts = append(parts, []string{"set", "interface", d, "mtu_request=" + orNone(t.UplinkMTU(b.Name))})
	}
	return parts
}

// ports are the commands that put each port on a bridge.
func ports(b topology.Bridge) (commands [][]string) {
	for _, p := range b.Ports {
		commands = append(commands, []string{"add-port", b.Name, p})
	}
	for _, bond := range b.Bonds {
		commands = append(commands, append([]string{"add-bond", b.Name, bond.Name}, bond.Interfaces...))
	}
	return commands
}

// own is the VLAN and the MTU of the bridge's own interface: those of the
// network its address is in.
func own(t *topology.Topology, b topology.Bridge) (vlan, mtu string) {
	n := t.HostNetwork(&b)
	if n == nil {
		n = new(topology.Network)
	}
	return orNone(n.VLAN), orNone(n.MTU)
}

// orNone is a number, or the empty set of the database.
func orNone(n int) string {
	if n == 0 {
		return "[]"
	}
	return strconv.Itoa(n)
}
