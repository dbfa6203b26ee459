// Package firstboot renders what a guest is told before it runs for the first
// time: its names, addresses and keys, written to its new disk or on a seed that
// cloud-init reads.
//
// It takes a checked topology and the files of all renderers, and gives each
// host a script for either way, what the scripts put on disks and seeds, and the
// step that runs them. A guest's files are those of its step "system", and a VyOS
// router's its commands: what it is told first is what apply would tell it. Disks
// are made and marked as new by package storage; package libvirt plugs seeds in.
package firstboot

import (
	"fmt"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/shell"
	"stackgen/schema/topology"
	"stackgen/templates"
)

const (
	stepName = "first-boot"
	dir      = "first-boot/"
)

// view is what the templates show.
type view struct {
	Host, Stack string
	Guests      []string // NAME DISK and what else the script takes, as words of a shell
}

// Render adds to what all renderers gave. What a first boot could not express is
// reported by packages schema and vyos.
func Render(t *topology.Topology, all ...artifact.Set) (artifact.Set, error) {
	own := filesOf(all)
	var set artifact.Set
	for _, h := range t.Hosts {
		for _, scriptOf := range []func(*topology.Topology, string, map[string][]*artifact.File) (artifact.Set, error){
			writeDisks, makeSeeds,
		} {
			s, err := scriptOf(t, h.Name, own)
			if err != nil {
				return set, fmt.Errorf("host %s: %w", h.Name, err)
			}
			set.Files = append(set.Files, s.Files...)
		}
		if vms := slices.Concat(provisioned(t, h.Name, "offline"), provisioned(t, h.Name, "cloud-init")); len(vms) > 0 {
			set.Steps = append(set.Steps, step(t, h.Name, vms))
		}
	}
	return set, nil
}

// filesOf are the files that a machine is told of first.
func filesOf(all []artifact.Set) map[string][]*artifact.File {
	files := make(map[string][]*artifact.File)
	for _, set := range all {
		for i := range set.Files {
			if f := &set.Files[i]; isSystem(f) || isUserData(f) {
				files[f.Machine] = append(files[f.Machine], f)
			}
		}
	}
	return files
}

// isSystem reports whether a file is one by which a machine knows itself.
func isSystem(f *artifact.File) bool { return f.Step == "system" && f.Install != nil }

// isUserData reports whether a file is all that cloud-init tells a VyOS router.
func isUserData(f *artifact.File) bool { return f.Path == "vyos/user-data" }

// provisioned lists the VMs of a host that are told who they are in one way.
func provisioned(t *topology.Topology, host, way string) []*topology.VM {
	var vms []*topology.VM
	for _, vm := range t.VMsOn(host) {
		if vm.Provision == way && len(vm.Disks) > 0 && vm.Disks[0].Image != "" {
			vms = append(vms, vm)
		}
	}
	return vms
}

// writeDisks is the script that writes to the disks of a host, and what it writes.
func writeDisks(t *topology.Topology, host string, own map[string][]*artifact.File) (artifact.Set, error) {
	v := view{Host: host, Stack: t.Name}
	var files []artifact.File
	for _, vm := range provisioned(t, host, "offline") {
		v.Guests = append(v.Guests, shell.Join(vm.Name, t.DiskPath(vm, &vm.Disks[0]), vm.SSH.User))
		files = append(files, below(host, vm, guestFiles(vm, own[vm.Name]))...)
	}
	return withScript(host, "first-boot.sh", v, files)
}

// makeSeeds is the script that makes the seeds of a host, and what is on them.
func makeSeeds(t *topology.Topology, host string, own map[string][]*artifact.File) (artifact.Set, error) {
	v := view{Host: host, Stack: t.Name}
	var files []artifact.File
	for _, vm := range provisioned(t, host, "cloud-init") {
		argv := []string{vm.Name, t.DiskPath(vm, &vm.Disks[0]), t.SeedPath(vm)}
		if vm.OS != "" {
			argv = append(argv, "keys") // VyOS makes its own
		}
		v.Guests = append(v.Guests, shell.Join(argv...))
		seed, err := seedFiles(t, vm, own[vm.Name])
		if err != nil {
			return artifact.Set{}, err
		}
		files = append(files, below(host, vm, seed)...)
	}
	return withScript(host, "seeds.sh", v, files)
}

// withScript adds the script that reads files, if there is a guest to read them for.
func withScript(host, name string, v view, files []artifact.File) (artifact.Set, error) {
	if len(v.Guests) == 0 {
		return artifact.Set{}, nil
	}
	script := artifact.File{Machine: host, Path: dir + name, Format: artifact.Shell, Script: true, Step: stepName}
	script, err := templates.File(script, "firstboot/"+name+".tmpl", v)
	return artifact.Set{Files: append(files, script)}, err
}

// below moves files of a guest to the folder of its host that the script reads.
func below(host string, vm *topology.VM, files []artifact.File) []artifact.File {
	moved := make([]artifact.File, len(files))
	for i, f := range files {
		moved[i] = artifact.File{Machine: host, Path: dir + vm.Name + "/" + f.Path, Format: f.Format,
			Content: f.Content, Secrets: f.Secrets,
			Step: stepName}
	}
	return moved
}

// guestFiles are the files by which a guest knows itself, and the keys of those
// who may log in.
func guestFiles(vm *topology.VM, own []*artifact.File) (files []artifact.File) {
	for _, f := range own {
		if isSystem(f) {
			files = append(files, *f)
		}
	}
	if len(vm.AuthorizedKeys) > 0 {
		files = append(files, artifact.File{
			Path:    "authorized_keys",
			Format:  artifact.AuthorizedKeys,
			Content: "# " + artifact.Header + "\n" + strings.Join(vm.AuthorizedKeys, "\n") + "\n",
		})
	}
	return files
}

// step runs the scripts that the host has. The mark of a new disk goes away when
// its guest can start.
func step(t *topology.Topology, host string, vms []*topology.VM) artifact.Step {
	s := artifact.Step{
		Machine: host, Name: stepName, Phase: artifact.FirstBoot,
		Summary:  "names, addresses and keys of new guests",
		Packages: []string{"openssh-client"},
	}
	if len(provisioned(t, host, "offline")) > 0 {
		s.Packages = append(s.Packages, "qemu-system-common", "qemu-utils")
		s.Apply = append(s.Apply, "bash first-boot/first-boot.sh")
	}
	if len(provisioned(t, host, "cloud-init")) > 0 {
		s.Packages = append(s.Packages, "xorriso")
		s.Apply = append(s.Apply, "bash first-boot/seeds.sh")
	}
	for _, vm := range vms {
		s.Verify = append(s.Verify, "[ ! -e "+shell.Quote(t.DiskPath(vm, &vm.Disks[0])+".first-boot")+" ]")
	}
	return s
}
