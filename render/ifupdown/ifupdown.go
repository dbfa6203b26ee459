// Package ifupdown renders /etc/network/interfaces, for hosts with the stanzas
// of Debian's Open vSwitch integration (README.Debian of openvswitch-switch), so
// that bridges and addresses come up in the right order at boot.
//
// It takes a checked topology and gives one file a host and a Debian guest, and
// the step that brings a host's into effect. What bridges look like at run time
// is package ovs's; a guest's step is package guest's.
package ifupdown

import (
	"regexp"
	"slices"

	"stackgen/render/artifact"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// interfacesPath is where ifup reads its configuration. The hook of openvswitch-switch
// runs another ifup without -i, so it cannot be a different file.
const interfacesPath = "etc/network/interfaces"

// maxNameServers is how many name servers the resolver uses: MAXNS, resolv.conf(5).
const maxNameServers = 3

// vlanName is a name that makes ifup create a VLAN device (interfaces(5)).
var vlanName = regexp.MustCompile(`^(.+\.[0-9]+|vlan[0-9]+)$`)

// classes are words that "allow-" makes a class of interfaces of: that of a
// bridge's ports has the name of the bridge.
var classes = [...]string{"auto", "hotplug", "ovs"}

// Check reports what interfaces(5) cannot express.
func Check(t *topology.Topology) (diags diag.List) {
	for _, n := range t.Networks {
		if len(n.NameServers) > maxNameServers {
			diags.Warningf("ifupdown/name-servers", diag.Path("networks", n.Name, "nameServers"),
				"network %q has %d name servers and a resolver uses the first %d", n.Name, len(n.NameServers), maxNameServers)
		}
	}
	for _, h := range t.Hosts {
		checkDefaultRoute(&diags, t, &h)
		for _, b := range h.Bridges {
			path := diag.Path("hosts", h.Name, "bridges", b.Name)
			checkName(&diags, path, b.Name)
			if slices.Contains(classes[:], b.Name) {
				diags.Errorf("ifupdown/class-name", path,
					"\"allow-%s\" has another meaning in interfaces(5) than the ports of a bridge", b.Name).AtKey().
					Hintf("choose another name")
			}
		}
	}
	for _, vm := range t.VMs {
		if vm.OS == "" {
			continue
		}
		for _, i := range vm.Interfaces {
			if vm.Router == nil || i.Kind() != topology.VLAN { // a router's are VLAN devices
				checkName(&diags, diag.Path("vms", vm.Name, "interfaces", i.Name), i.Name)
			}
		}
	}
	return diags
}

// checkName finds names that ifup takes for something else.
func checkName(diags *diag.List, path, name string) {
	if vlanName.MatchString(name) {
		diags.Errorf("ifupdown/vlan-name", path, "%q names a VLAN device in interfaces(5)", name).AtKey().
			Hintf("give the interface a plain name and its network a vlan")
	}
}

// checkDefaultRoute warns when a host could leave through several networks: it
// is given one default route.
func checkDefaultRoute(diags *diag.List, t *topology.Topology, h *topology.Host) {
	taken, _ := t.HostDefaultRoute(h)
	for _, b := range h.Bridges {
		n := t.HostNetwork(&b)
		if b.Name == taken || n == nil || !n.Gateway.IsValid() || n.Gateway == b.Address || t.RouterOf(n) != nil {
			continue
		}
		diags.Warningf("ifupdown/default-route", diag.Path("hosts", h.Name, "bridges", b.Name, "network"),
			"gateway %s of network %q is not used: a host has one default route", n.Gateway, n.Name).
			Also(diag.Path("hosts", h.Name, "bridges", taken), "the default route is this one's")
	}
}

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for i := range t.Hosts {
		h := &t.Hosts[i]
		if len(h.Bridges) == 0 {
			continue
		}
		// What the administrator keeps beside us stays in effect.
		err := add(&set, view{Machine: h.Name, Source: "/etc/network/interfaces.d/*", Stanzas: hostStanzas(t, h)}, "network")
		if err != nil {
			return artifact.Set{}, err
		}
		set.Steps = append(set.Steps, step(t, h))
	}
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.OS == "" {
			continue
		}
		if err := add(&set, view{Machine: vm.Name, Stanzas: guestStanzas(t, vm)}, "system"); err != nil {
			return artifact.Set{}, err
		}
	}
	return set, nil
}

// view is what the template shows.
type view struct {
	Machine string
	Source  string // other files to read; empty: none
	Stanzas []stanza
}

func add(set *artifact.Set, v view, stepName string) error {
	file := artifact.File{Machine: v.Machine, Path: interfacesPath, Format: artifact.Interfaces,
		Step: stepName}.Installed()
	file, err := templates.File(file, "ifupdown/interfaces.tmpl", v)
	set.Files = append(set.Files, file)
	return err
}
