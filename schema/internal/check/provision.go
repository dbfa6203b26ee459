package check

import (
	"fmt"

	"stackgen/schema/diag"
	"stackgen/schema/release"
	"stackgen/schema/topology"
)

// checkProvision finds VMs that have nothing to start from, and those that are to
// be told who they are before they start and cannot be: there is no system on
// their disk, or none that is known here.
func checkProvision(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		path := vmPath(vm, "provision")
		switch {
		case vm.Provision == "none":
			nothingToBoot(t, vm, &diags)
		case len(vm.Disks) == 0 || vm.Disks[0].Image == "":
			diags.Errorf("provision/no-image", path, "%q is for a system that is on the first disk, which is not made from an image", vm.Provision).
				Hintf("give the disk an image, or write provision: 'none'")
		case vm.OS == "" && !takesCommands(vm):
			diags.Errorf("provision/unknown-system", path, "%q has to know the system on the image, and no one says what it is",
				vm.Provision).
				Hintf("write os: '%s', or provision: 'none'", release.Newest().Name)
		case vm.OS == "" && vm.Provision == "offline":
			diags.Errorf("provision/unknown-system", path, "%q cannot write to a disk of VyOS", vm.Provision).
				Hintf("write provision: 'cloud-init', if the image has it, or 'none'")
		}
	}
	return diags
}

// nothingToBoot finds a VM whose first disk is blank and which has neither an
// installation medium nor a kernel of its own.
func nothingToBoot(t *topology.Topology, vm *topology.VM, diags *diag.List) {
	if vm.Install != nil || vm.Boot != nil || len(vm.Disks) > 0 && vm.Disks[0].Image != "" {
		return
	}
	what, path := "has no disk", vmPath(vm, "disks")
	if len(vm.Disks) > 0 {
		what, path = fmt.Sprintf("has a blank first disk %q", vm.Disks[0].Name), vmPath(vm, "disks", vm.Disks[0].Name)
	}
	d := diags.Errorf("provision/nothing-to-boot", path, "VM %q %s, no installation medium and no kernel: it has nothing to start from", vm.Name, what)
	if len(t.Images) > 0 {
		d.Hintf("give the disk an image (to change what another object says of it: disks+: { %s+: { … } }), or add install or boot", firstDisk(vm))
		return
	}
	d.Hintf("describe an image and give it to the disk, or add install or boot")
}

// firstDisk is the name of a VM's first disk, or the one that it would usually have.
func firstDisk(vm *topology.VM) string {
	if len(vm.Disks) > 0 {
		return vm.Disks[0].Name
	}
	return "vda"
}

// takesCommands reports whether a VM is a router that reads its configuration
// from a seed.
func takesCommands(vm *topology.VM) bool { return vm.Router != nil && vm.Router.Platform == "vyos" }
