// Package keepalived renders the addresses that a router on Debian shares with
// others by VRRP as one configuration of keepalived(8), and the step that brings
// it into effect.
//
// It takes a checked topology and gives a file for each VM with a router block
// whose platform is debian that is in a group. The options are those of
// keepalived 2.2.7.
package keepalived

import (
	"stackgen/render/artifact"
	"stackgen/render/internal/systemd"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// path is where keepalived reads its configuration.
const path = "etc/keepalived/keepalived.conf"

const (
	stepName = "keepalived"
	unit     = "keepalived.service"
)

// Check finds nothing: whatever a group says, keepalived can do.
func Check(*topology.Topology) diag.List { return nil }

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for _, vm := range t.RoutersOn("debian") {
		groups := t.VRRPOf(vm)
		if len(groups) == 0 {
			continue
		}
		file := artifact.File{Machine: vm.Name, Path: path, Format: artifact.Keepalived, Step: stepName}.Installed()
		file, err := templates.File(file, "keepalived/keepalived.conf.tmpl", viewOf(t, vm, groups))
		if err != nil {
			return artifact.Set{}, err
		}
		set.Files = append(set.Files, file)
		set.Steps = append(set.Steps, step(vm))
	}
	return set, nil
}

// view is what the template shows.
type view struct {
	Machine string
	Groups  []instance
}

type instance struct {
	Name, Description, Interface, Address string
	VRID, Priority, Interval, Version     int
	Preempt                               bool
}

func viewOf(t *topology.Topology, vm *topology.VM, groups []topology.Membership) view {
	v := view{Machine: vm.Name}
	for _, m := range groups {
		g := m.Group
		v.Groups = append(v.Groups, instance{
			Name: g.Name, Description: g.Description, Interface: m.Interface.Name,
			Address: t.AddressWithin(g.Network, g.Address).String(),
			VRID:    g.VRID, Priority: m.Priority, Interval: g.AdvertiseInterval, Version: version(g), Preempt: g.Preempt,
		})
	}
	return v
}

// version is that of VRRP, which all routers of a group must speak: each drops
// what another version says, and takes the address as well. VyOS speaks 2 where
// nothing else is said, but for IPv6, which only 3 has (VyOS, High availability).
func version(g *topology.VRRPGroup) int {
	if g.Address.Is6() {
		return 3
	}
	return 2
}

// step reloads, so that an address stays where it is.
func step(vm *topology.VM) artifact.Step {
	return artifact.Step{
		Machine: vm.Name, Name: stepName, Phase: artifact.Router,
		Summary:  "shared addresses",
		After:    []string{vm.Name + "/router"},
		Packages: []string{"keepalived"},
		Check:    []string{"keepalived --config-test --use-file=/" + path},
		Makes:    artifact.Units(unit),
		Apply:    systemd.Reload(unit),
		Verify:   []string{systemd.IsActive(unit)},
	}
}
