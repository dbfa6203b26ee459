package check

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/flow"
	"stackgen/schema/topology"
)

// checkEnds holds the two ends of one thing against each other, where both are in
// the topology: what they do not agree on never comes up.
func checkEnds(t *topology.Topology) (diags diag.List) {
	e := ends{n: flow.New(t), diags: &diags}
	for i := range t.VMs {
		if vm := &t.VMs[i]; vm.Router != nil {
			e.bgp(vm)
			e.ipsec(vm)
			e.openVPN(vm)
			e.wireGuard(vm)
		}
	}
	for i := range t.Networks {
		e.ospf(&t.Networks[i])
		e.mtus(&t.Networks[i])
	}
	return diags
}

// ends compares.
type ends struct {
	n     *flow.Net
	diags *diag.List
}

// router is the router that has an address, or nil.
func (e ends) router(a netip.Addr) *topology.VM {
	if vm := ownerOf(e.n.Topology, a); vm != nil && vm.Router != nil {
		return vm
	}
	return nil
}

// bgp finds a neighbour that is another one than it is said to be.
func (e ends) bgp(vm *topology.VM) {
	if vm.Router.BGP == nil {
		return
	}
	for _, b := range vm.Router.BGP.Neighbors {
		a, err := netip.ParseAddr(b.Name)
		other := e.router(a)
		if err != nil || other == nil || other == vm {
			continue
		}
		path := routerPath(vm, "bgp", "neighbors", b.Name)
		switch far := other.Router.BGP; {
		case far == nil:
			e.diags.Errorf("bgp/other-end", path, "%s is %q, which does not speak BGP", a, other.Name).
				Also(vmPath(other, "router"), "the other end").
				Hintf("add bgp: { as: %d, … } there", b.RemoteAS)
		case far.AS != b.RemoteAS:
			e.diags.Errorf("bgp/other-end", diag.Join(path, "remoteAs"), "%s is %q, whose AS is %d and not %d", a, other.Name,
				far.AS, b.RemoteAS).
				Also(routerPath(other, "bgp", "as"), "its AS").Hintf("write remoteAs: %d", far.AS)
		case !slices.ContainsFunc(far.Neighbors, func(n topology.BGPNeighbor) bool { return isOf(vm, n.Name) }):
			e.diags.Errorf("bgp/other-end", path, "%s is %q, which has no neighbour with an address of %q", a, other.Name,
				vm.Name).
				Also(routerPath(other, "bgp"), "the other end").Hintf("add a neighbour there")
		}
	}
}

// isOf reports whether a text is an address of a VM.
func isOf(vm *topology.VM, text string) bool {
	a, err := netip.ParseAddr(text)
	return err == nil && vm.Owns(a)
}

// differences collects what two ends say differently.
type differences []string

func (d *differences) add(what string, here, there any) {
	if fmt.Sprint(here) != fmt.Sprint(there) {
		*d = append(*d, fmt.Sprintf("%s is %v here and %v there", what, here, there))
	}
}

// ipsec finds peers that agree on no keys or no networks.
func (e ends) ipsec(vm *topology.VM) {
	for i := range vm.Router.IPsec {
		p := &vm.Router.IPsec[i]
		other := e.router(p.RemoteAddress)
		own := e.n.IPsecAddress(vm, p)
		if other == nil || other == vm || !own.IsValid() {
			continue
		}
		path := routerPath(vm, "ipsec", p.Name)
		j := slices.IndexFunc(other.Router.IPsec, func(f topology.IPsec) bool { return f.RemoteAddress == own })
		if j < 0 {
			e.diags.Errorf("ipsec/other-end", path, "%s is %q, which has no peer at %s", p.RemoteAddress, other.Name, own).
				Also(vmPath(other, "router"), "the other end").Hintf("add a peer with remoteAddress: '%s' there", own)
			continue
		}
		far := &other.Router.IPsec[j]
		farPath := routerPath(other, "ipsec", far.Name)
		if path > farPath {
			continue // once for both
		}
		if d := e.ipsecDiffers(vm, p, other, far); len(d) > 0 {
			e.diags.Errorf("ipsec/other-end", path, "the two ends do not agree: %s", strings.Join(d, "; ")).
				Also(farPath, "the other end").Hintf("write the same at both")
		}
	}
}

func (e ends) ipsecDiffers(vm *topology.VM, p *topology.IPsec, other *topology.VM,
	far *topology.IPsec) (d differences) {
	if p.PresharedKey != far.PresharedKey {
		d = append(d, "the secret of presharedKey is another")
	}
	d.add("ike.keyExchange", p.IKE.KeyExchange, far.IKE.KeyExchange)
	d.add("ike.encryption", p.IKE.Encryption, far.IKE.Encryption)
	d.add("ike.hash", p.IKE.Hash, far.IKE.Hash)
	d.add("ike.dhGroup", p.IKE.DHGroup, far.IKE.DHGroup)
	d.add("esp.encryption", p.ESP.Encryption, far.ESP.Encryption)
	d.add("esp.hash", p.ESP.Hash, far.ESP.Hash)
	d.add("esp.pfs", p.ESP.PFS, far.ESP.PFS)
	for _, u := range p.Tunnels {
		local := e.n.Resolve(vm, u.Local)
		if !slices.ContainsFunc(far.Tunnels, func(f topology.IPsecTunnel) bool {
			return e.n.Resolve(other, f.Local) == u.Remote && f.Remote == local
		}) {
			d = append(d, fmt.Sprintf("tunnel %d joins %s and %s, and none there does", u.Number, local, u.Remote))
		}
	}
	return d
}

// openVPN finds ends site to site, and clients of a server, that do not fit.
func (e ends) openVPN(vm *topology.VM) {
	for i := range vm.Router.OpenVPN {
		v := &vm.Router.OpenVPN[i]
		a, err := netip.ParseAddr(v.Remote)
		other := e.router(a)
		if err != nil || other == nil || other == vm || v.Mode == "server" {
			continue
		}
		path := routerPath(vm, "openvpn", v.Name)
		j := slices.IndexFunc(other.Router.OpenVPN, func(f topology.OpenVPN) bool {
			return f.Port == v.Port && (f.Mode == "server") == (v.Mode == "client") && f.Mode != "client"
		})
		if j < 0 {
			e.diags.Errorf("openvpn/other-end", path, "%s is %q, which has no OpenVPN for it on port %d", a, other.Name, v.Port).
				Also(vmPath(other, "router"), "the other end").Hintf("add the other end there, on the same port")
			continue
		}
		far := &other.Router.OpenVPN[j]
		farPath := routerPath(other, "openvpn", far.Name)
		if d := openVPNDiffers(v, far); len(d) > 0 && (v.Mode == "client" || v.Role == "active" || path < farPath) {
			e.diags.Errorf("openvpn/other-end", path, "the two ends do not agree: %s", strings.Join(d, "; ")).
				Also(farPath, "the other end").Hintf("write the same at both")
		}
	}
}

func openVPNDiffers(v, far *topology.OpenVPN) (d differences) {
	d.add("protocol", v.Protocol, far.Protocol)
	d.add("hash", v.Hash, far.Hash)
	d.add("compression", v.Compression, far.Compression)
	d.add("tunMtu", v.TunMTU, far.TunMTU)
	if !slices.ContainsFunc(v.Ciphers, func(c string) bool { return slices.Contains(far.Ciphers, c) }) {
		d.add("ciphers", v.Ciphers, far.Ciphers)
	}
	if v.Mode != "site-to-site" {
		return d
	}
	if v.Role == far.Role {
		d = append(d, "both are "+v.Role)
	}
	if v.LocalAddress != far.RemoteAddress || v.RemoteAddress != far.LocalAddress {
		d = append(d, fmt.Sprintf("it joins %s and %s here, and %s and %s there", v.LocalAddress, v.RemoteAddress,
			far.RemoteAddress, far.LocalAddress))
	}
	return d
}

// wireGuard finds a peer that is a router of the topology and is said to be
// elsewhere.
func (e ends) wireGuard(vm *topology.VM) {
	for i := range vm.Router.WireGuard {
		w := &vm.Router.WireGuard[i]
		for _, p := range w.Peers {
			other, far := e.n.WireGuardOf(p.PublicKey)
			if far == nil {
				continue
			}
			var d differences
			if p.Address != far.Address {
				d = append(d, fmt.Sprintf("its address in the tunnel is %s", far.Address))
			}
			if a := p.Endpoint.Addr(); p.Endpoint.IsValid() && e.router(a) == other && int(p.Endpoint.Port()) != far.Port {
				d = append(d, fmt.Sprintf("it listens on port %d", far.Port))
			}
			if len(d) > 0 {
				e.diags.Errorf("wireguard/other-end", routerPath(vm, "wireguard", w.Name, "peers", p.Name),
					"the peer is %s of %q, and %s", far.Name, other.Name, strings.Join(d, " and ")).
					Also(routerPath(other, "wireguard", far.Name), "the other end").Hintf("write what the other end says")
			}
		}
	}
}

// speaker is a router that looks for neighbours of OSPF on a network.
type speaker struct {
	vm    *topology.VM
	iface *topology.Interface
	area  string
}

// ospf finds routers that hear each other on a network and do not become
// neighbours: their areas differ, or their MTUs (RFC 2328, section 10.6).
func (e ends) ospf(network *topology.Network) {
	var first *speaker
	for i := range e.n.VMs {
		vm := &e.n.VMs[i]
		if vm.Router == nil {
			continue
		}
		s := survivor{n: e.n, vm: vm}
		for j := range vm.Interfaces {
			iface := &vm.Interfaces[j]
			if iface.Network != network.Name || !s.speaksOSPF(iface) {
				continue
			}
			here := &speaker{vm, iface, s.areaOf(iface)}
			if first == nil {
				first = here
			} else {
				e.neighbours(first, here)
			}
		}
	}
}

func (e ends) neighbours(a, b *speaker) {
	ma, mb := mtuOr(e.n.MTUOf(*a.iface)), mtuOr(e.n.MTUOf(*b.iface))
	switch {
	case a.area != b.area:
		e.diags.Errorf("ospf/other-end", routerPath(b.vm, "ospf", "areas", b.area),
			"%q has network %q in area %s, and %q in area %s: they do not become neighbours", b.vm.Name, b.iface.Network,
			b.area, a.vm.Name, a.area).
			Also(routerPath(a.vm, "ospf", "areas", a.area), "the other end").Hintf("put the network into one area")
	case ma != mb:
		e.diags.Errorf("ospf/other-end", vmPath(b.vm, "interfaces", b.iface.Name),
			"the MTU is %d here, and %d at %q: they stay at the exchange of what they know", mb, ma, a.vm.Name).
			Also(vmPath(a.vm, "interfaces", a.iface.Name), "the other end").Hintf("write one mtu for the network")
	}
}

// areaOf is the area that an interface is in.
func (s *survivor) areaOf(i *topology.Interface) string {
	for _, a := range s.vm.Router.OSPF.Areas {
		for _, g := range a.Networks {
			if p := s.n.Resolve(s.vm, g); p.IsValid() && p.Contains(i.Address) {
				return a.Name
			}
		}
	}
	return ""
}

// mtus warns about a machine whose packets are larger than those that the others
// on its network take.
func (e ends) mtus(network *topology.Network) {
	var first *topology.Interface
	var of *topology.VM
	for i := range e.n.VMs {
		vm := &e.n.VMs[i]
		for j := range vm.Interfaces {
			iface := &vm.Interfaces[j]
			if iface.Network != network.Name || iface.Kind() == topology.Dummy || iface.Kind() == topology.Loopback {
				continue
			}
			if first == nil {
				first, of = iface, vm
				continue
			}
			if here, there := mtuOr(e.n.MTUOf(*iface)), mtuOr(e.n.MTUOf(*first)); here != there {
				e.diags.Warningf("layer2/two-mtus", vmPath(vm, "interfaces", iface.Name),
					"the MTU is %d, and that of %q on the same network %d: the larger packets vanish", here, of.Name, there).
					Also(vmPath(of, "interfaces", first.Name), "the other machine").Hintf("write mtu once, at the network")
				return
			}
		}
	}
}
