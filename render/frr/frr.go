// Package frr renders the routing protocols of a router on Debian, BGP and OSPF,
// as the configuration of FRRouting, and the step that brings it into effect.
//
// It takes a checked topology and gives two files for each VM with a router block
// whose platform is debian that speaks one of them. As VyOS does, it lets
// neighbors of other systems exchange routes without a policy. Static routes are
// left to package ifupdown. The commands are those of FRRouting 8.4.
package frr

import (
	"stackgen/render/artifact"
	"stackgen/render/internal/systemd"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

const (
	configPath  = "etc/frr/frr.conf"
	daemonsPath = "etc/frr/daemons"
)

const (
	stepName = "frr"
	unit     = "frr.service"
)

// Check finds nothing: whatever the schema lets through, FRRouting can do.
func Check(*topology.Topology) diag.List { return nil }

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for _, vm := range t.RoutersOn("debian") {
		if vm.Router.BGP == nil && vm.Router.OSPF == nil {
			continue
		}
		v := viewOf(t, vm)
		for _, f := range []struct {
			path, template string
			format         artifact.Format
		}{
			{configPath, "frr/frr.conf.tmpl", artifact.FRR}, {daemonsPath, "frr/daemons.tmpl", artifact.FRRDaemons},
		} {
			file := artifact.File{Machine: vm.Name, Path: f.path, Format: f.format, Step: stepName}
			file.Install = &artifact.Install{Path: "/" + f.path, Owner: "frr", Group: "frr", Mode: 0o640} // as the package has them
			file, err := templates.File(file, f.template, v)
			if err != nil {
				return artifact.Set{}, err
			}
			set.Files = append(set.Files, file)
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
		Makes:    artifact.Units(unit),
		Apply:    systemd.Reload(unit),
		Verify:   []string{systemd.IsActive(unit)},
	}
}
