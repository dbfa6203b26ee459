package libvirt

import (
	"stackgen/schema/topology"

	"libvirt.org/go/libvirtxml"
)

// devices lists what is plugged into the mainboard. The order of disks and
// interfaces is the order that the guest numbers them in.
func devices(t *topology.Topology, vm *topology.VM) *libvirtxml.DomainDeviceList {
	return &libvirtxml.DomainDeviceList{
		Disks:      disks(t, vm),
		Interfaces: interfaces(t, vm),
		Serials:    []libvirtxml.DomainSerial{serial(vm)},
		Consoles: []libvirtxml.DomainConsole{{
			Source: pty(),
			Target: &libvirtxml.DomainConsoleTarget{Type: "serial", Port: new(uint)},
		}},
		Channels:   []libvirtxml.DomainChannel{guestAgent()},
		Graphics:   graphics(vm),
		Videos:     video(vm),
		MemBalloon: &libvirtxml.DomainMemBalloon{Model: "virtio"},
		RNGs: []libvirtxml.DomainRNG{{
			Model:   "virtio",
			Backend: &libvirtxml.DomainRNGBackend{Random: &libvirtxml.DomainRNGBackendRandom{Device: "/dev/urandom"}},
		}},
	}
}

func pty() *libvirtxml.DomainChardevSource {
	return &libvirtxml.DomainChardevSource{Pty: &libvirtxml.DomainChardevSourcePty{}}
}

// serial is the guest's first serial port, the console of a machine without a
// display. Its log grows across restarts; virtlogd(8) limits it.
func serial(vm *topology.VM) libvirtxml.DomainSerial {
	s := libvirtxml.DomainSerial{Source: pty(),
		Target: &libvirtxml.DomainSerialTarget{Type: "isa-serial", Port: new(uint)}}
	if vm.Serial != nil && vm.Serial.Log != "" {
		s.Log = &libvirtxml.DomainChardevLog{File: vm.Serial.Log, Append: "on"}
	}
	return s
}

// guestAgent is the channel that qemu-guest-agent looks for by this name. The
// path of its socket is libvirt's to choose.
func guestAgent() libvirtxml.DomainChannel {
	return libvirtxml.DomainChannel{
		Source: &libvirtxml.DomainChardevSource{UNIX: &libvirtxml.DomainChardevSourceUNIX{}},
		Target: &libvirtxml.DomainChannelTarget{
			VirtIO: &libvirtxml.DomainChannelTargetVirtIO{Name: "org.qemu.guest_agent.0"},
		},
	}
}

func graphics(vm *topology.VM) []libvirtxml.DomainGraphic {
	if vm.Graphics == nil {
		return nil
	}
	listen := []libvirtxml.DomainGraphicListener{{
		Address: &libvirtxml.DomainGraphicListenerAddress{Address: vm.Graphics.Listen.String()},
	}}
	if vm.Graphics.Type == "spice" {
		return []libvirtxml.DomainGraphic{{Spice: &libvirtxml.DomainGraphicSpice{AutoPort: "yes", Listeners: listen}}}
	}
	return []libvirtxml.DomainGraphic{{VNC: &libvirtxml.DomainGraphicVNC{AutoPort: "yes", Listeners: listen}}}
}

// video is a plain VGA card: firmware, installers and every guest draw on it
// without a driver of their own.
func video(vm *topology.VM) []libvirtxml.DomainVideo {
	if vm.Graphics == nil {
		return nil
	}
	return []libvirtxml.DomainVideo{{Model: libvirtxml.DomainVideoModel{Type: "vga"}}}
}
