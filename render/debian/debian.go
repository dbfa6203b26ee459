// Package debian renders how a router on Debian is looked after: its clock, its
// SSH server and accounts, its log, and the daemons by which it is watched.
//
// It takes a checked topology and gives, for each VM with a router block whose
// platform is debian, one step for each of these that the block speaks of, with
// the files of the program that does it. VyOS has all of them built in. What a
// router does for other machines is in packages nftables, openvpn and dnsmasq.
package debian

import (
	"stackgen/render/artifact"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// Check finds nothing: all that can be said of a router, Debian can do.
func Check(*topology.Topology) diag.List { return nil }

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for _, vm := range t.RoutersOn("debian") {
		for _, make := range parts() {
			if p := make(t, vm); len(p.files) > 0 {
				p.add(&set, vm)
			}
		}
	}
	return set, nil
}

// parts are the programs; one that is not asked for has no files.
func parts() []func(*topology.Topology, *topology.VM) part {
	return []func(*topology.Topology, *topology.VM) part{clock, accounts, sshServer, log, agent, neighbours, options}
}

// part is what one program needs.
type part struct {
	step  artifact.Step
	files []file
}

// file is one that is installed where it lies, or, without a mode, is read or
// run where the step runs.
type file struct {
	path    string
	format  artifact.Format
	mode    uint32
	text    string
	secrets []artifact.Secret
}

func (p part) add(set *artifact.Set, vm *topology.VM) {
	p.step.Machine, p.step.Phase = vm.Name, artifact.Router
	p.step.After = append(p.step.After, vm.Name+"/router")
	set.Steps = append(set.Steps, p.step)
	for _, f := range p.files {
		out := artifact.File{Machine: vm.Name, Path: f.path, Format: f.format, Content: f.text,
			Step: p.step.Name, Secrets: f.secrets}
		if f.mode != 0 {
			out.Install = artifact.At(f.path)
			out.Install.Mode = f.mode
		}
		set.Files = append(set.Files, out)
	}
}

// head begins a file whose comments begin with #.
func head(what string) string { return "# " + artifact.Header + "\n# " + what + ".\n" }
