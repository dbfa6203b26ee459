// Package plan orders the steps of a rendered stack and writes what ties its
// files together: the apply script, how ssh reaches each machine, the lists of
// Debian packages, and the manifest.
//
// It takes the files and steps of all renderers and gives the steps in order, and
// those files. What a step does is left to its renderer; how a step is run is what
// [Runtime] gives: bash, by subject in templates/plan/here and templates/plan/machine.
package plan

import (
	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// Order joins the sets of all renderers, adds the steps and files that are plan's own
// and puts all steps in the order of an apply, and all files in that of their paths.
func Order(t *topology.Topology, sets ...artifact.Set) (set artifact.Set, err error) {
	set.Add(append(sets, packages(t, sets...), endToEnd(t))...)
	set.Sort()
	afterPackages(set.Steps)
	set.Steps, err = order(set.Steps)
	return set, err
}
