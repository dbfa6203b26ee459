package check

import (
	"maps"
	"path"
	"slices"
	"strings"

	"stackgen/schema/diag"
	"stackgen/schema/topology"
)

// checkSecrets finds secrets that apply would look for in one place. It takes each
// from the environment, else from a file, else from a command; which, only apply
// knows.
func checkSecrets(t *topology.Topology) (diags diag.List) {
	uses := secretUses(t)
	names := slices.Sorted(maps.Keys(uses))
	variables, folders := map[string]string{}, map[string]string{}
	for _, name := range names {
		v := variableOf(name)
		if other, taken := variables[v]; taken {
			diags.Warningf("secrets/same-place", uses[name], "in the environment the secret %q is %s, and so is %q", name, v,
				other).
				Also(uses[other], "the other secret").Hintf("choose a name that differs in more than punctuation and case")
		} else {
			variables[v] = name
		}
		for folder := path.Dir(name); folder != "." && folders[folder] == ""; folder = path.Dir(folder) {
			folders[folder] = name
		}
	}
	for _, name := range names {
		if below := folders[name]; below != "" {
			diags.Warningf("secrets/same-place", uses[name], "as a file the secret %q is where the folder of %q has to be",
				name, below).
				Also(uses[below], "the other secret").Hintf("choose a name that another does not begin with")
		}
	}
	return diags
}

// variableOf is where apply looks for a secret in the environment; see
// templates/plan/here/secrets.sh.
func variableOf(name string) string {
	return "STACKGEN_SECRET_" + strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(name))
}

// secretUses are the paths at which each secret of a topology is named first.
func secretUses(t *topology.Topology) map[string]string {
	uses := map[string]string{}
	t.Mentions(func(m topology.Mention) {
		uses[string(m.Secret)] = diag.Join(diag.Path(m.Path...), "secret")
	})
	for i := range t.VMs {
		vm := &t.VMs[i]
		vm.Mentions(func(m topology.Mention) {
			if _, seen := uses[string(m.Secret)]; !seen && m.Secret != "" {
				uses[string(m.Secret)] = diag.Join(vmPath(vm, m.Path...), "secret")
			}
		})
	}
	return uses
}
