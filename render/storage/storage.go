// Package storage renders the disks of each host's VMs as a script of
// qemu-img(1) commands.
//
// It takes a checked topology and gives storage/disks.sh for each host. Images
// are there already. A disk that exists grows when the topology has it larger;
// it never shrinks, and its format and base stay what they are. What is in a disk beyond its image is left to package
// firstboot: a new disk that waits for it has a second name, DISK.first-boot,
// which firstboot takes away; a file of that name that is not the disk itself
// (test -ef) says nothing.
package storage

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/shell"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// maxSize is the largest qcow2 with clusters of 64 KiB: its first table has at
// most 32 MiB (QCOW_MAX_L1_SIZE), and each of its entries maps 512 MiB.
const maxSize topology.Size = 2048 << 40

// Check reports what qemu-img cannot make and what it would overwrite.
func Check(t *topology.Topology) (diags diag.List) {
	images := imagePaths(t)
	taken := make(map[hostFile]string)
	for i := range t.VMs {
		vm := &t.VMs[i]
		for j := range vm.Disks {
			d := &vm.Disks[j]
			path := diag.Path("vms", vm.Name, "disks", d.Name)
			checkSize(&diags, path, d)
			file := hostFile{vm.Host, t.DiskPath(vm, d)}
			if other := cmp.Or(images[file.path], taken[file]); other != "" {
				diags.Errorf("storage/path-conflict", path, "the disk would be %q, which is taken", file.path).
					Also(other, "taken here").
					Hintf("put it in another pool, or name one of the two differently")
			}
			taken[file] = path
		}
	}
	return diags
}

// hostFile is a file on a host.
type hostFile struct{ host, path string }

// imagePaths is where the images lie, on every host that needs them.
func imagePaths(t *topology.Topology) map[string]string {
	paths := make(map[string]string, len(t.Images))
	for _, i := range t.Images {
		paths[i.Path] = diag.Path("images", i.Name, "path")
	}
	return paths
}

func checkSize(diags *diag.List, path string, d *topology.Disk) {
	if d.Size > maxSize {
		diags.Errorf("storage/disk-size", diag.Join(path, "size"), "%q is more than the %q that a qcow2 file can hold",
			d.Size, maxSize)
	}
}

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for _, h := range t.Hosts {
		vms := t.VMsOn(h.Name)
		if len(vms) == 0 {
			continue
		}
		file, err := script(t, h, vms)
		if err != nil {
			return artifact.Set{}, err
		}
		set.Files = append(set.Files, file)
		set.Steps = append(set.Steps, step(t, h, vms))
	}
	return set, nil
}

func script(t *topology.Topology, h topology.Host, vms []*topology.VM) (artifact.File, error) {
	view := struct {
		Host  string
		Disks []string // the arguments of a disk
		Made  string   // the images that a step before makes, as a pattern of case
	}{Host: h.Name, Made: made(t, h)}
	for _, vm := range vms {
		for i := range vm.Disks {
			view.Disks = append(view.Disks, shell.Join(arguments(t, vm, &vm.Disks[i])...))
		}
	}
	file := artifact.File{Machine: h.Name, Path: "storage/disks.sh", Format: artifact.Shell, Script: true, Step: "storage"}
	return templates.File(file, "storage/disks.sh.tmpl", view)
}

// made are the images that the host comes by itself.
func made(t *topology.Topology, h topology.Host) string {
	var paths []string
	for _, i := range t.ImagesOn(h.Name) {
		if i.Made() {
			paths = append(paths, shell.Quote(i.Path))
		}
	}
	return strings.Join(paths, " | ")
}

// arguments are what the script's functions take: PATH BYTES DOMAIN, for a disk
// from an image then copy or overlay, IMAGE FORMAT, and for one that is written
// to before its VM first starts, first-boot.
func arguments(t *topology.Topology, vm *topology.VM, d *topology.Disk) []string {
	argv := []string{t.DiskPath(vm, d), strconv.FormatInt(int64(d.Size), 10), vm.Name}
	if image := t.Image(d.Image); image != nil {
		argv = append(argv, d.Clone, image.Path, image.Format)
		if vm.Provision != "none" && d.Name == vm.Disks[0].Name {
			argv = append(argv, "first-boot")
		}
	}
	return argv
}

// step verifies that each disk can be read as what its domain takes it for,
// also while its VM runs (-U).
func step(t *topology.Topology, h topology.Host, vms []*topology.VM) artifact.Step {
	s := artifact.Step{
		Machine: h.Name, Name: "storage", Phase: artifact.Storage,
		Summary:  "disks of the virtual machines",
		Packages: []string{"qemu-utils"},
		Apply:    []string{"sh storage/disks.sh"},
	}
	if slices.ContainsFunc(t.ImagesOn(h.Name), func(i *topology.Image) bool { return !i.Made() }) {
		s.Needs = []string{"sh storage/disks.sh need"}
	}
	if made(t, h) != "" {
		s.After = []string{h.Name + "/images"}
	}
	for _, vm := range vms {
		for i := range vm.Disks {
			s.Verify = append(s.Verify, shell.Join("qemu-img", "info", "-U", "-f", "qcow2",
				t.DiskPath(vm, &vm.Disks[i]))+" >/dev/null")
		}
	}
	return s
}
