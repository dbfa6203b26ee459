package libvirt

import (
	"bytes"
	"encoding/xml"

	"stackgen/render/artifact"
	"stackgen/schema/release"
	"stackgen/schema/topology"

	"libvirt.org/go/libvirtxml"
)

// writer writes domains. Its room serves for one after the other.
type writer struct {
	qemu            string // version of the machine types
	text, collapsed bytes.Buffer
	encoder         *xml.Encoder // into text
}

func newWriter(t *topology.Topology) *writer {
	w := &writer{qemu: release.Oldest(systems(t)).QEMU}
	w.encoder = xml.NewEncoder(&w.text)
	w.encoder.Indent("", "  ")
	return w
}

// domain is the domain of a VM as libvirt reads it. Its comment has no name in
// it: a name may contain "--", which would end a comment.
func (w *writer) domain(t *topology.Topology, vm *topology.VM) (string, error) {
	w.text.Reset()
	w.collapsed.Reset()
	d := w.describe(t, vm)
	if err := w.encoder.Encode(&d); err != nil {
		return "", err
	}
	w.collapsed.WriteString("<!-- " + artifact.Header + " -->\n")
	collapse(&w.collapsed, bytes.TrimSpace(w.text.Bytes())) // a line break is before all but the first
	w.collapsed.WriteByte('\n')
	text := w.collapsed.String()
	if vm.Libvirt != nil {
		text = merge(text, vm.Libvirt.ExtraXML)
	}
	return text, nil
}

// collapse writes elements without content as libvirt itself does, <acpi/> for
// <acpi></acpi>. Nothing else has "></" in it: indentation stands before the end
// of an element with children, and the encoder escapes ">" in text.
func collapse(to *bytes.Buffer, text []byte) {
	for {
		before, end, found := bytes.Cut(text, []byte("></"))
		to.Write(before)
		if !found {
			return
		}
		to.WriteString("/>")
		_, text, _ = bytes.Cut(end, []byte(">"))
	}
}

func (w *writer) describe(t *topology.Topology, vm *topology.VM) libvirtxml.Domain {
	return libvirtxml.Domain{
		Type:        vm.Type,
		Name:        vm.Name,
		UUID:        vm.UUID,
		Title:       t.FQDN(vm.Name),
		Description: vm.Description,
		Memory:      &libvirtxml.DomainMemory{Value: uint(vm.Memory / mebibyte), Unit: "MiB"},
		VCPU:        &libvirtxml.DomainVCPU{Placement: "static", Value: uint(vm.VCPUs)},
		OS:          w.system(vm),
		Features:    &libvirtxml.DomainFeatureList{ACPI: &libvirtxml.DomainFeature{}, APIC: &libvirtxml.DomainFeatureAPIC{}},
		CPU:         &libvirtxml.DomainCPU{Mode: cpuMode(vm)},
		Clock:       &libvirtxml.DomainClock{Offset: "utc"},
		OnPoweroff:  "destroy",
		OnReboot:    "restart",
		OnCrash:     "restart",
		Devices:     devices(t, vm),
	}
}

// system is the virtual mainboard and, where the topology says so, the kernel
// that is started on it without firmware.
func (w *writer) system(vm *topology.VM) *libvirtxml.DomainOS {
	os := &libvirtxml.DomainOS{Type: &libvirtxml.DomainOSType{Arch: "x86_64", Machine: w.machine(vm), Type: "hvm"}}
	if b := vm.Boot; b != nil {
		os.Kernel, os.Initrd, os.Cmdline = b.Kernel, b.Initrd, b.Cmdline
	}
	return os
}

// machine is the chipset in the version that the oldest of all hosts has: a guest
// can move to any of them. The bare name would be whatever the installed QEMU takes
// for the newest, and the guest would find other hardware after an upgrade of it.
func (w *writer) machine(vm *topology.VM) string {
	return map[string]string{"q35": "pc-q35-", "pc": "pc-i440fx-"}[vm.Machine] + w.qemu
}

// systems are the releases of all hosts.
func systems(t *topology.Topology) (names []string) {
	for _, h := range t.Hosts {
		names = append(names, h.OS)
	}
	return names
}

// cpuMode gives a guest all that its processor can do: that of the host, or
// that of the emulator, which libvirt refuses host-passthrough for.
func cpuMode(vm *topology.VM) string {
	if vm.Type == "qemu" {
		return "maximum"
	}
	return "host-passthrough"
}
