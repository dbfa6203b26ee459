// Package files renders the files that a user hands to a VM as they are.
//
// It takes a checked topology and gives each file verbatim, with its owner and
// mode, and the step it belongs to. That no two files of a tree are in each
// other's way is left to package render, which knows all of them.
package files

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/render/internal/shell"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// accounts are the files that Debian's tools change line by line (passwd(5) and
// the like): packages add accounts of their own.
var accounts = []string{"/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/subuid", "/etc/subgid"}

// volatileDirs are what file-hierarchy(7) makes anew at each start.
var volatileDirs = []string{"/dev/", "/proc/", "/run/", "/sys/", "/tmp/", "/var/run/", "/var/lock/"}

// Check reports files that a system must not be handed.
func Check(t *topology.Topology) (diags diag.List) {
	for i := range t.VMs {
		vm := &t.VMs[i]
		vm.EachFile(func(f *topology.File, path ...any) {
			if why := refusal(f.Path); why != "" {
				diags.Errorf("files/path", diag.Join(diag.Path("vms", vm.Name), path...), "%q cannot be handed over: %s",
					f.Path, why).
					AtKey().Hintf("choose another path")
			}
		})
	}
	return diags
}

func refusal(path string) string {
	under := func(dir string) bool { return strings.HasPrefix(path, dir) }
	switch {
	case slices.Contains(accounts, path):
		return "the system adds its accounts to it"
	case path == "/etc/machine-id" || under("/etc/ssh/ssh_host_"):
		return "it is the identity of one machine"
	case slices.ContainsFunc(volatileDirs, under):
		return "what is there is gone after a restart"
	}
	return ""
}

// Render assumes that [Check] found no errors in t.
func Render(t *topology.Topology) (artifact.Set, error) {
	var set artifact.Set
	for i := range t.VMs {
		vm := &t.VMs[i]
		own := false
		for _, f := range vm.Files {
			file := artifact.File{
				Machine: vm.Name, Path: strings.TrimPrefix(f.Path, "/"), Format: formatOf(vm, f.Path),
				Content: f.Content, Step: stepOf(vm, f.Path),
				Install: &artifact.Install{Path: f.Path, Owner: f.Owner, Group: f.Group, Mode: f.Mode},
			}
			set.Files = append(set.Files, file)
			own = own || file.Step == stepName
		}
		if own {
			set.Steps = append(set.Steps, step(vm))
		}
	}
	return set, nil
}

// formatOf takes a file for PHP where php-fpm will: nginx hands over what ends so.
// All others are the user's business.
func formatOf(vm *topology.VM, path string) artifact.Format {
	if vm.PHP != nil && strings.HasSuffix(path, ".php") {
		return artifact.PHP
	}
	return artifact.Verbatim
}

// stepName is the step of the files that are not the configuration of a service.
const stepName = "files"

// stepOf gives the configuration of a service to the service's own step, which
// tests it and makes the service read it.
func stepOf(vm *topology.VM, path string) string {
	return cmp.Or(vm.StepOf(path), stepName)
}

// step has PHP look at its programs before they are left in place.
func step(vm *topology.VM) artifact.Step {
	s := artifact.Step{
		Machine: vm.Name, Name: stepName, Phase: artifact.Guest,
		Summary: "files that the topology holds",
	}
	if vm.PHP == nil {
		return s
	}
	for _, f := range vm.Files {
		if strings.HasSuffix(f.Path, ".php") && stepOf(vm, f.Path) == stepName {
			s.Check = append(s.Check, fmt.Sprintf(`out=$(php%s -l %s 2>&1) || { printf '%%s\n' "$out" >&2; exit 1; }`,
				vm.PHP.Version, shell.Quote(f.Path)))
		}
	}
	if vm.PHP.User != "www-data" {
		s.After = []string{vm.Name + "/account"}
	}
	return s
}
