// Package service renders the programs that a topology describes itself as
// services of systemd: a unit of ours, hardened, for a command; a drop-in for a
// unit that a package brings; a quadlet for a container; a timer for a job.
//
// It takes a checked topology and gives the files and the steps that bring them
// into effect. Whether connections arrive is left to the checks, what other
// servers pass on to a program to their packages.
package service

import (
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
	"stackgen/templates"
)

// Check reports what systemd and podman cannot express.
func Check(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		for j := range vm.Services {
			checkProgram(t, vm, &vm.Services[j], &diags)
		}
	}
	return diags
}

func checkProgram(t *topology.Topology, vm *topology.VM, p *topology.Program, diags *diag.List) {
	for _, e := range p.Environment {
		if t.VM(e.VM) != nil && !t.AddressOf(vm, e.VM).IsValid() {
			diags.Errorf("service/env-address", diag.Path("vms", vm.Name, "services", p.Name, "environment", e.Name, "vm"),
				"VM %q has no address", e.VM).
				Hintf("give an interface of %q an address", e.VM)
		}
	}
}

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for i := range t.VMs {
		vm := &t.VMs[i]
		made := map[string]bool{}
		for j := range vm.Services {
			p := &vm.Services[j]
			files, err := filesOf(t, vm, p)
			if err != nil {
				return artifact.Set{}, err
			}
			set.Files = append(set.Files, files...)
			if hasAccount(p) && !made[p.User] {
				made[p.User] = true
				set.Files = append(set.Files, sysusers(vm, p))
				set.Steps = append(set.Steps, account(vm, p))
			}
			set.Steps = append(set.Steps, step(vm, p, files))
		}
	}
	return set, nil
}

// StepName is the step of a program.
func stepName(p *topology.Program) string { return topology.StepOfProgram(p.Name) }

// filesOf are all files of a program, those of the user among them.
func filesOf(t *topology.Topology, vm *topology.VM, p *topology.Program) (files []artifact.File, err error) {
	for _, u := range unitsOf(t, vm, p) {
		f, err := templates.File(u.File, "service/unit.tmpl", u.sections)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	if hasSecrets(p) {
		f, err := environment(vm, p)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	for _, c := range p.Credentials {
		secret := artifact.Secret{Name: string(c.Secret), Encoding: artifact.Text}
		files = append(files, artifact.File{
			Machine: vm.Name, Path: strings.TrimPrefix(credentialPath(p, c), "/"), Step: stepName(p),
			Format:  artifact.KeyFile,
			Content: secret.PlaceHolder() + "\n", Secrets: []artifact.Secret{secret},
		}.Private())
	}
	for _, f := range p.Files {
		files = append(files, artifact.File{
			Machine: vm.Name, Path: strings.TrimPrefix(f.Path, "/"), Content: f.Content, Step: stepName(p),
			Format:  artifact.Verbatim,
			Install: &artifact.Install{Path: f.Path, Owner: f.Owner, Group: f.Group, Mode: f.Mode},
		})
	}
	return files, nil
}

// unitFile is a file in the syntax of units.
type unitFile struct {
	artifact.File
	sections []section
}

func unitsOf(t *topology.Topology, vm *topology.VM, p *topology.Program) (all []unitFile) {
	add := func(path string, format artifact.Format, sections []section) {
		f := artifact.File{Machine: vm.Name, Path: path, Format: format, Step: stepName(p)}.Installed()
		all = append(all, unitFile{f, sections})
	}
	switch {
	case p.Container != nil:
		add(quadletPath(p.Name), artifact.Quadlet, quadlet(t, vm, p))
	case p.Unit != "":
		if sections := dropIn(t, vm, p); len(sections) > 0 {
			add("etc/systemd/system/"+p.Unit+".d/stackgen.conf", artifact.SystemdUnit, sections)
		}
	default:
		add(unitPath(p.Name), artifact.SystemdFull, unit(t, vm, p))
	}
	if p.Timer != nil {
		add("etc/systemd/system/"+p.Name+".timer", artifact.SystemdFull, timer(p))
	}
	return all
}

// environment holds the variables that are secrets: systemd reads it as root, and
// shows it to nobody, as it would what stands in the unit.
func environment(vm *topology.VM, p *topology.Program) (artifact.File, error) {
	file := artifact.File{Machine: vm.Name, Path: strings.TrimPrefix(environmentPath(p), "/"),
		Format: artifact.Environ, Step: stepName(p)}.Private()
	var lines []string
	for _, e := range p.Environment {
		if e.Secret != "" {
			secret := artifact.Secret{Name: string(e.Secret), Encoding: artifact.Environment}
			if p.Container != nil {
				secret.Encoding = artifact.Line // podman takes quotes for a part of the value
				lines = append(lines, e.Name+"="+secret.PlaceHolder())
			} else {
				lines = append(lines, e.Name+`="`+secret.PlaceHolder()+`"`)
			}
			file.Secrets = append(file.Secrets, secret)
		}
	}
	return templates.File(file, "service/environment.tmpl", lines)
}
