package plan

import (
	"maps"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// packages gives each machine that needs Debian packages one list of them all
// and one step that installs it, before all others of that machine.
func packages(t *topology.Topology, sets ...artifact.Set) artifact.Set {
	lists := wanted(t, sets)
	var set artifact.Set
	for _, machine := range slices.Sorted(maps.Keys(lists)) {
		names := slices.Compact(slices.Sorted(slices.Values(lists[machine])))
		set.Files = append(set.Files, artifact.File{
			Machine: machine, Path: packageList, Format: artifact.PackageList, Step: "packages",
			Content: "# " + artifact.Header + "\n" + strings.Join(names, "\n") + "\n",
		})
		set.Steps = append(set.Steps, artifact.Step{
			Machine: machine, Name: "packages", Phase: phaseOfPackages(t, machine),
			Summary: "Debian packages",
			Apply:   []string{"install_packages " + packageList},
			Verify:  []string{`[ -z "$(missing_packages ` + packageList + `)" ]`},
		})
	}
	return set
}

const packageList = "apt/packages.txt"

// wanted lists the packages of each machine: those that its steps need and
// those that the user asked for.
func wanted(t *topology.Topology, sets []artifact.Set) map[string][]string {
	lists := make(map[string][]string)
	add := func(machine string, names []string) {
		if len(names) > 0 {
			lists[machine] = append(lists[machine], names...)
		}
	}
	for _, set := range sets {
		for i := range set.Steps {
			add(set.Steps[i].Machine, set.Steps[i].Packages)
		}
	}
	for _, h := range t.Hosts {
		add(h.Name, h.Packages)
	}
	for _, v := range t.VMs {
		add(v.Name, v.Packages)
	}
	return lists
}

// phaseOfPackages: guests have no way to the archive before there is a router,
// which may be one of them.
func phaseOfPackages(t *topology.Topology, machine string) artifact.Phase {
	if t.Host(machine) != nil {
		return artifact.Packages
	}
	if v := t.VM(machine); v != nil && v.Router != nil {
		return artifact.Router
	}
	return artifact.Guest
}

// afterPackages makes every other step of a machine in the same phase come
// after its packages; the phases see to the rest.
func afterPackages(steps []artifact.Step) {
	has := make(map[string]artifact.Phase)
	for i := range steps {
		if s := &steps[i]; s.Name == "packages" {
			has[s.Machine] = s.Phase
		}
	}
	for i := range steps {
		s := &steps[i]
		if p, ok := has[s.Machine]; ok && p == s.Phase && s.Name != "packages" {
			s.After = append(slices.Clone(s.After), s.Machine+"/packages")
		}
	}
}
