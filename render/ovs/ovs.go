// Package ovs renders the Open vSwitch bridges of each host as a script of
// ovs-vsctl(8) commands.
//
// It takes a checked topology and gives one script a host. Addresses on bridges
// and what happens at boot are left to package ifupdown.
package ovs

import (
	"fmt"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/shell"
	"stackgen/schema/diag"
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
			Machine: h.Name, Path: "ovs/bridges.sh", Content: script(t, h), Script: true, Step: "ovs",
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
		for _, i := range interfaces(b) {
			s.Verify = append(s.Verify, fmt.Sprintf(`[ "$(ovs-vsctl get Interface %s ofport)" -gt 0 ]`, shell.Quote(i)))
		}
	}
	return s
}

// interfaces lists what must exist in the datapath: the bridge's own and all
// that its ports are made of.
func interfaces(b topology.Bridge) []string {
	names := append([]string{b.Name}, b.Ports...)
	for _, bond := range b.Bonds {
		names = append(names, bond.Interfaces...)
	}
	return names
}

func script(t *topology.Topology, h topology.Host) string {
	var s strings.Builder
	s.WriteString("#!/bin/sh\n# " + artifact.Header + "\n# Open vSwitch bridges of " + h.Name + ". Running it again changes nothing.\nset -eu\n")
	for _, b := range h.Bridges {
		s.WriteString("\n" + command(transaction(t, b)) + "\n")
	}
	return s.String()
}

// command puts each part of a transaction on a line of its own.
func command(parts [][]string) string {
	lines := []string{"ovs-vsctl"}
	for _, p := range parts {
		lines = append(lines, "-- "+shell.Join(p...))
	}
	return strings.Join(lines, " \\\n  ")
}

// transaction makes a bridge with all its ports at once: it never exists
// without its uplink. Settings are set and not only added, so that a change of
// theirs converges.
func transaction(t *topology.Topology, b topology.Bridge) [][]string {
	parts := [][]string{
		{"--may-exist", "add-br", b.Name},
		{"set", "bridge", b.Name, "datapath_type=" + b.Datapath, "fail_mode=" + b.FailMode, fmt.Sprintf("stp_enable=%t", b.STP)},
		{"set", "port", b.Name, "tag=" + tag(t, b)},
	}
	for _, p := range b.Ports {
		parts = append(parts, []string{"--may-exist", "add-port", b.Name, p})
	}
	for _, bond := range b.Bonds {
		add := append([]string{"--may-exist", "add-bond", b.Name, bond.Name}, bond.Interfaces...)
		parts = append(parts, add, []string{"set", "port", bond.Name, "bond_mode=" + bond.Mode, "lacp=" + bond.LACP})
	}
	return parts
}

// tag is the VLAN of the bridge's own interface: that of the network its
// address is in, or the empty set.
func tag(t *topology.Topology, b topology.Bridge) string {
	if n := t.Network(b.Network); n != nil && n.VLAN != 0 {
		return fmt.Sprint(n.VLAN)
	}
	return "[]"
}
