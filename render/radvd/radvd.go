// Package radvd renders the router advertisements of a router on Debian as one
// configuration of radvd(8), and the step that starts it.
//
// It takes a checked topology and gives a file for each VM with a router block
// whose platform is debian that advertises anything. The options are those of
// radvd 2.19.
package radvd

import (
	"fmt"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// path is where radvd reads its configuration.
const path = "etc/radvd.conf"

const stepName = "radvd"

// Check finds nothing: whatever the schema lets through, radvd can say.
func Check(*topology.Topology) diag.List { return nil }

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for i := range t.VMs {
		vm := &t.VMs[i]
		if r := vm.Router; r == nil || r.Platform != "debian" || len(r.RouterAdverts) == 0 {
			continue
		}
		text, err := templates.Text(templates.Must("radvd/radvd.conf.tmpl"), viewOf(t, vm))
		if err != nil {
			return set, fmt.Errorf("router %s: %w", vm.Name, err)
		}
		set.Files = append(set.Files, artifact.File{
			Machine: vm.Name, Path: path, Content: text, Step: stepName, Install: artifact.At(path),
		})
		set.Steps = append(set.Steps, step(vm))
	}
	return set, nil
}

// view is what the template shows.
type view struct {
	Header, Machine string
	Interfaces      []advertised
}

type advertised struct {
	Name                 string
	Managed, OtherConfig bool
	Prefixes             []string
	Servers              string // divided by spaces; "": none
}

func viewOf(t *topology.Topology, vm *topology.VM) view {
	v := view{Header: artifact.Header, Machine: vm.Name}
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
		Apply:    []string{"systemctl --quiet enable radvd.service", "systemctl reload-or-restart radvd.service"},
		Verify:   []string{"systemctl --quiet is-active radvd.service"},
	}
}
