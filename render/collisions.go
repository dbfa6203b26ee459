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
	handed := handedOver(t)
	if len(handed) == 0 {
		return nil
	}
	set, err := gathered()
	if err != nil {
		return nil
	}
	places := placesOf(set.Files, handed)
	for i, p := range places {
		for j := i + 1; j < len(places) && places[j].within(p); j++ {
			report(&diags, p, places[j])
		}
	}
	return diags
}

// handedOver is the content of the user's files, by machine and path.
func handedOver(t *topology.Topology) map[string]map[string]string {
	handed := map[string]map[string]string{}
	for _, vm := range t.VMs {
		for _, f := range vm.Files {
			if handed[vm.Name] == nil {
				handed[vm.Name] = map[string]string{}
			}
			handed[vm.Name][f.Path] = f.Content
		}
	}
	return handed
}

// place is where a file is.
type place struct {
	machine string
	path    string // absolute
	user    bool   // the user handed it over
	key     string // the path with slashes that sort before all other characters
}

// placesOf lists the places of files on the machines with files of the user, in
// the tree as seen from the machine's folder and on the machine. A directory
// comes before what is in it.
func placesOf(files []artifact.File, handed map[string]map[string]string) (places []place) {
	for _, f := range files {
		if handed[f.Machine] == nil {
			continue
		}
		p := placeAt(f.Machine, "/"+f.Path)
		content, ok := handed[f.Machine][p.path]
		p.user = ok && content == f.Content
		places = append(places, p)
		if f.Install != nil && f.Install.Path != p.path {
			places = append(places, placeAt(f.Machine, f.Install.Path))
		}
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(strings.Compare(a.machine, b.machine), strings.Compare(a.key, b.key))
	})
	return places
}

func placeAt(machine, path string) place {
	return place{machine: machine, path: path, key: strings.ReplaceAll(path, "/", "\x00")}
}

// within reports whether p is at the place of q or below it.
func (p place) within(q place) bool {
	return p.machine == q.machine && (p.path == q.path || strings.HasPrefix(p.path, q.path+"/"))
}

// report says which of two places is the user's fault, if any.
func report(diags *diag.List, outer, inner place) {
	user, other := inner, outer
	if !user.user {
		user, other = outer, inner
	}
	path := func(p place) string { return diag.Path("vms", p.machine, "files", p.path) }
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
