package libvirt

import (
	"cmp"
	"fmt"

	"stackgen/render/artifact"
	"stackgen/render/internal/shell"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// view is what the template of domains.sh sees.
type view struct {
	Host    string
	Domains []domainLine
	Renames bool // whether one of them has a new name
}

// domainLine is a domain; its UUID is given where it may be there by another name.
type domainLine struct{ Name, Autostart, UUID string }

func domainsScript(h topology.Host, vms []*topology.VM) (artifact.File, error) {
	v := view{Host: h.Name}
	for _, vm := range vms {
		line := domainLine{Name: shell.Quote(vm.Name), Autostart: autostart(vm)}
		if vm.RenamedFrom != "" {
			line.UUID = vm.UUID
			v.Renames = true
		}
		v.Domains = append(v.Domains, line)
	}
	file := artifact.File{Machine: h.Name, Path: "libvirt/domains.sh", Format: artifact.Shell, Script: true,
		Step: "libvirt"}
	return templates.File(file, "libvirt/domains.sh.tmpl", v)
}

func autostart(vm *topology.VM) string {
	if vm.Autostart {
		return "enable"
	}
	return "disable"
}

// running asks libvirt whether a VM runs.
func running(vm *topology.VM) string {
	return fmt.Sprintf(`[ "$(LC_ALL=C virsh -q -c qemu:///system domstate %s)" = running ]`, shell.Quote(vm.Name))
}

// needs look for the installation medium of a VM, unless a step before brings it, and
// the kernel that it starts with. One that runs has no more use for them today.
func needs(t *topology.Topology, vm *topology.VM) (lines []string) {
	need := func(path, what string) {
		if path != "" {
			lines = append(lines, fmt.Sprintf("[ -f %s ] || { %s; } 2>/dev/null || { echo %s >&2; false; }", shell.Quote(path),
				running(vm),
				shell.Quote(fmt.Sprintf("%s: there is no %s %s on this host; put it there", vm.Name, what, path))))
		}
	}
	if vm.Install != nil {
		if i := t.Image(vm.Install.CDROM); !i.Made() {
			need(i.Path, "installation medium")
		}
	}
	if vm.Boot != nil {
		need(vm.Boot.Kernel, "kernel")
		need(vm.Boot.Initrd, "initial RAM disk")
	}
	return lines
}

// step verifies that each VM runs and that Open vSwitch has each of its
// interfaces as a port that works: libvirt believes ovs-vsctl's exit code, which
// is 0 for a port without a device. Only ofport tells.
func step(t *topology.Topology, h topology.Host, vms []*topology.VM) artifact.Step {
	s := artifact.Step{
		Machine: h.Name, Name: "libvirt", Phase: artifact.Domains,
		Summary:  "virtual machines",
		Packages: []string{"libvirt-clients", "libvirt-daemon-system", "qemu-system-x86"},
	}
	for _, vm := range vms {
		s.Needs = append(s.Needs, needs(t, vm)...)
		// What is noted of a domain keeps its first name: it is the same domain, and must not
		// seem to have left.
		noted := cmp.Or(vm.RenamedFrom, vm.Name)
		s.Makes = append(s.Makes, artifact.Thing{Kind: "domain", Words: []string{noted, vm.UUID}})
		if vm.RenamedFrom != "" {
			s.Apply = append(s.Apply, takeKeys(t, vm))
		}
		s.Verify = append(s.Verify, running(vm))
		for _, i := range vm.Cards() {
			s.Verify = append(s.Verify, fmt.Sprintf(`[ -n "$(ovs-vsctl --bare --columns=name find Interface external_ids:iface-id=%s 'ofport>0')" ]`, shell.Quote(i.UUID)))
		}
	}
	s.Apply = append(s.Apply, "sh libvirt/domains.sh")
	return s
}

// takeKeys keeps the public SSH keys by which apply knows a guest that is renamed.
func takeKeys(t *topology.Topology, vm *topology.VM) string {
	keys := func(name string) string {
		return shell.Quote("/var/lib/stackgen/" + t.Name + "/first-boot/" + name + ".keys")
	}
	was, is := keys(vm.RenamedFrom), keys(vm.Name)
	return fmt.Sprintf("if [ -e %s ] && [ ! -e %s ]; then cp -p %s %s; fi", was, is, was, is)
}
