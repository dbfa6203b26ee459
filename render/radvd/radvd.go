// Package radvd renders the router advertisements of a router on Debian as one
// configuration of radvd(8), and the step that starts it.
//
// It takes a checked topology and gives a file for each VM with a router block
// whose platform is debian that advertises anything. The options are those of
// radvd 2.19.
package radvd

import (
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/systemd"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// path is where radvd reads its configuration.
const path = "etc/radvd.conf"

const (
	stepName = "radvd"
	unit     = "radvd.service"
)

// Check finds nothing: whatever the schema lets through, radvd can say.
func Check(*topology.Topology) diag.List { return nil }

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for _, vm := range t.RoutersOn("debian") {
		if len(vm.Router.RouterAdverts) == 0 {
			continue
		}
		file := artifact.File{Machine: vm.Name, Path: path, Format: artifact.Radvd, Step: stepName}.Installed()
		file, err := templates.File(file, "radvd/radvd.conf.tmpl", viewOf(t, vm))
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
	Machine    string
	Interfaces []advertised
}

type advertised struct {
	Name                 string
	Managed, OtherConfig bool
	Prefixes             []string
	Servers              string // divided by spaces; "": none
}

func viewOf(t *topology.Topology, vm *topology.VM) view {
	v := view{Machine: vm.Name}
	for _, a := range vm.Router.RouterAdverts {
		line := advertised{Name: a.Name, Managed: a.ManagedFlag, OtherConfig: a.OtherConfigFlag}
		if i := vm.Interface(a.Name); i != nil {
			for _, p := range t.Prefixes(*i) {
				line.Prefixes = append(line.Prefixes, p.String())
			}
		}
		var servers []string
		for _, s := range a.NameServers {
			servers = append(servers, s.String())
		}
		line.Servers = strings.Join(servers, " ")
		v.Interfaces = append(v.Interfaces, line)
	}
	return v
}

// step reloads: when radvd stops, it takes back what it told.
func step(vm *topology.VM) artifact.Step {
	return artifact.Step{
		Machine: vm.Name, Name: stepName, Phase: artifact.Router,
		Summary:  "router advertisements",
		After:    []string{vm.Name + "/router"},
		Packages: []string{"radvd"},
		Check:    []string{"radvd --configtest --config /" + path},
		Makes:    artifact.Units(unit),
		Apply:    systemd.Reload(unit),
		Verify:   []string{systemd.IsActive(unit)},
	}
}
