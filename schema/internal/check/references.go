package check

import (
	"slices"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/internal/wording"
	"stackgen/schema/topology"
)

// checkReferences finds names that name nothing, or not what is wanted there.
func checkReferences(t *topology.Topology) diag.List {
	r := references{t: t, first: map[reference]int{}}
	for i := range t.Hosts {
		r.bridges(&t.Hosts[i])
	}
	for i := range t.VMs {
		vm := &t.VMs[i]
		r.machine(vm)
		r.router(vm)
		r.services(vm)
	}
	r.vrrp()
	return r.diags
}

// references collects findings about missing names. A name that is used in ten
// places is missing once.
type references struct {
	t     *topology.Topology
	diags diag.List
	first map[reference]int // to its place in diags
}

// reference is a name and what should have it: a kind of thing, of an owner or
// (empty) of the topology.
type reference struct{ owner, kind, name string }

func (r *references) missing(path string, ref reference, candidates []string) {
	if i, ok := r.first[ref]; ok {
		r.diags[i].Also(path, "and used here")
		return
	}
	r.first[ref] = len(r.diags)
	var d *diag.Diagnostic
	if ref.owner == "" {
		d = r.diags.Errorf("references/missing", path, "there is no %s %q", ref.kind, ref.name)
	} else {
		d = r.diags.Errorf("references/missing", path, "%s has no %s %q", ref.owner, ref.kind, ref.name)
	}
	suggest(d, ref.name, candidates)
}

// suggest names what was most likely meant, or all there is.
func suggest(d *diag.Diagnostic, name string, candidates []string) {
	switch near := wording.Nearest(name, candidates); {
	case near != "":
		d.Hintf("did you mean %q?", near)
	case len(candidates) > 0 && len(candidates) <= 8:
		d.Hintf("there is %s", wording.QuotedList(candidates, "and"))
	}
}

func (r *references) host(path, name string) {
	if r.t.Host(name) == nil {
		r.missing(path, reference{"", "host", name}, namesOf(r.t.Hosts, func(h topology.Host) string { return h.Name }))
	}
}

func (r *references) network(path, name string) {
	if name != "" && r.t.Network(name) == nil {
		r.missing(path, reference{"", "network", name}, networkNames(r.t))
	}
}

// vm checks a reference to a VM that stands for its address.
func (r *references) vm(path, name string) {
	if name == "" {
		return
	}
	vm := r.t.VM(name)
	if vm == nil {
		r.missing(path, reference{"", "VM", name}, vmNames(r.t))
		return
	}
	if !r.t.AddressOf(nil, name).IsValid() {
		r.diags.Errorf("references/no-address", path, "VM %q has no address to refer to", name).
			Also(vmPath(vm, "interfaces"), "none of these has an address").
			Hintf("give one of its interfaces an address")
	}
}

// image checks a reference to an image of one of some formats.
func (r *references) image(path, name string, formats ...string) {
	if name == "" {
		return
	}
	image := r.t.Image(name)
	if image == nil {
		r.missing(path, reference{"", "image", name}, namesOf(r.t.Images, func(i topology.Image) string { return i.Name }))
		return
	}
	if !slices.Contains(formats, image.Format) {
		r.diags.Errorf("references/image-format", path, "image %q has format %q, not %s", name, image.Format,
			wording.QuotedList(formats, "or")).
			Also(diag.Path("images", name, "format"), "its format")
	}
}

// target checks the VM and the network that a target names, which are at most
// one.
func (r *references) target(path string, g topology.Target) {
	if both := placeKeys(g); len(both) > 1 {
		r.diags.Errorf("references/one-target", path, "%s are given where one names the target",
			wording.QuotedList(both, "and")).
			Hintf("keep one of them")
	}
	r.vm(diag.Join(path, "vm"), g.VM)
	r.network(diag.Join(path, "network"), g.Network)
}

// machineTarget checks a target that must name a machine.
func (r *references) machineTarget(path, what string, g topology.Target) {
	if g.VM == "" && !g.Address.IsValid() {
		r.diags.Errorf("references/no-target", path, "%s names neither a VM nor an address", what).
			Hintf("add vm: with the name of a VM, or address:")
	}
	r.target(path, g)
}

// placeKeys are the keys of a target that name where it is.
func placeKeys(g topology.Target) (keys []string) {
	if g.VM != "" {
		keys = append(keys, "vm")
	}
	if g.Network != "" {
		keys = append(keys, "network")
	}
	if g.Address.IsValid() {
		keys = append(keys, "address")
	}
	if g.AddressGroup != "" {
		keys = append(keys, "addressGroup")
	}
	if g.NetworkGroup != "" {
		keys = append(keys, "networkGroup")
	}
	return keys
}

func (r *references) bridges(h *topology.Host) {
	for _, b := range h.Bridges {
		r.network(hostPath(h, "bridges", b.Name, "network"), b.Network)
	}
}

// machine checks what the virtual hardware of a VM refers to.
func (r *references) machine(vm *topology.VM) {
	r.host(vmPath(vm, "host"), vm.Host)
	for _, i := range vm.Interfaces {
		r.network(vmPath(vm, "interfaces", i.Name, "network"), i.Network)
		r.cards(vm, i)
	}
	host := r.t.Host(vm.Host)
	for _, d := range vm.Disks {
		r.image(vmPath(vm, "disks", d.Name, "image"), d.Image, "qcow2", "raw")
		if host != nil && host.Pool(d.Pool) == nil {
			r.missing(vmPath(vm, "disks", d.Name, "pool"), reference{wording.Quoted("host", host.Name), "pool", d.Pool},
				namesOf(host.Pools, func(p topology.Pool) string { return p.Name }))
		}
	}
	if vm.Install != nil {
		r.image(vmPath(vm, "install", "cdrom"), vm.Install.CDROM, "iso")
	}
}

func (r *references) router(vm *topology.VM) {
	if vm.Router == nil {
		return
	}
	r.routes(vm)
	r.protocols(vm)
	r.links(vm)
	r.nat(vm)
	r.routerServices(vm)
	r.firewall(vm)
	for _, v := range vm.Router.OpenVPN {
		for i, n := range v.PushRoutes {
			r.network(routerPath(vm, "openvpn", v.Name, "pushRoutes", i), n.Network)
		}
	}
	for _, p := range vm.Router.IPsec {
		for _, u := range p.Tunnels {
			r.network(routerPath(vm, "ipsec", p.Name, "tunnels", u.Number, "localPrefix"), u.Local.Network)
		}
	}
	for _, w := range vm.Router.WireGuard {
		r.profiles(routerPath(vm, "wireguard", w.Name, "peers"), w.Peers)
	}
}

// profiles checks the networks that peers are told to send into a tunnel.
func (r *references) profiles(path string, peers []topology.Peer) {
	for _, p := range peers {
		if p.Profile == nil {
			continue
		}
		for i, n := range p.Profile.AllowedIPs {
			r.network(diag.Join(path, p.Name, "profile", "allowedIPs", i), n.Network)
		}
	}
}

func (r *references) nat(vm *topology.VM) {
	for _, n := range vm.Router.NAT.Source {
		path := natPath(vm, n.Written)
		r.network(diag.Join(path, "source"), n.Source.Network)
		r.target(diag.Join(path, "destination"), n.Destination)
		r.routerInterface(diag.Join(path, "outboundInterface"), vm, n.OutboundInterface)
	}
	for _, n := range vm.DestinationRules() {
		path := natPath(vm, n.Written)
		r.routerInterface(diag.Join(path, "inboundInterface"), vm, n.InboundInterface)
		r.target(diag.Join(path, "source"), n.Source)
		if !n.Exclude {
			r.machineTarget(diag.Join(path, "translation"), "the translation", n.Translation)
		}
	}
}

// routerInterface checks the name of an interface that a router has: of its VM
// or a tunnel of its own.
func (r *references) routerInterface(path string, vm *topology.VM, name string) {
	names := append(namesOf(vm.Interfaces, func(i topology.Interface) string { return i.Name }),
		namesOf(vm.Router.Tunnels(), func(t topology.Tunnel) string { return t.Name })...)
	if !slices.Contains(names, name) {
		r.missing(path, reference{wording.Quoted("VM", vm.Name), "interface", name}, names)
	}
}

// services checks what refers to other machines.
func (r *references) services(vm *topology.VM) {
	for _, u := range vm.CertificateUses() {
		if r.t.Certificate(u.Certificate) == nil {
			r.missing(vmPath(vm, u.Path...), reference{"", "certificate", u.Certificate},
				namesOf(r.t.Certificates, func(c topology.Certificate) string { return c.Name }))
		}
	}
	vm.Mentions(func(m topology.Mention) {
		if m.Path[0] == "router" { // see router
			return
		}
		path := vmPath(vm, m.Path...)
		if m.Target != nil {
			r.machineTarget(path, wording.Quoted(m.What, m.Name), *m.Target)
		}
		r.vm(path, m.VM)
		if m.Client != "" {
			r.databaseClient(path, m.Client)
		}
	})
}

// databaseClient checks where an account comes from: the name of a VM or a
// network, when it is not an address.
func (r *references) databaseClient(path, client string) {
	switch {
	case client == "localhost" || strings.HasSuffix(client, "%"),
		topology.IsIP(client) || topology.IsCIDR(client) || r.t.Network(client) != nil:
	case r.t.VM(client) != nil:
		r.vm(path, client)
	default:
		r.missing(path, reference{"", "VM or network", client}, append(vmNames(r.t), networkNames(r.t)...))
	}
}

func vmNames(t *topology.Topology) []string {
	return namesOf(t.VMs, func(v topology.VM) string { return v.Name })
}

func networkNames(t *topology.Topology) []string {
	return namesOf(t.Networks, func(n topology.Network) string { return n.Name })
}

func namesOf[T any](list []T, name func(T) string) []string {
	names := make([]string, len(list))
	for i, e := range list {
		names[i] = name(e)
	}
	return names
}
