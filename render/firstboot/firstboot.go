// Package firstboot renders what a guest is told before it runs for the first
// time: its names, addresses and keys, written to its new disk.
//
// It takes a checked topology and the files of all renderers, and gives each
// host a script, the files that the script writes to disks, and the step that
// runs it. A guest's files are those of its step "system": what it is told first
// is what apply would tell it. Disks are made and marked as new by package
// storage.
package firstboot

import (
	"fmt"
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

// view is what the template shows.
type view struct {
	Header, Host, Stack string
	Guests              []string // NAME DISK ACCOUNT, as words of a shell
}

// Render adds to what all renderers gave. There is nothing that a first boot
// could not express.
func Render(t *topology.Topology, all artifact.Set) (artifact.Set, error) {
	system := systemFiles(all)
	var set artifact.Set
	for _, h := range t.Hosts {
		vms := offline(t, h.Name)
		if len(vms) == 0 {
			continue
		}
		v := view{Header: artifact.Header, Host: h.Name, Stack: t.Name}
		for _, vm := range vms {
			v.Guests = append(v.Guests, shell.Join(vm.Name, t.DiskPath(vm, &vm.Disks[0]), vm.SSH.User))
			for _, f := range guestFiles(vm, system[vm.Name]) {
				set.Files = append(set.Files, artifact.File{Machine: h.Name, Path: dir + vm.Name + "/" + f.Path, Content: f.Content, Step: stepName})
			}
		}
		text, err := templates.Text(templates.Must("firstboot/first-boot.sh.tmpl"), v)
		if err != nil {
			return set, fmt.Errorf("host %s: %w", h.Name, err)
		}
		set.Files = append(set.Files, artifact.File{Machine: h.Name, Path: dir + "first-boot.sh", Content: text, Script: true, Step: stepName})
		set.Steps = append(set.Steps, step(t, h.Name, vms))
	}
	return set, nil
}

// offline lists the VMs of a host whose disks are written to before they start.
func offline(t *topology.Topology, host string) []*topology.VM {
	var vms []*topology.VM
	for _, vm := range t.VMsOn(host) {
		if vm.Provision == "offline" && len(vm.Disks) > 0 && vm.Disks[0].Image != "" {
			vms = append(vms, vm)
		}
	}
	return vms
}

// systemFiles are the files by which each machine knows itself.
func systemFiles(all artifact.Set) map[string][]artifact.File {
	files := make(map[string][]artifact.File)
	for _, f := range all.Files {
		if f.Step == "system" && f.Install != nil {
			files[f.Machine] = append(files[f.Machine], f)
		}
	}
	return files
}

// guestFiles adds to these the keys of those who may log in.
func guestFiles(vm *topology.VM, system []artifact.File) []artifact.File {
	if len(vm.AuthorizedKeys) == 0 {
		return system
	}
	return append(system[:len(system):len(system)], artifact.File{
		Path:    "authorized_keys",
		Content: "# " + artifact.Header + "\n" + strings.Join(vm.AuthorizedKeys, "\n") + "\n",
	})
}

func step(t *topology.Topology, host string, vms []*topology.VM) artifact.Step {
	s := artifact.Step{
		Machine: host, Name: stepName, Phase: artifact.FirstBoot,
		Summary:  "names, addresses and keys on new disks",
		Packages: []string{"openssh-client", "qemu-system-common", "qemu-utils"},
		Apply:    []string{"bash first-boot/first-boot.sh"},
	}
	for _, vm := range vms {
		s.Verify = append(s.Verify, "[ ! -e "+shell.Quote(t.DiskPath(vm, &vm.Disks[0])+".first-boot")+" ]")
	}
	return s
}
