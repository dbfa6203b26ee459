package runbook

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"stackgen/render/artifact"
	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

func steps(all []artifact.Step) (rows []string) {
	for i, s := range all {
		machine, note := code(s.Machine), ""
		if s.Machine == "" {
			machine = "here"
		}
		if s.Guarded {
			note = "undoes itself if it cuts the machine off"
		}
		rows = append(rows, row(fmt.Sprint(i+1), machine, code(s.Name), text(s.Summary), note))
	}
	return rows
}

// secrets are the names of what apply asks for, and the files that it goes into.
func secrets(files []artifact.File) (rows []string) {
	uses := map[string][]string{}
	for _, f := range files {
		for _, s := range f.Secrets {
			uses[s.Name] = append(uses[s.Name], f.TreePath())
		}
	}
	for _, name := range slices.Sorted(maps.Keys(uses)) {
		slices.Sort(uses[name])
		rows = append(rows, row(code(name), codes(slices.Compact(uses[name]))))
	}
	return rows
}

// keyMakers are the scripts that make some of the secrets. No step runs them.
func keyMakers(files []artifact.File) (scripts []string) {
	for _, f := range files {
		if f.Path == "pki/pki.sh" {
			scripts = append(scripts, code(f.TreePath()))
		}
	}
	return scripts
}

// hatches are where the topology speaks the language of a program, which only
// that program checks.
func hatches(t *topology.Topology) (rows []string) {
	add := func(words string, tokens ...any) {
		if words = strings.TrimRight(words, "\n"); words != "" {
			lines := strings.Count(words, "\n") + 1
			rows = append(rows, row(code(diag.Path(tokens...)), fmt.Sprint(lines)))
		}
	}
	for _, vm := range t.VMs {
		if vm.Libvirt != nil {
			add(vm.Libvirt.ExtraXML, "vms", vm.Name, "libvirt", "extraXML")
		}
		if vm.Router != nil {
			add(strings.Join(vm.Router.ExtraCommands, "\n"), "vms", vm.Name, "router", "extraCommands")
		}
		if vm.Varnish != nil {
			add(vm.Varnish.VCL, "vms", vm.Name, "varnish", "vcl")
		}
		if vm.Nginx != nil {
			for _, s := range vm.Nginx.Sites {
				add(s.Extra, "vms", vm.Name, "nginx", "sites", s.Name, "extra")
			}
		}
	}
	return rows
}
