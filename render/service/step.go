package service

import (
	"fmt"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/shell"
	"stackgen/schema/topology"
)

// hasAccount reports whether a program runs as an account that is made for it.
func hasAccount(p *topology.Program) bool {
	return len(p.Exec) > 0 && !slices.Contains(p.Lift, "User")
}

func sysusersPath(p *topology.Program) string { return "/etc/sysusers.d/stackgen-" + p.User + ".conf" }

func sysusers(vm *topology.VM, p *topology.Program) artifact.File {
	return artifact.File{
		Machine: vm.Name, Path: strings.TrimPrefix(sysusersPath(p), "/"),
		Step: "account-" + p.User, Format: artifact.Sysusers,
		Content: fmt.Sprintf("# %s\nu %s - \"%s\" /var/lib/%s\n", artifact.Header, p.User, p.Name, p.Name),
	}.Installed()
}

// account makes the user that a program runs as. It comes before the program's
// files, which may belong to it.
func account(vm *topology.VM, p *topology.Program) artifact.Step {
	return artifact.Step{
		Machine: vm.Name, Name: "account-" + p.User, Phase: artifact.Guest,
		Summary: "account " + p.User,
		Makes:   artifact.Users(p.User),
		Apply:   []string{"systemd-sysusers " + shell.Quote(sysusersPath(p))},
		Verify:  []string{"id -u " + shell.Quote(p.User) + " >/dev/null"},
	}
}

// step brings a program into effect: its files are tried before anything is
// restarted, and the ones before come back if it does not run with them.
func step(vm *topology.VM, p *topology.Program, files []artifact.File) artifact.Step {
	s := artifact.Step{
		Machine: vm.Name, Name: stepName(p), Phase: artifact.Web,
		Summary:  summary(p),
		Packages: slices.Clone(p.Packages),
		Makes:    artifact.Units(runs(p)),
		Check:    checks(p),
		Apply:    []string{takeUp(p, files)},
		Verify:   verifies(p),
	}
	if p.Container != nil {
		s.Packages = append(s.Packages, "netavark", "podman")
	}
	slices.Sort(s.Packages)
	s.Packages = slices.Compact(s.Packages)
	if hasAccount(p) {
		s.After = append(s.After, vm.Name+"/account-"+p.User)
	}
	for _, a := range p.After {
		machine := a.VM
		if machine == "" {
			machine = vm.Name
		}
		s.After = append(s.After, machine+"/"+topology.StepOfService(a.Service))
	}
	slices.Sort(s.After)
	s.After = slices.Compact(s.After)
	return s
}

func summary(p *topology.Program) string {
	if p.Description != "" {
		return "service " + p.Name + ", " + p.Description
	}
	return "service " + p.Name
}

// runs is the unit that starts with the machine.
func runs(p *topology.Program) string {
	if p.Timer != nil {
		return p.Name + ".timer"
	}
	return p.UnitName()
}

func checks(p *topology.Program) (lines []string) {
	switch {
	case p.Container != nil:
		lines = append(lines, "accepts_quadlet "+p.Name)
	case p.Unit != "":
		lines = append(lines, "accepts_unit "+p.Unit)
	default:
		lines = append(lines, "owns_unit "+p.UnitName(), "accepts_unit "+p.UnitName())
	}
	if p.Timer != nil {
		lines = append(lines, "accepts_unit "+p.Name+".timer")
	}
	if p.Unit != "" && len(p.Reload) == 0 && hasOnChange(p, "reload") {
		lines = append(lines, "can_reload "+p.Unit)
	}
	if len(p.Check) > 0 {
		lines = append(lines, tried(p))
	}
	return lines
}

func hasOnChange(p *topology.Program, what string) bool {
	return slices.ContainsFunc(p.Files, func(f topology.File) bool { return f.OnChange == what })
}

// tried runs the check of a program as the program would run: by its account,
// with its environment and its credentials.
func tried(p *topology.Program) string {
	if p.Container != nil {
		argv := []string{"podman", "run", "--rm"}
		for _, v := range p.Container.Volumes {
			argv = append(argv, "--volume="+v.Name+":"+v.Inside+":ro")
		}
		argv = append(argv, "--entrypoint="+p.Check[0], p.Container.Image)
		return shell.Join(append(argv, p.Check[1:]...)...)
	}
	return shell.Join(append([]string{"try_as", p.UnitName(), "--"}, p.Check...)...)
}

// takeUp names the files that need less than a restart. A job reads its files
// when its time comes.
func takeUp(p *topology.Program, files []artifact.File) string {
	argv := []string{"take_up", stepName(p), runs(p)}
	for _, f := range files {
		target, need := f.Install.Path, "restart"
		if i := slices.IndexFunc(p.Files, func(o topology.File) bool { return o.Path == target }); i >= 0 {
			need = p.Files[i].OnChange
		}
		if p.Timer != nil && !strings.HasSuffix(target, ".timer") {
			need = "nothing"
		}
		if need != "restart" {
			argv = append(argv, need, target)
		}
	}
	return shell.Join(argv...)
}

func verifies(p *topology.Program) []string {
	lines := []string{"steady " + runs(p)}
	if p.Timer != nil {
		return lines
	}
	ports := slices.Clone(p.Listens)
	if p.Container != nil {
		for _, port := range p.Container.Ports {
			ports = append(ports, topology.Port{Port: port, Protocol: "tcp"})
		}
	}
	for _, l := range ports {
		lines = append(lines, listening(l))
	}
	if h := p.Health; h != nil {
		lines = append(lines, shell.Join("answers", healthAddress(p), fmt.Sprint(h.Port), h.URL, fmt.Sprint(h.Status)))
	}
	return lines
}

// listening waits for a port. A program may take its time to start.
func listening(l topology.Port) string {
	kind := "-Hltn"
	if l.Protocol == "udp" {
		kind = "-Hlun"
	}
	ask := fmt.Sprintf("ss %s sport = :%d", kind, l.Port)
	if l.Address.IsValid() && !l.Address.IsUnspecified() {
		ask += " src " + l.Address.String()
	}
	return shell.Until(30, fmt.Sprintf(`[ -n "$(%s)" ]`, ask),
		fmt.Sprintf("nothing listens on %s port %d", l.Protocol, l.Port))
}

func healthAddress(p *topology.Program) string {
	for _, l := range p.Listens {
		if l.Port == p.Health.Port && l.Address.IsValid() && !l.Address.IsUnspecified() {
			return l.Address.String()
		}
	}
	return "127.0.0.1"
}
