// Package render is the back end: it takes a checked topology and gives the
// whole output tree as values.
//
// Each kind of artifact is a package of its own; [kinds] lists them. Nothing
// here touches the world: the driver writes the files.
package render

import (
	"fmt"
	"sync"

	"stackgen/render/artifact"
	"stackgen/render/certificates"
	"stackgen/render/debian"
	"stackgen/render/dnsmasq"
	"stackgen/render/files"
	"stackgen/render/firstboot"
	"stackgen/render/frr"
	"stackgen/render/guest"
	"stackgen/render/ifupdown"
	"stackgen/render/images"
	"stackgen/render/keepalived"
	"stackgen/render/libvirt"
	"stackgen/render/mariadb"
	"stackgen/render/nftables"
	"stackgen/render/nginx"
	"stackgen/render/openvpn"
	"stackgen/render/ovs"
	"stackgen/render/php"
	"stackgen/render/pki"
	"stackgen/render/plan"
	"stackgen/render/radvd"
	"stackgen/render/service"
	"stackgen/render/storage"
	"stackgen/render/strongswan"
	"stackgen/render/varnish"
	"stackgen/render/vyos"
	"stackgen/render/wireguard"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// kind is a kind of artifact: what its target cannot express, and its files.
type kind struct {
	name   string
	check  func(*topology.Topology) diag.List
	render func(*topology.Topology) (artifact.Set, error)
}

// kinds are all of them, in the order of the layers they are about.
func kinds() []kind {
	return []kind{
		{"ovs", ovs.Check, ovs.Render},
		{"ifupdown", ifupdown.Check, ifupdown.Render},
		{"guest", guest.Check, guest.Render},
		{"images", images.Check, images.Render},
		{"storage", storage.Check, storage.Render},
		{"libvirt", libvirt.Check, libvirt.Render},
		{"vyos", vyos.Check, vyos.Render},
		{"nftables", nftables.Check, nftables.Render},
		{"dnsmasq", dnsmasq.Check, dnsmasq.Render},
		{"debian", debian.Check, debian.Render},
		{"openvpn", openvpn.Check, openvpn.Render},
		{"keepalived", keepalived.Check, keepalived.Render},
		{"frr", frr.Check, frr.Render},
		{"radvd", radvd.Check, radvd.Render},
		{"wireguard", wireguard.Check, wireguard.Render},
		{"strongswan", strongswan.Check, strongswan.Render},
		{"pki", pki.Check, pki.Render},
		{"mariadb", mariadb.Check, mariadb.Render},
		{"files", files.Check, files.Render},
		{"certificates", certificates.Check, certificates.Render},
		{"php", php.Check, php.Render},
		{"service", service.Check, service.Render},
		{"nginx", nginx.Check, nginx.Render},
		{"varnish", varnish.Check, varnish.Render},
	}
}

// Check reports what the targets cannot express, and files of the user that are
// in the way of others.
func Check(t *topology.Topology) diag.List {
	diags, _ := Prepare(t)
	return diags
}

// Render gives the files of the output tree, sorted by path, with the apply
// script, the runbook and the manifest among them. It assumes that [Check]
// found no errors; an error is a fault of this program.
func Render(t *topology.Topology) ([]artifact.File, error) { return (&Rendering{topo: t}).Files() }

// Prepare is [Check] for who is about to render.
func Prepare(t *topology.Topology) (diag.List, *Rendering) {
	var diags diag.List
	r := &Rendering{topo: t}
	for _, k := range kinds() {
		diags = append(diags, k.check(t)...)
	}
	diags = append(diags, plan.Check(t)...)
	if !diags.HasErrors() {
		diags = append(diags, collisions(t, r.gather)...)
	}
	diags.Sort()
	return diags, r
}

// gather runs all renderers at once and joins what they give in the order of the
// table. With what plan adds, it is all that the machines get, and all steps, in
// the order of an apply.
func gather(t *topology.Topology) (set artifact.Set, err error) {
	all := kinds()
	sets, errs := make([]artifact.Set, len(all)), make([]error, len(all))
	var group sync.WaitGroup
	for i, k := range all {
		group.Go(func() {
			sets[i], errs[i] = k.render(t)
			sets[i].Share()
		})
	}
	group.Wait()
	for i, k := range all {
		if errs[i] != nil {
			return set, fmt.Errorf("rendering %s: %w", k.name, errs[i])
		}
	}
	first, err := firstboot.Render(t, sets...)
	if err != nil {
		return set, fmt.Errorf("rendering first boots: %w", err)
	}
	return plan.Order(t, append(sets, first)...)
}

// Steps gives the steps of an apply in their order. It assumes that [Check]
// found no errors.
func Steps(t *topology.Topology) ([]artifact.Step, error) {
	set, err := gather(t)
	return set.Steps, err
}
