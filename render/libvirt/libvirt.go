// Package libvirt renders each VM as a libvirt domain, and one script a host
// that defines and starts its domains.
//
// It takes a checked topology and gives libvirt/<vm>.xml and libvirt/domains.sh
// for each host. The disks that the domains name are made by package storage,
// the bridges that their interfaces join by package ovs.
package libvirt

import (
	"fmt"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	w := newWriter(t)
	for _, h := range t.Hosts {
		vms := t.VMsOn(h.Name)
		if len(vms) == 0 {
			continue
		}
		for _, vm := range vms {
			xml, err := w.domain(t, vm)
			if err != nil {
				return set, fmt.Errorf("writing the domain of %s: %w", vm.Name, err)
			}
			set.Files = append(set.Files, artifact.File{Machine: h.Name, Path: domainFile(vm),
				Format: artifact.Domain, Content: xml, Step: "libvirt"})
		}
		script, err := domainsScript(h, vms)
		if err != nil {
			return set, err
		}
		set.Files = append(set.Files, script)
		set.Steps = append(set.Steps, step(t, h, vms))
	}
	return set, nil
}

func domainFile(vm *topology.VM) string { return "libvirt/" + vm.Name + ".xml" }
