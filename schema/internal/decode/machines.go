package decode

import (
	"net/netip"
	"strconv"
	"strings"

	"stackgen/schema/release"
	"stackgen/schema/topology"
)

func decodeTopology(o object) *topology.Topology {
	stack := o.str("name")
	return &topology.Topology{
		APIVersion:   o.str("apiVersion"),
		Name:         stack,
		Description:  o.str("description"),
		Domain:       o.str("domain"),
		Networks:     each(o, "networks", decodeNetwork),
		Hosts:        each(o, "hosts", decodeHost),
		Images:       each(o, "images", decodeImage),
		VMs:          each(o, "vms", func(name string, o object) topology.VM { return decodeVM(stack, name, o) }),
		Certificates: each(o, "certificates", decodeCertificate),
		VRRP:         each(o, "vrrp", decodeVRRP),
		Policies:     each(o, "policies", decodePolicy),
	}
}

func decodeNetwork(name string, o object) topology.Network {
	return topology.Network{
		Name:        name,
		Description: o.str("description"),
		Bridge:      o.str("bridge"),
		VLAN:        o.intOr("vlan", 0),
		Subnet:      prefix(o.str("subnet")),
		Gateway:     o.addr("gateway"),
		MTU:         o.intOr("mtu", 0),
		NameServers: o.addrs("nameServers"),
	}
}

func decodeHost(name string, o object) topology.Host {
	return topology.Host{
		Name:        name,
		Description: o.str("description"),
		OS:          o.strOr("os", release.Default().Name),
		Bridges:     each(o, "bridges", decodeBridge),
		Pools:       decodePools(o),
		Capacity:    topology.Capacity{CPUs: o.obj("capacity").intOr("cpus", 0), Memory: o.obj("capacity").size("memory")},
		Packages:    o.strs("packages"),
		SSH:         decodeSSH(o.obj("ssh"), "root"),
	}
}

// decodePools adds the pool that libvirt itself has by default.
func decodePools(o object) []topology.Pool {
	members := o.obj("pools")
	if !members.has("default") {
		with := object{"default": map[string]any{"path": "/var/lib/libvirt/images"}}
		for name, pool := range members {
			with[name] = pool
		}
		o = object{"pools": map[string]any(with)}
	}
	return each(o, "pools", func(name string, o object) topology.Pool {
		return topology.Pool{Name: name, Path: o.str("path"), Capacity: o.size("capacity")}
	})
}

func decodePolicy(rule string, o object) topology.Policy {
	return topology.Policy{Rule: rule, Severity: o.str("severity"), Reason: o.str("reason"), Paths: o.strs("paths")}
}

func decodeSSH(o object, account string) topology.SSH {
	return topology.SSH{User: o.strOr("user", account), Port: o.intOr("port", 22), Address: o.str("address")}
}

// accountOf is whom a guest lets in: VyOS has an account of its name, and none
// that is root.
func accountOf(vm object) string {
	if platform := vm.obj("router").str("platform"); platform == "vyos" {
		return platform
	}
	return "root"
}

func decodeBridge(name string, o object) topology.Bridge {
	return topology.Bridge{
		Name:        name,
		Description: o.str("description"),
		Datapath:    o.strOr("datapath", "system"),
		Ports:       o.strs("ports"),
		Bonds:       each(o, "bonds", decodeBond),
		Network:     o.str("network"),
		Address:     o.addr("address"),
		Broadcast:   o.addr("broadcast"),
		FailMode:    o.strOr("failMode", "standalone"),
		STP:         o.boolOr("stp", false),
	}
}

func decodeBond(name string, o object) topology.Bond {
	return topology.Bond{
		Name:       name,
		Interfaces: o.strs("interfaces"),
		Mode:       o.strOr("mode", "active-backup"),
		LACP:       o.strOr("lacp", "off"),
	}
}

func decodeImage(name string, o object) topology.Image {
	image := topology.Image{Name: name, Description: o.str("description"), Path: o.str("path"), Format: o.str("format")}
	if s := o.obj("source"); s != nil {
		image.Source = &topology.ImageSource{URL: s.str("url"), SHA256: s.str("sha256"), SHA512: s.str("sha512")}
	}
	if b := o.obj("build"); b != nil {
		image.Build = &topology.ImageBuild{OS: b.str("os"), Size: b.size("size"), Packages: b.strs("packages")}
	}
	return image
}

func decodeVM(stack, name string, o object) topology.VM {
	id := stack + "/" + o.strOr("renamedFrom", name)
	vm := topology.VM{
		Name:           name,
		RenamedFrom:    o.str("renamedFrom"),
		Description:    o.str("description"),
		Host:           o.str("host"),
		OS:             o.str("os"),
		Type:           o.strOr("type", "kvm"),
		Machine:        o.strOr("machine", "q35"),
		VCPUs:          o.intOr("vcpus", 1),
		Memory:         o.size("memory"),
		UUID:           o.strOr("uuid", uuidOf(id)),
		Autostart:      o.boolOr("autostart", true),
		Disks:          each(o, "disks", decodeDisk),
		SSH:            decodeSSH(o.obj("ssh"), accountOf(o)),
		Packages:       o.strs("packages"),
		AuthorizedKeys: o.strs("authorizedKeys"),
		Files:          each(o, "files", decodeFile),
	}
	vm.Interfaces = each(o, "interfaces", func(name string, o object) topology.Interface {
		return decodeInterface(id, name, o)
	})
	vm.Provision = o.strOr("provision", defaultProvision(&vm))
	decodeDevices(&vm, o)
	decodeServices(&vm, o)
	return vm
}

// defaultProvision is offline where there is a known file system to edit.
func defaultProvision(vm *topology.VM) string {
	if vm.OS != "" && len(vm.Disks) > 0 && vm.Disks[0].Image != "" {
		return "offline"
	}
	return "none"
}

func decodeDisk(name string, o object) topology.Disk {
	return topology.Disk{
		Name:        name,
		RenamedFrom: o.str("renamedFrom"),
		Size:        o.size("size"),
		Pool:        o.strOr("pool", "default"),
		Image:       o.str("image"),
		Clone:       o.strOr("clone", "copy"),
		Cache:       o.str("cache"),
	}
}

func decodeInterface(vm, name string, o object) topology.Interface {
	i := topology.Interface{
		Name:        name,
		Description: o.str("description"),
		Network:     o.str("network"),
		Address:     o.addr("address"),
		Addresses:   o.prefixes("addresses"),
		DHCP:        o.boolOr("dhcp", false),
		DHCPv6:      o.boolOr("dhcpv6", false),
		MTU:         o.intOr("mtu", 0),
		MAC:         strings.ToLower(o.str("mac")),
		Offloads:    o.boolOr("offloads", true),
	}
	if i.Kind() == topology.Card {
		i.UUID = uuidOf(vm + "/" + name)
		i.MAC = o.strOr("mac", macOf(vm+"/"+name))
	}
	if b := o.obj("bond"); b != nil {
		i.Bond = &topology.BondSettings{Interfaces: b.strs("interfaces"), Mode: b.strOr("mode", "802.3ad"),
			HashPolicy: b.strOr("hashPolicy", "layer2")}
	}
	return i
}

func decodeFile(path string, o object) topology.File {
	mode := must(strconv.ParseUint(o.strOr("mode", "0644"), 8, 32))
	return topology.File{
		Path:    path,
		Content: o.str("content"),
		Mode:    uint32(mode),
		Owner:   o.strOr("owner", "root"),
		Group:   o.strOr("group", "root"),
	}
}

// decodeDevices reads the blocks about the virtual hardware.
func decodeDevices(vm *topology.VM, o object) {
	if o.has("install") {
		vm.Install = &topology.Install{CDROM: o.obj("install").str("cdrom")}
	}
	if b := o.obj("boot"); b != nil {
		vm.Boot = &topology.Boot{Kernel: b.str("kernel"), Initrd: b.str("initrd"), Cmdline: b.str("cmdline")}
	}
	if g := o.obj("graphics"); g != nil {
		vm.Graphics = &topology.Graphics{Type: g.strOr("type", "vnc"), Listen: g.addr("listen")}
		if !g.has("listen") {
			vm.Graphics.Listen = netip.AddrFrom4([4]byte{127, 0, 0, 1})
		}
	}
	if s := o.obj("serial"); s != nil {
		vm.Serial = &topology.Serial{Log: s.str("log")}
	}
	if o.has("libvirt") {
		vm.Libvirt = &topology.Libvirt{ExtraXML: o.obj("libvirt").str("extraXML")}
	}
}
