package libvirt

import (
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
}

type domainLine struct{ Name, Autostart string }

func domainsScript(h topology.Host, vms []*topology.VM) (artifact.File, error) {
	v := view{Host: h.Name}
	for _, vm := range vms {
		v.Domains = append(v.Domains, domainLine{shell.Quote(vm.Name), autostart(vm)})
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

// step verifies that each VM runs and that Open vSwitch has each of its
// interfaces as a port that works: libvirt believes ovs-vsctl's exit code, which
// is 0 for a port without a device. Only ofport tells.
func step(h topology.Host, vms []*topology.VM) artifact.Step {
	s := artifact.Step{
		Machine: h.Name, Name: "libvirt", Phase: artifact.Domains,
		Summary:  "virtual machines",
		Packages: []string{"libvirt-clients", "libvirt-daemon-system", "qemu-system-x86"},
		Apply:    []string{"sh libvirt/domains.sh"},
	}
	for _, vm := range vms {
		s.Makes = append(s.Makes, artifact.Thing{Kind: "domain", Words: []string{vm.Name, vm.UUID}})
		s.Verify = append(s.Verify, fmt.Sprintf(`[ "$(LC_ALL=C virsh -q -c qemu:///system domstate %s)" = running ]`,
			shell.Quote(vm.Name)))
		for _, i := range vm.Cards() {
			s.Verify = append(s.Verify, fmt.Sprintf(`[ -n "$(ovs-vsctl --bare --columns=name find Interface external_ids:iface-id=%s 'ofport>0')" ]`, shell.Quote(i.UUID)))
		}
	}
	return s
}
