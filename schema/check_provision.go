package schema

import (
	"stackgen/schema/diag"
	"stackgen/schema/release"
	"stackgen/schema/topology"
)

// checkProvision finds VMs that are to be told who they are before they start,
// and cannot be: there is no system on their disk, or none that is known here.
func checkProvision(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		path := vmPath(vm, "provision")
		switch {
		case vm.Provision == "none":
		case len(vm.Disks) == 0 || vm.Disks[0].Image == "":
			diags.Errorf("provision/no-image", path, "%q is for a system that is on the first disk, which is not made from an image", vm.Provision).
				Hintf("give the disk an image, or write provision: 'none'")
		case vm.OS == "" && !takesCommands(vm):
			diags.Errorf("provision/unknown-system", path, "%q has to know the system on the image, and no one says what it is", vm.Provision).
				Hintf("write os: '%s', or provision: 'none'", release.Newest().Name)
		case vm.OS == "" && vm.Provision == "offline":
			diags.Errorf("provision/unknown-system", path, "%q cannot write to a disk of VyOS", vm.Provision).
				Hintf("write provision: 'cloud-init', if the image has it, or 'none'")
		}
	}
	return diags
}

// takesCommands reports whether a VM is a router that reads its configuration
// from a seed.
func takesCommands(vm *topology.VM) bool { return vm.Router != nil && vm.Router.Platform == "vyos" }
