package libvirt

import (
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"stackgen/render/internal/rendertest"
	"stackgen/schema/topology"

	"libvirt.org/go/libvirtxml"
)

// parsed renders the domain of a VM of the reference stack with a patch and
// reads it back.
func parsed(t *testing.T, patch, vm string) libvirtxml.Domain {
	t.Helper()
	topo := rendertest.Variant(t, "nullzero", patch)
	text, err := newWriter(topo).domain(topo, topo.VM(vm))
	if err != nil {
		t.Fatal(err)
	}
	var d libvirtxml.Domain
	if err := d.Unmarshal(text); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDomain(t *testing.T) {
	d := parsed(t, `{ vms+: { web01+: { description: 'serves the site' } } }`, "web01")
	for _, tt := range []struct{ field, got, want string }{
		{"type", d.Type, "kvm"},
		{"name", d.Name, "web01"},
		{"title", d.Title, "web01.nullzero.me"},
		{"description", d.Description, "serves the site"},
		{"memory unit", d.Memory.Unit, "MiB"},
		{"machine", d.OS.Type.Machine, "pc-q35-7.2"},
		{"cpu", d.CPU.Mode, "host-passthrough"},
		{"kernel", d.OS.Kernel, ""},
		{"console", d.Devices.Consoles[0].Target.Type, "serial"},
		{"agent", d.Devices.Channels[0].Target.VirtIO.Name, "org.qemu.guest_agent.0"},
		{"vnc", d.Devices.Graphics[0].VNC.Listeners[0].Address.Address, "127.0.0.1"},
		{"video", d.Devices.Videos[0].Model.Type, "vga"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s is %q, want %q", tt.field, tt.got, tt.want)
		}
	}
	if d.Memory.Value != 4096 || d.VCPU.Value != 4 {
		t.Errorf("%d MiB and %d vcpus, want 4096 and 4", d.Memory.Value, d.VCPU.Value)
	}
}

// TestTestMachine has all that a machine without KVM and without the kernel's
// datapath needs, said in the topology.
func TestTestMachine(t *testing.T) {
	d := parsed(t, `{ vms+: { web01+: {
		type: 'qemu', machine: 'pc', memory: '256MiB', graphics:: null, serial: { log: '/var/log/web01.log' },
		boot: { kernel: '/srv/vmlinuz', initrd: '/srv/initrd.img', cmdline: 'root=/dev/vda ro console=ttyS0 net.ifnames=0' },
		disks+: { vda+: { cache: 'unsafe' } }, interfaces+: { eth0+: { offloads: false } },
	} } }`, "web01")
	nic, disk := d.Devices.Interfaces[0], d.Devices.Disks[0]
	for _, tt := range []struct{ field, got, want string }{
		{"type", d.Type, "qemu"},
		{"machine", d.OS.Type.Machine, "pc-i440fx-7.2"},
		{"cpu", d.CPU.Mode, "maximum"},
		{"kernel", d.OS.Kernel, "/srv/vmlinuz"},
		{"initrd", d.OS.Initrd, "/srv/initrd.img"},
		{"cmdline", d.OS.Cmdline, "root=/dev/vda ro console=ttyS0 net.ifnames=0"},
		{"cache", disk.Driver.Cache, "unsafe"},
		{"driver", nic.Driver.Name, "qemu"},
		{"host csum", nic.Driver.Host.CSum, "off"},
		{"guest tso4", nic.Driver.Guest.TSO4, "off"},
		{"log", d.Devices.Serials[0].Log.File, "/var/log/web01.log"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s is %q, want %q", tt.field, tt.got, tt.want)
		}
	}
	if d.Memory.Value != 256 || len(d.Devices.Graphics)+len(d.Devices.Videos) != 0 {
		t.Errorf("%d MiB, %v, %v; want 256 and no display", d.Memory.Value, d.Devices.Graphics, d.Devices.Videos)
	}
}

// TestMachine: guests have what the oldest of the hosts knows, on all of them, so
// that they can move.
func TestMachine(t *testing.T) {
	for _, tt := range []struct{ hosts, q35, pc string }{
		{`{}`, "pc-q35-7.2", "pc-i440fx-7.2"},
		{`{ vmm+: { os: 'debian-13' } }`, "pc-q35-10.0", "pc-i440fx-10.0"},
		{`{ vmm+: { os: 'debian-13' }, spare: { os: 'debian-12' } }`, "pc-q35-7.2", "pc-i440fx-7.2"},
	} {
		patch := "{ hosts+: " + tt.hosts + ", vms+: { db01+: { machine: 'pc' } } }"
		if got := parsed(t, patch, "web01").OS.Type.Machine; got != tt.q35 {
			t.Errorf("q35 with %s: got %s, want %s", tt.hosts, got, tt.q35)
		}
		if got := parsed(t, patch, "db01").OS.Type.Machine; got != tt.pc {
			t.Errorf("pc with %s: got %s, want %s", tt.hosts, got, tt.pc)
		}
	}
}

// seeded is a router that cloud-init configures.
func seeded(machine string) string {
	return "{ machine: '" + machine + "', provision: 'cloud-init', install:: null, disks: { vda: { size: '10GiB', image: 'debian-12' } } }"
}

func TestDisks(t *testing.T) {
	tests := []struct {
		patch string
		want  []string // device, target, bus, path and boot order
	}{
		{`{}`, []string{"disk vda virtio /var/lib/libvirt/images/rtr01.qcow2 1", "cdrom sda sata /var/lib/libvirt/images/vyos-1.4.iso 2"}},
		{`{ machine: 'pc' }`, []string{"disk vda virtio /var/lib/libvirt/images/rtr01.qcow2 1", "cdrom hda ide /var/lib/libvirt/images/vyos-1.4.iso 2"}},
		{`{ install:: null, disks+: { vdb: { size: '1GiB' } } }`, []string{"disk vda virtio /var/lib/libvirt/images/rtr01.qcow2 1", "disk vdb virtio /var/lib/libvirt/images/rtr01-vdb.qcow2 0"}},
		{seeded("q35"), []string{"disk vda virtio /var/lib/libvirt/images/rtr01.qcow2 1", "cdrom sdb sata /var/lib/libvirt/images/rtr01-seed.iso 0"}},
		{seeded("pc"), []string{"disk vda virtio /var/lib/libvirt/images/rtr01.qcow2 1", "cdrom hdb ide /var/lib/libvirt/images/rtr01-seed.iso 0"}},
	}
	for _, tt := range tests {
		var got []string
		for _, d := range parsed(t, "{ vms+: { rtr01+: "+tt.patch+" } }", "rtr01").Devices.Disks {
			order := "0"
			if d.Boot != nil {
				order = string(rune('0' + d.Boot.Order))
			}
			got = append(got, strings.Join([]string{d.Device, d.Target.Dev, d.Target.Bus, d.Source.File.File, order}, " "))
			if (d.Device == "cdrom") != (d.ReadOnly != nil) {
				t.Errorf("%s: %s readonly is %v", tt.patch, d.Target.Dev, d.ReadOnly)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("disks of rtr01 with %s\n got %q\nwant %q", tt.patch, got, tt.want)
		}
	}
}

func TestInterfaces(t *testing.T) {
	d := parsed(t, `{
		networks+: {
			lan+: { mtu: 1400 },
			dmz: { bridge: 'sw-lan', vlan: 20, subnet: '10.0.2.0/24' },
		},
		vms+: { rtr01+: { interfaces+: { eth2: { network: 'dmz' }, eth10: { network: 'dmz' } } } },
	}`, "rtr01")
	var bridges []string
	for _, i := range d.Devices.Interfaces {
		bridges = append(bridges, i.Source.Bridge.Bridge)
	}
	if want := []string{"sw-net", "sw-lan", "sw-lan", "sw-lan"}; !slices.Equal(bridges, want) {
		t.Fatalf("bridges %q, want %q", bridges, want)
	}
	eth0, eth1, eth2 := d.Devices.Interfaces[0], d.Devices.Interfaces[1], d.Devices.Interfaces[2]
	if eth0.MAC.Address != "00:50:56:00:5e:97" || eth0.VLan != nil || eth0.MTU != nil || eth0.Driver != nil {
		t.Errorf("eth0 is %+v", eth0)
	}
	if eth1.MTU == nil || eth1.MTU.Size != 1400 {
		t.Errorf("MTU of eth1 is %+v, want 1400", eth1.MTU)
	}
	if eth2.VLan == nil || len(eth2.VLan.Tags) != 1 || eth2.VLan.Tags[0].ID != 20 {
		t.Errorf("tags of eth2 are %+v, want 20", eth2.VLan)
	}
	for _, i := range d.Devices.Interfaces {
		if len(i.VirtualPort.Params.OpenVSwitch.InterfaceID) != 36 || i.Model.Type != "virtio" {
			t.Errorf("interface %s: %+v, %+v", i.MAC.Address, i.VirtualPort.Params.OpenVSwitch, i.Model)
		}
	}
}

func TestNatural(t *testing.T) {
	want := []string{"enp1s0", "enp1s1", "enp2s0", "enp10s0", "eth", "eth0", "eth1", "eth2", "eth10", "lan"}
	got := slices.Clone(want)
	slices.Reverse(got)
	if slices.SortFunc(got, compareNatural); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestNoNameInComment: two hyphens may be in a name and not in a comment.
func TestNoNameInComment(t *testing.T) {
	if d := parsed(t, `{ vms+: { 'a--b': super.web01 { interfaces: {} } } }`, "a--b"); d.Name != "a--b" {
		t.Errorf("name %q", d.Name)
	}
}

// FuzzText holds descriptions and command lines to their law: whatever the
// checks let pass is read back unchanged.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "a b", "]]>", "-->", "<!--", "</devices>", "&amp;", `"'`, `C:\`, "$(id)", "é\u0085\u2028", "></", "\uFFFE", "\uFFFD"} {
		f.Add(s)
	}
	topo := rendertest.Topology(f, "nullzero")
	vm := *topo.VM("web01")
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ToValidUTF8(s, "") != s || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' }) || unprintable(s) != 0 {
			t.Skip("refused before it comes here")
		}
		vm.Description, vm.Boot = s, &topology.Boot{Kernel: "/k", Cmdline: s}
		text, err := newWriter(topo).domain(topo, &vm)
		if err != nil {
			t.Fatal(err)
		}
		var d libvirtxml.Domain
		if err := xml.Unmarshal([]byte(text), &d); err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if d.Description != s || d.OS.Cmdline != s || len(d.Devices.Disks) != len(vm.Disks) {
			t.Errorf("%q is read back as %q and %q", s, d.Description, d.OS.Cmdline)
		}
	})
}
