package render

import (
	"fmt"
	"slices"

	"stackgen/render/artifact"
	"stackgen/render/plan"
	"stackgen/render/runbook"
	"stackgen/schema/topology"
)

// Rendering is a checked topology on its way to files. It is not for several
// goroutines.
type Rendering struct {
	topo     *topology.Topology
	gathered *artifact.Set // what the check has rendered and nobody has taken yet
}

// Files gives all files of the output tree, sorted by path. It assumes that the check
// found no errors; an error is a fault of this program.
func (r *Rendering) Files() ([]artifact.File, error) {
	var files []artifact.File
	err := r.Each(func(batch []artifact.File) error {
		files = append(files, batch...)
		return nil
	})
	slices.SortFunc(files, artifact.Compare)
	return files, err
}

// Each is Files in batches, each of them sorted, the manifest last. The contents of a
// large stack need not be in memory together: those of a batch are gone when put has
// returned. An error of put ends it.
func (r *Rendering) Each(put func([]artifact.File) error) error {
	set, err := r.take()
	if err != nil {
		return err
	}
	return Tree(r.topo, set, put)
}

// gather renders all but what tells about all files, and keeps it.
func (r *Rendering) gather() (artifact.Set, error) {
	set, err := gather(r.topo)
	if err == nil {
		r.gathered = &set
	}
	return set, err
}

// take gives what gather has kept, and keeps it no more.
func (r *Rendering) take() (artifact.Set, error) {
	set := r.gathered
	if set == nil {
		return gather(r.topo)
	}
	r.gathered = nil
	return *set, nil
}

// Tree is [Rendering.Each] of an ordered set: it hands over its files, and then what
// tells about them: the apply script, how ssh reaches the machines, the runbook, and
// the manifest. The set has no contents any more then.
func Tree(t *topology.Topology, set artifact.Set, put func([]artifact.File) error) error {
	digests, err := handOver(set.Files, put)
	if err != nil {
		return err
	}
	about, aboutDigests, err := handOverAbout(t, set, put)
	if err != nil {
		return err
	}
	for n, f := range about {
		i, _ := slices.BinarySearchFunc(set.Files, f, artifact.Compare)
		set.Files, digests = slices.Insert(set.Files, i, f), slices.Insert(digests, i, aboutDigests[n])
	}
	return put([]artifact.File{plan.ManifestOf(t, set.Files, digests)})
}

// handedAtOnce is how many files are handed over together: enough for all processors.
const handedAtOnce = 4096

// handOver puts files, drops their contents and gives the digests of these.
func handOver(files []artifact.File, put func([]artifact.File) error) ([]plan.Digest, error) {
	digests := make([]plan.Digest, 0, len(files))
	digest := plan.NewDigester()
	for batch := range slices.Chunk(files, handedAtOnce) {
		if err := put(batch); err != nil {
			return nil, err
		}
		for i := range batch {
			digests = append(digests, digest.Of(batch[i].Content))
			batch[i].Content = ""
		}
	}
	return digests, nil
}

// handOverAbout makes the files that tell about all others, which needs no contents,
// and is handOver for one after the other: those of a large stack are large.
func handOverAbout(t *topology.Topology, set artifact.Set, put func([]artifact.File) error) (
	files []artifact.File, digests []plan.Digest, err error) {
	add := func(some []artifact.File) error {
		digest, err := handOver(some, put)
		files, digests = append(files, some...), append(digests, digest...)
		return err
	}
	for _, write := range []func(*topology.Topology, artifact.Set) (artifact.File, error){
		plan.Script, plan.SSHConfig, runbook.Render,
	} {
		f, err := write(t, set)
		if err != nil {
			return nil, nil, fmt.Errorf("rendering what is about all files: %w", err)
		}
		if err := add([]artifact.File{f}); err != nil {
			return nil, nil, err
		}
	}
	return files, digests, add(slices.Clone(plan.Runtime()))
}
