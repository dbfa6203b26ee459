package check

import (
	"stackgen/schema/diag"
	"stackgen/schema/release"
	"stackgen/schema/topology"
)

// smallestBuild is what a minimal system with a kernel needs, and a little more.
const smallestBuild topology.Size = 1 << 30

// checkImages finds images of which nobody can tell whether they are the right ones,
// and those that cannot be made.
func checkImages(t *topology.Topology) (diags diag.List) {
	for _, i := range t.Images {
		path := diag.Path("images", i.Name)
		if i.Source != nil && i.Build != nil {
			diags.Errorf("images/origin", diag.Join(path, "build"), "image %q is to be fetched and to be built", i.Name).
				AtKey().Also(diag.Join(path, "source"), "where it is fetched").Hintf("leave out one of the two")
		}
		if i.Source != nil {
			digest(i, &diags)
		}
		if i.Build != nil {
			build(t, i, &diags)
		}
	}
	return diags
}

// digest finds sources without exactly one digest.
func digest(i topology.Image, diags *diag.List) {
	path := diag.Path("images", i.Name, "source")
	switch {
	case i.Source.SHA256 == "" && i.Source.SHA512 == "":
		diags.Errorf("images/digest", path, "without a digest a page of an error, half a file or a stranger's would become image %q", i.Name).
			AtKey().Hintf("add sha512: 'HEX', from SHA512SUMS beside the image or whatever its maker publishes")
	case i.Source.SHA256 != "" && i.Source.SHA512 != "":
		diags.Errorf("images/digest", diag.Join(path, "sha256"), "image %q has two digests", i.Name).
			AtKey().Also(diag.Join(path, "sha512"), "the other one").Hintf("leave out sha256")
	}
}

// build finds images that cannot be built, or not for their disks.
func build(t *topology.Topology, i topology.Image, diags *diag.List) {
	path := diag.Path("images", i.Name, "build")
	if i.Format != "qcow2" {
		diags.Errorf("images/build-format", diag.Path("images", i.Name, "format"), "an image that is built is qcow2, not %s",
			i.Format).
			Hintf("write format: 'qcow2'")
	}
	if i.Build.Size < smallestBuild {
		diags.Errorf("images/build-size", diag.Join(path, "size"), "%q is too little for a system with a kernel",
			i.Build.Size).
			Hintf("write '2GiB'; a disk made from it may be larger")
	}
	for j := range t.VMs {
		vm := &t.VMs[j]
		for _, d := range vm.Disks {
			if d.Image == i.Name && d.Size < i.Build.Size {
				diags.Errorf("images/larger-than-disk", vmPath(vm, "disks", d.Name, "size"),
					"the disk has %q, and image %q is built with %q", d.Size, i.Name, i.Build.Size).
					Also(diag.Join(path, "size"), "the size of the image").Hintf("make the disk larger, or the image smaller")
			}
		}
		wrongRelease(vm, i, diags)
	}
}

// wrongRelease finds a VM that is configured as one release and built as another.
func wrongRelease(vm *topology.VM, i topology.Image, diags *diag.List) {
	if vm.OS == "" || len(vm.Disks) == 0 || vm.Disks[0].Image != i.Name || release.Of(vm.OS) == release.Of(i.Build.OS) {
		return
	}
	diags.Errorf("images/other-release", vmPath(vm, "os"), "VM %q is configured as %s, and its image is built as %s",
		vm.Name, vm.OS, i.Build.OS).
		Also(diag.Path("images", i.Name, "build", "os"), "what the image is built as").Hintf("write the same os in both")
}
