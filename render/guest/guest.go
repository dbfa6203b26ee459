// Package guest renders the name of each Debian guest, its table of hosts and
// its resolver, and the step that brings these and its interfaces into effect.
//
// It takes a checked topology and gives these files and one step a guest. The
// interfaces file itself is package ifupdown's.
package guest

import (
	"net/netip"
	"slices"

	"stackgen/render/artifact"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// step is the name of every guest's step.
const step = "system"

// Check finds nothing: whatever the schema takes for a name, a guest can have.
func Check(*topology.Topology) diag.List { return nil }

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	company := peerSetsOf(t)
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.OS == "" {
			continue
		}
		hosts, err := templates.File(installed(vm, "etc/hosts", artifact.Hosts), "guest/hosts.tmpl",
			hostsView{company.machines(t, vm)})
		if err != nil {
			return artifact.Set{}, err
		}
		add(&set, vm, "etc/hostname", artifact.Hostname, vm.Name+"\n# "+artifact.Header+"\n")
		set.Files = append(set.Files, hosts)
		if view := resolverOf(t, vm); len(view.Servers) > 0 {
			resolver, err := templates.File(installed(vm, "etc/resolv.conf", artifact.Resolv), "guest/resolv.conf.tmpl", view)
			if err != nil {
				return artifact.Set{}, err
			}
			set.Files = append(set.Files, resolver)
		}
		addCloudInit(&set, vm)
		set.Steps = append(set.Steps, stepOf(t, vm))
	}
	return set, nil
}

func add(set *artifact.Set, vm *topology.VM, path string, format artifact.Format, text string) {
	file := installed(vm, path, format)
	file.Content = text
	set.Files = append(set.Files, file)
}

// installed is a file of a guest, to be filled.
func installed(vm *topology.VM, path string, format artifact.Format) artifact.File {
	return artifact.File{Machine: vm.Name, Path: path, Format: format, Step: step}.Installed()
}

// resolverView is what resolv.conf shows.
type resolverView struct {
	Domain  string
	Servers []netip.Addr
}

// resolverOf has the name servers of all networks the guest has an address on,
// those of its default route first; a router may have its own. The file does not wait for resolvconf to be
// installed: without name servers nothing could be.
func resolverOf(t *topology.Topology, vm *topology.VM) resolverView {
	view := resolverView{Domain: t.Domain}
	if vm.Router != nil {
		view.Servers = append(view.Servers, vm.Router.NameServers...)
	}
	routed, _ := t.DefaultRoute(vm)
	for _, first := range []bool{true, false} {
		for _, i := range vm.Interfaces {
			if (i.Name == routed) == first && i.Address.IsValid() {
				view.add(t.Network(i.Network))
			}
		}
	}
	return view
}

func (v *resolverView) add(n *topology.Network) {
	if n == nil {
		return
	}
	for _, s := range n.NameServers {
		if !slices.Contains(v.Servers, s) {
			v.Servers = append(v.Servers, s)
		}
	}
}
