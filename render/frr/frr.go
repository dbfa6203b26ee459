// Package frr renders the routing protocols of a router on Debian, BGP and OSPF,
// as the configuration of FRRouting, and the step that brings it into effect.
//
// It takes a checked topology and gives two files for each VM with a router block
// whose platform is debian that speaks one of them. As VyOS does, it lets
// neighbors of other systems exchange routes without a policy. Static routes are
// left to package ifupdown. The commands are those of FRRouting 8.4.
package frr

import (
	"fmt"

	"stackgen/render/artifact"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

const (
	configPath  = "etc/frr/frr.conf"
	daemonsPath = "etc/frr/daemons"
)

const stepName = "frr"

// Check finds nothing: whatever the schema lets through, FRRouting can do.
func Check(*topology.Topology) diag.List { return nil }

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for i := range t.VMs {
		vm := &t.VMs[i]
		if r := vm.Router; r == nil || r.Platform != "debian" || r.BGP == nil && r.OSPF == nil {
			continue
		}
		v := viewOf(t, vm)
		for _, f := range []struct{ path, template string }{{configPath, "frr/frr.conf.tmpl"}, {daemonsPath, "frr/daemons.tmpl"}} {
			text, err := templates.Text(templates.Must(f.template), v)
			if err != nil {
				return set, fmt.Errorf("router %s: %w", vm.Name, err)
			}
			set.Files = append(set.Files, artifact.File{
				Machine: vm.Name, Path: f.path, Content: text, Step: stepName,
				Install: &artifact.Install{Path: "/" + f.path, Owner: "frr", Group: "frr", Mode: 0o640}, // as the package has them
			})
		}
		set.Steps = append(set.Steps, step(vm))
	}
	return set, nil
}

// step reloads, so that sessions that do not change stay up. A reload starts
// the daemons that are new.
func step(vm *topology.VM) artifact.Step {
	return artifact.Step{
		Machine: vm.Name, Name: stepName, Phase: artifact.Router,
		Summary:  "routing protocols",
		After:    []string{vm.Name + "/router"},
		Packages: []string{"frr", "frr-pythontools"},
		Check:    []string{"vtysh --dryrun --inputfile /" + configPath},
		Apply:    []string{"systemctl --quiet enable frr.service", "systemctl reload-or-restart frr.service"},
		Verify:   []string{"systemctl --quiet is-active frr.service"},
	}
}
