// Package wireguard renders a profile for each WireGuard peer that wants one, to
// match the router field by field, and the interface itself where the router is
// a Debian machine.
//
// It takes a checked topology and gives files for wg-quick(8). A profile is
// installed by no step: a peer is outside the stack. An interface on VyOS is
// package vyos's. The keys come from package pki.
package wireguard

import (
	"fmt"
	"net/netip"

	"stackgen/render/artifact"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// Check reports routers that no peer could find.
func Check(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		for _, w := range vm.Router.WireGuard {
			for _, p := range w.Peers {
				if p.Profile != nil && t.Remote(vm, w.Remote) == "" {
					diags.Errorf("wireguard/remote", diag.Path("vms", vm.Name, "router", "wireguard", w.Name),
						"peers have no address to connect to: %q has no default route", vm.Name).
						Hintf("add remote: with the name or address under which the router is reached")
					break
				}
			}
		}
	}
	return diags
}

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		for j := range vm.Router.WireGuard {
			w := &vm.Router.WireGuard[j]
			if err := addProfiles(&set, t, vm, w); err != nil {
				return artifact.Set{}, err
			}
			if vm.Router.Platform != "debian" {
				continue
			}
			if err := addInterface(&set, vm, w); err != nil {
				return artifact.Set{}, err
			}
		}
	}
	return set, nil
}

// profile is what the template shows: finished words.
type profile struct {
	Peer, Name, Router   string
	Address              string
	NameServers, Allowed []string
	MTU, Keepalive       int
	Preshared            bool
	PublicKey, Endpoint  string
}

func addProfiles(set *artifact.Set, t *topology.Topology, vm *topology.VM, w *topology.WireGuard) error {
	for i := range w.Peers {
		p := &w.Peers[i]
		if p.Profile == nil {
			continue
		}
		file := artifact.File{Machine: vm.Name, Path: "wireguard/" + vm.Router.PeerProfilePath(w, p.Name),
			Format: artifact.WireGuard}
		file, err := templates.File(file, "wireguard/profile.conf.tmpl", profileOf(t, vm, w, p))
		if err != nil {
			return err
		}
		set.Files = append(set.Files, file)
	}
	return nil
}

// profileOf is the peer's side of an interface.
func profileOf(t *topology.Topology, vm *topology.VM, w *topology.WireGuard, p *topology.Peer) profile {
	v := profile{
		Peer: p.Name, Name: w.Name, Router: vm.Name,
		Address: netip.PrefixFrom(p.Address, w.Subnet.Bits()).String(), MTU: w.MTU,
		Preshared: p.PresharedKey != "", PublicKey: w.PublicKey,
		Allowed:  []string{w.Subnet.String()},
		Endpoint: endpoint(t.Remote(vm, w.Remote), w.Port),
	}
	v.Keepalive = p.PersistentKeepalive.Seconds()
	for _, a := range p.Profile.NameServers {
		v.NameServers = append(v.NameServers, a.String())
	}
	for _, g := range p.Profile.AllowedIPs {
		if a := t.Resolve(vm, g); a.IsValid() {
			v.Allowed = append(v.Allowed, a.String())
		}
	}
	return v
}

// endpoint is a name or address with a port, an IPv6 address in brackets.
func endpoint(remote string, port int) string {
	if a, err := netip.ParseAddr(remote); err == nil {
		return netip.AddrPortFrom(a, uint16(port)).String()
	}
	return fmt.Sprintf("%s:%d", remote, port)
}
