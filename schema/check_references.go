package schema

import (
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// checkReferences finds names that name nothing.
func checkReferences(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if t.Host(vm.Host) == nil {
			missing(&diags, diag.Path("vms", vm.Name, "host"), "host", vm.Host, namesOf(t.Hosts, func(h topology.Host) string { return h.Name }))
		}
		for _, n := range vm.Interfaces {
			if t.Network(n.Network) == nil {
				missing(&diags, diag.Path("vms", vm.Name, "interfaces", n.Name, "network"), "network", n.Network, namesOf(t.Networks, func(n topology.Network) string { return n.Name }))
			}
		}
	}
	return diags
}

// missing reports a reference to something that is not there.
func missing(diags *diag.List, path, kind, name string, candidates []string) {
	d := diags.Errorf("references/missing", path, "there is no %s %q", kind, name)
	if near := nearest(name, candidates); near != "" {
		d.Hintf("did you mean %q?", near)
	}
}

func namesOf[T any](list []T, name func(T) string) []string {
	names := make([]string, len(list))
	for i, e := range list {
		names[i] = name(e)
	}
	return names
}
