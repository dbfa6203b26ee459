// Package plan orders the steps of a rendered stack and writes what ties its
// files together: the apply script, how ssh reaches each machine, the lists of
// Debian packages, and the manifest.
//
// It takes the files and steps of all renderers and gives all files of the
// tree, sorted by path. What a step does is left to its renderer; how a step is
// run is the fixed part of templates/plan/apply.sh.tmpl.
package plan

import (
	"slices"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// Order adds the steps and files that are plan's own and puts all steps in the
// order of an apply.
func Order(t *topology.Topology, set artifact.Set) (artifact.Set, error) {
	set.Files = slices.Clone(set.Files)
	set.Add(packages(t, set.Steps))
	set.Add(endToEnd(t))
	afterPackages(set.Steps)
	var err error
	set.Steps, err = order(set.Steps)
	return set, err
}

// Complete adds the apply script and the manifest to an ordered set and gives
// its files, sorted by path.
func Complete(t *topology.Topology, set artifact.Set) ([]artifact.File, error) {
	set.Sort()
	script, err := applyScript(t, set.Steps, set.Files)
	if err != nil {
		return nil, err
	}
	set.Files = append(set.Files, script, sshConfig(t))
	set.Sort()
	set.Files = append(set.Files, manifest(t, set.Files))
	set.Sort()
	return set.Files, nil
}
