// Package openvpn renders a profile for each client of an OpenVPN server, to
// match the server field by field, and the server itself, a client of one
// elsewhere and each of two ends where the router is a Debian machine.
//
// It takes a checked topology and gives one file a client, which no step
// installs: a client is outside the stack; and for each instance of a router on
// platform debian its configuration, its keys and the step that starts it. One
// on VyOS is package vyos's. The keys of servers and their clients come from
// package pki.
// The rules are those of openvpn(8), version 2.6.
package openvpn

import (
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// Check reports servers that no client could find, and what OpenVPN will drop.
func Check(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		for j := range vm.Router.OpenVPN {
			check(t, vm, &vm.Router.OpenVPN[j], &diags)
		}
	}
	return diags
}

func check(t *topology.Topology, vm *topology.VM, v *topology.OpenVPN, diags *diag.List) {
	path := diag.Path("vms", vm.Name, "router", "openvpn", v.Name)
	if len(v.Clients) > 0 && t.Remote(vm, v.Remote) == "" {
		diags.Errorf("openvpn/remote", path, "clients have no address to connect to: %q has no default route", vm.Name).
			Hintf("add remote: with the name or address under which the router is reached")
	}
	if v.Topology == "net30" {
		diags.Warningf("openvpn/net30", diag.Join(path, "topology"),
			"topology %q spends four addresses a client, and OpenVPN will drop it", v.Topology).
			Hintf("write topology: 'subnet'")
	}
}

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for i := range t.VMs {
		vm := &t.VMs[i]
		if vm.Router == nil {
			continue
		}
		for j := range vm.Router.OpenVPN {
			v := &vm.Router.OpenVPN[j]
			for _, c := range v.Clients {
				file := artifact.File{Machine: vm.Name, Path: "openvpn/" + vm.Router.Profile(v, c.Name), Format: artifact.OpenVPN}
				file, err := templates.File(file, "openvpn/client.ovpn.tmpl", profile(t, vm, v, c))
				if err != nil {
					return artifact.Set{}, err
				}
				set.Files = append(set.Files, file)
			}
			if vm.Router.Platform != "debian" {
				continue
			}
			if err := addInstance(&set, t, vm, v); err != nil {
				return artifact.Set{}, err
			}
		}
	}
	return set, nil
}

func addInstance(set *artifact.Set, t *topology.Topology, vm *topology.VM, v *topology.OpenVPN) error {
	if v.Mode == "server" {
		return addServer(set, t, vm, v)
	}
	return addPeer(set, vm, v)
}

// view is what the template shows: finished words.
type view struct {
	Client, Tunnel, Router string
	Transport, Remote      string
	Port                   int
	Ciphers, Auth          string
	OldCipher              string // of a server that does not negotiate, or ""
	TunMTU                 int    // 0: OpenVPN's default
	Mssfix                 string // "": OpenVPN's default size
}

// profile is the client's side of a server. The name of the server's
// certificate is that of the machine: see package pki.
func profile(t *topology.Topology, vm *topology.VM, v *topology.OpenVPN, c topology.VPNClient) view {
	p := view{
		Client: c.Name, Tunnel: v.Name, Router: vm.Name,
		Transport: v.Protocol, Remote: t.Remote(vm, v.Remote), Port: v.Port,
		Ciphers: strings.Join(v.Ciphers, ":"), Auth: strings.ToUpper(v.Hash),
		TunMTU: v.TunMTU,
	}
	if vm.Router.OldVPN() {
		p.OldCipher = v.Ciphers[0]
	}
	if v.Protocol == "tcp" {
		p.Transport = "tcp-client"
	}
	if !v.Mssfix {
		p.Mssfix = "0"
	}
	return p
}
