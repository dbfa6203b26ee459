package render

import (
	"cmp"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// collisions finds files of the user that are at the place of another file, or
// of a directory that holds one, in the tree or on the machine. It needs all that
// is rendered to know the places, so it is for topologies that can be rendered;
// an error is left for [Render] to report.
func collisions(t *topology.Topology, gathered func() (artifact.Set, error)) (diags diag.List) {
	if !slices.ContainsFunc(t.VMs, func(vm topology.VM) bool { return len(vm.Files) > 0 }) {
		return nil
	}
	set, err := gathered()
	if err != nil {
		return nil
	}
	for machine, files := range artifact.ByMachine(set.Files) {
		vm := t.VM(machine)
		if vm == nil || len(vm.Files) == 0 {
			continue
		}
		places := machineFiles(vm, files)
		for i, p := range places {
			for j := i + 1; j < len(places) && places[j].within(p); j++ {
				report(&diags, p, places[j])
			}
		}
	}
	return diags
}

// machineFile is where a file is.
type machineFile struct {
	machine string
	path    string // absolute
	user    bool   // the user handed it over
}

// machineFiles lists the places of a machine's files, in the tree as seen from the
// machine's folder and on the machine. A directory comes before what is in it.
func machineFiles(vm *topology.VM, files []artifact.File) (places []machineFile) {
	handed := make(map[string]string, len(vm.Files))
	for _, f := range vm.Files {
		handed[f.Path] = f.Content
	}
	for i := range files {
		f := &files[i]
		path := "/" + f.Path
		content, ok := handed[path]
		places = append(places, machineFile{vm.Name, path, ok && content == f.Content})
		if f.Install != nil && f.Install.Path != path {
			places = append(places, machineFile{vm.Name, f.Install.Path, false})
		}
	}
	slices.SortFunc(places, func(a, b machineFile) int { return compare(a.path, b.path) })
	return places
}

// compare sorts slashes before all other characters.
func compare(a, b string) int {
	for i := range min(len(a), len(b)) {
		switch {
		case a[i] == b[i]:
		case a[i] == '/':
			return -1
		case b[i] == '/':
			return 1
		default:
			return cmp.Compare(a[i], b[i])
		}
	}
	return cmp.Compare(len(a), len(b))
}

// within reports whether p is at the place of q or below it, on the same machine.
func (p machineFile) within(q machineFile) bool {
	below, ok := strings.CutPrefix(p.path, q.path)
	return ok && (below == "" || below[0] == '/')
}

// report says which of two places is the user's fault, if any.
func report(diags *diag.List, outer, inner machineFile) {
	user, other := inner, outer
	if !user.user {
		user, other = outer, inner
	}
	path := func(p machineFile) string { return diag.Path("vms", p.machine, "files", p.path) }
	switch {
	case !user.user:
	case other.user:
		diags.Errorf("files/path", path(user), "%q and %q cannot both be files", user.path, other.path).AtKey().
			Also(path(other), "the other file").Hintf("choose another path for one of them")
	case user.path == other.path:
		diags.Errorf("files/path", path(user), "%q is rendered from the topology", user.path).AtKey().
			Hintf("say in the topology what should be in it, or choose another path")
	default:
		diags.Errorf("files/path", path(user), "%q is in the way of %q, which is rendered", user.path, other.path).AtKey().
			Hintf("choose another path")
	}
}
