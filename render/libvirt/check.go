package libvirt

import (
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

const (
	// mebibyte is the unit that QEMU counts memory in; libvirt rounds up to it
	// without a word when it starts a domain (qemuDomainAlignMemorySizes).
	mebibyte topology.Size = 1 << 20

	// maxVCPUs is what a machine without an interrupt remapping IOMMU can have:
	// "more than 255 vCPUs require extended interrupt mode" (qemu_validate.c).
	maxVCPUs = 255
)

// Check reports what libvirt cannot express. That no VM's name is a number, which
// virsh would take for the ID of a domain, is a rule of package schema.
func Check(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		path := diag.Path("vms", vm.Name)
		checkSize(&diags, path, vm)
		checkDisplay(&diags, path, vm)
		checkText(&diags, diag.Join(path, "description"), vm.Description)
		if vm.Boot != nil {
			checkText(&diags, diag.Join(path, "boot", "cmdline"), vm.Boot.Cmdline)
		}
		if vm.Libvirt != nil && vm.Libvirt.ExtraXML != "" {
			checkExtra(&diags, diag.Join(path, "libvirt", "extraXML"), vm.Libvirt.ExtraXML)
		}
	}
	return diags
}

func checkSize(diags *diag.List, path string, vm *topology.VM) {
	if vm.Memory%mebibyte != 0 {
		diags.Errorf("libvirt/memory-unit", diag.Join(path, "memory"),
			"memory %q is not a whole number of MiB, which QEMU counts in", vm.Memory).
			Hintf("write %q", (vm.Memory/mebibyte+1)*mebibyte)
	}
	if vm.VCPUs > maxVCPUs {
		diags.Errorf("libvirt/vcpus", diag.Join(path, "vcpus"),
			"%d virtual processors are more than the %d that a machine without an IOMMU can have", vm.VCPUs, maxVCPUs)
	}
}

func checkDisplay(diags *diag.List, path string, vm *topology.VM) {
	if g := vm.Graphics; g != nil && !g.Listen.IsLoopback() {
		diags.Warningf("libvirt/open-display", diag.Join(path, "graphics", "listen"),
			"the display listens on %q without a password", g.Listen).
			Hintf("leave it at %q and reach it through ssh -L", "127.0.0.1")
	}
}

// checkText refuses the characters that the schema lets pass and XML does not.
func checkText(diags *diag.List, path, text string) {
	if r := unprintable(text); r != 0 {
		diags.Errorf("libvirt/character", path, "%q has the character %U, which cannot be written in XML", text, r)
	}
}

func checkExtra(diags *diag.List, path, text string) {
	if err := wellFormed(text); err != nil {
		diags.Errorf("libvirt/extra-xml", path, "this is not XML that can stand within <devices>: %v", err)
		return
	}
	diags.Warningf("libvirt/unchecked-xml", path,
		"these elements are put into the domain as they are; nothing checks what they mean")
}
