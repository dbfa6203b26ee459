package libvirt

import (
	"stackgen/schema/topology"

	"libvirt.org/go/libvirtxml"
)

// The first disk is tried first and the installation medium second. A blank
// disk has no boot sector, so the firmware falls through to the medium; once
// something is installed, the reboot that ends the installation starts it, and
// no one has to take the medium out. The other way round the installer would
// come up for ever.
const (
	diskFirst   = 1
	cdromSecond = 2
)

// disks lists the virtio disks, the installation medium, and the seed that
// cloud-init reads.
func disks(t *topology.Topology, vm *topology.VM) []libvirtxml.DomainDisk {
	var list []libvirtxml.DomainDisk
	for i := range vm.Disks {
		d := disk(t.DiskPath(vm, &vm.Disks[i]), &vm.Disks[i])
		if i == 0 {
			d.Boot = &libvirtxml.DomainDeviceBoot{Order: diskFirst}
		}
		list = append(list, d)
	}
	if vm.Install != nil {
		install := cdrom(t.Image(vm.Install.CDROM).Path, vm.Machine, "a")
		install.Boot = &libvirtxml.DomainDeviceBoot{Order: cdromSecond}
		list = append(list, install)
	}
	if vm.Provision == "cloud-init" {
		list = append(list, seed(t.SeedPath(vm), vm.Machine))
	}
	return list
}

// seed is in the second drive, whether there is a first or not. After the first
// boot the guest has no more use for it, and starts without it as well.
func seed(path, machine string) libvirtxml.DomainDisk {
	d := cdrom(path, machine, "b")
	d.Source.StartupPolicy = "optional"
	return d
}

// disk passes the guest's discards on, so that the file shrinks with what the
// guest deletes.
func disk(path string, d *topology.Disk) libvirtxml.DomainDisk {
	return libvirtxml.DomainDisk{
		Device: "disk",
		Driver: &libvirtxml.DomainDiskDriver{Name: "qemu", Type: "qcow2", Cache: d.Cache, Discard: "unmap"},
		Source: source(path),
		Target: &libvirtxml.DomainDiskTarget{Dev: d.Name, Bus: "virtio"},
	}
}

// cdrom is on the bus that the chipset has for it: q35 has no IDE, pc no SATA.
func cdrom(path, machine, letter string) libvirtxml.DomainDisk {
	target := &libvirtxml.DomainDiskTarget{Dev: "sd" + letter, Bus: "sata"}
	if machine == "pc" {
		target = &libvirtxml.DomainDiskTarget{Dev: "hd" + letter, Bus: "ide"}
	}
	return libvirtxml.DomainDisk{
		Device:   "cdrom",
		Driver:   &libvirtxml.DomainDiskDriver{Name: "qemu", Type: "raw"},
		Source:   source(path),
		Target:   target,
		ReadOnly: &libvirtxml.DomainDiskReadOnly{},
	}
}

func source(path string) *libvirtxml.DomainDiskSource {
	return &libvirtxml.DomainDiskSource{File: &libvirtxml.DomainDiskSourceFile{File: path}}
}
