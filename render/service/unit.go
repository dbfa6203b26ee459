package service

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"stackgen/schema/topology"
)

// section is a part of a unit: its name and its lines.
type section struct {
	Name  string
	Lines []string
}

func (s *section) add(key, text string) { s.Lines = append(s.Lines, key+"="+text) }

// unit is the whole unit of a command.
func unit(t *topology.Topology, vm *topology.VM, p *topology.Program) []section {
	run := section{Name: "Service"}
	if p.Timer != nil {
		run.add("Type", "oneshot")
	} else {
		run.add("Type", "exec")
	}
	if !slices.Contains(p.Lift, "User") {
		run.add("User", p.User)
	}
	run.add("ExecStart", command(p.Exec))
	if p.Timer == nil {
		run.add("Restart", "on-failure")
		run.add("RestartSec", "2")
	}
	settings(t, vm, p, &run)
	run.add("StateDirectory", p.Name)
	run.add("WorkingDirectory", "%S/"+p.Name)
	for _, dir := range p.Writes {
		run.add("ReadWritePaths", quote(dir))
	}
	run.Lines = append(run.Lines, hardening(p)...)
	all := []section{about(t, vm, p), run}
	if p.Timer == nil {
		all = append(all, section{"Install", []string{"WantedBy=multi-user.target"}})
	}
	return all
}

// dropIn is what is added to the unit of a package; none if nothing is.
func dropIn(t *topology.Topology, vm *topology.VM, p *topology.Program) (all []section) {
	run := section{Name: "Service"}
	settings(t, vm, p, &run)
	if before := about(t, vm, p); len(before.Lines) > 0 && (len(p.After) > 0 || p.Description != "") {
		all = append(all, before)
	}
	if len(run.Lines) > 0 {
		all = append(all, run)
	}
	return all
}

// about says what a unit is and what comes before it.
func about(t *topology.Topology, vm *topology.VM, p *topology.Program) section {
	s := section{Name: "Unit"}
	if text := description(p); text != "" {
		s.add("Description", plainText(text))
	}
	var before []string
	for _, a := range p.After {
		if a.VM == "" {
			if name := vm.UnitOf(a.Service); name != "" {
				before = append(before, name)
			}
		}
	}
	if p.Unit == "" && p.Timer == nil {
		s.add("Wants", "network-online.target")
		before = append([]string{"network-online.target"}, before...)
	}
	if len(before) > 0 {
		s.add("After", strings.Join(before, " "))
	}
	return s
}

func description(p *topology.Program) string {
	if p.Description == "" && p.Unit == "" {
		return p.Name
	}
	return p.Description
}

// settings are those that every kind of program may have.
func settings(t *topology.Topology, vm *topology.VM, p *topology.Program, s *section) {
	for _, e := range p.Environment {
		if e.Secret == "" {
			s.add("Environment", quote(e.Name+"="+value(t, vm, e)))
		}
	}
	if hasSecrets(p) {
		s.add("EnvironmentFile", environmentPath(p))
	}
	for _, c := range p.Credentials {
		s.add("LoadCredential", c.Name+":"+credentialPath(p, c))
	}
	if len(p.Reload) > 0 {
		if p.Unit != "" {
			s.add("ExecReload", "")
		}
		s.add("ExecReload", reloadCommand(p.Reload))
	}
	limits(p, s)
}

func limits(p *topology.Program, s *section) {
	if p.Memory != 0 {
		s.add("MemoryMax", fmt.Sprint(int64(p.Memory)))
	}
	if p.CPUs != 0 {
		s.add("CPUQuota", fmt.Sprintf("%d%%", int(math.Round(p.CPUs*100))))
	}
}

func value(t *topology.Topology, vm *topology.VM, e topology.Env) string {
	if e.VM != "" {
		return t.AddressOf(vm, e.VM).String()
	}
	return e.Value
}

func hasSecrets(p *topology.Program) bool {
	return slices.ContainsFunc(p.Environment, func(e topology.Env) bool { return e.Secret != "" })
}

func environmentPath(p *topology.Program) string { return "/etc/stackgen/" + p.Name + ".env" }

func credentialPath(p *topology.Program, c topology.Credential) string {
	return "/etc/credstore/" + p.Name + "." + c.Name
}

// hardening is what a unit of ours does without unless it says so by name: see
// systemd.exec(5) for each.
func hardening(p *topology.Program) (lines []string) {
	capabilities, users := "", "yes"
	if bindsLow(p) {
		// In a user namespace of its own a process has no capability over the network
		// of the machine.
		capabilities, users = "CAP_NET_BIND_SERVICE", ""
		lines = append(lines, "AmbientCapabilities="+capabilities)
	}
	for _, d := range [][2]string{
		{"CapabilityBoundingSet", capabilities},
		{"NoNewPrivileges", "yes"},
		{"ProtectSystem", "strict"},
		{"ProtectHome", "yes"},
		{"PrivateTmp", "yes"},
		{"PrivateDevices", "yes"},
		{"PrivateUsers", users},
		{"ProtectProc", "invisible"},
		{"ProcSubset", "pid"},
		{"ProtectClock", "yes"},
		{"ProtectHostname", "yes"},
		{"ProtectKernelLogs", "yes"},
		{"ProtectKernelModules", "yes"},
		{"ProtectKernelTunables", "yes"},
		{"ProtectControlGroups", "yes"},
		{"RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6"},
		{"RestrictNamespaces", "yes"},
		{"RestrictRealtime", "yes"},
		{"RestrictSUIDSGID", "yes"},
		{"LockPersonality", "yes"},
		{"MemoryDenyWriteExecute", "yes"},
		{"SystemCallArchitectures", "native"},
		{"SystemCallFilter", "@system-service"},
		{"SystemCallFilter", "~@privileged @resources"},
		{"UMask", "0077"},
	} {
		if !slices.Contains(p.Lift, d[0]) && (d[0] != "PrivateUsers" || d[1] != "") {
			lines = append(lines, d[0]+"="+d[1])
		}
	}
	return lines
}

// bindsLow reports whether a program listens on a port that is root's.
func bindsLow(p *topology.Program) bool {
	return slices.ContainsFunc(p.Listens, func(l topology.Port) bool { return l.Port < 1024 })
}

// timer is the unit that starts a job by the clock.
func timer(p *topology.Program) []section {
	when := section{Name: "Timer"}
	when.add("OnCalendar", p.Timer.Calendar)
	if p.Timer.Persistent {
		when.add("Persistent", "yes")
	}
	if d := p.Timer.RandomizedDelay; d != 0 {
		when.add("RandomizedDelaySec", d.String())
	}
	when.add("Unit", p.UnitName())
	return []section{
		{"Unit", []string{"Description=" + plainText(description(p)+", by the clock")}},
		when,
		{"Install", []string{"WantedBy=timers.target"}},
	}
}

// quadlet is the file from which podman's generator makes the unit of a container;
// see podman-systemd.unit(5).
func quadlet(t *topology.Topology, vm *topology.VM, p *topology.Program) []section {
	c := section{Name: "Container"}
	c.add("Image", p.Container.Image)
	c.add("ContainerName", p.Name)
	if len(p.Container.Command) > 0 {
		words := make([]string, len(p.Container.Command))
		for i, a := range p.Container.Command {
			words[i] = argument(a)
		}
		c.add("Exec", strings.Join(words, " "))
	}
	for _, port := range p.Container.Ports {
		c.add("PublishPort", fmt.Sprintf("%d:%d", port, port))
	}
	for _, v := range p.Container.Volumes {
		mode := "ro"
		if v.Writable {
			mode = "rw"
		}
		c.add("Volume", v.Name+":"+v.Inside+":"+mode)
	}
	for _, e := range p.Environment {
		if e.Secret == "" {
			c.add("Environment", quote(e.Name+"="+value(t, vm, e)))
		}
	}
	if hasSecrets(p) {
		c.add("EnvironmentFile", environmentPath(p))
	}
	for _, cred := range p.Credentials {
		c.add("Volume", credentialPath(p, cred)+":/run/secrets/"+cred.Name+":ro")
	}
	c.add("NoNewPrivileges", "true")
	run := section{Name: "Service"}
	if len(p.Reload) > 0 {
		run.add("ExecReload", "/usr/bin/podman exec "+p.Name+" "+command(p.Reload))
	}
	if p.Timer == nil {
		run.add("Restart", "on-failure")
	} else {
		run.add("Type", "oneshot")
	}
	run.add("TimeoutStartSec", "900") // an image may have to be fetched
	limits(p, &run)
	all := []section{about(t, vm, p), c, run}
	if p.Timer == nil {
		all = append(all, section{"Install", []string{"WantedBy=multi-user.target"}})
	}
	return all
}
