package render

import (
	"errors"
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
// tells about them: the runbook, the apply script, how ssh reaches the machines, and
// the manifest. The set has no contents any more then.
func Tree(t *topology.Topology, set artifact.Set, put func([]artifact.File) error) error {
	files, digests := set.Files, make([]plan.Digest, len(set.Files))
	set.Files = withoutContents(files)
	handed := make(chan error, 1)
	go func() { handed <- handOver(files, digests, put) }()
	about, err := aboutAll(t, set)
	if err := errors.Join(err, <-handed); err != nil {
		return err
	}
	digest := plan.NewDigester()
	for _, f := range about {
		i, _ := slices.BinarySearchFunc(set.Files, f, artifact.Compare)
		set.Files, digests = slices.Insert(set.Files, i, f), slices.Insert(digests, i, digest.Of(f.Content))
		set.Files[i].Content = ""
	}
	if err := put(about); err != nil {
		return err
	}
	clear(about)
	return put([]artifact.File{plan.ManifestOf(t, set.Files, digests)})
}

func withoutContents(files []artifact.File) []artifact.File {
	bare := slices.Clone(files)
	for i := range bare {
		bare[i].Content = ""
	}
	return bare
}

// handedAtOnce is how many files are handed over together: enough for all processors.
const handedAtOnce = 4096

// handOver puts files, notes their digests and drops their contents.
func handOver(files []artifact.File, digests []plan.Digest, put func([]artifact.File) error) error {
	digest := plan.NewDigester()
	for len(files) > 0 {
		n := min(handedAtOnce, len(files))
		for i, f := range files[:n] {
			digests[i] = digest.Of(f.Content)
		}
		if err := put(files[:n]); err != nil {
			return err
		}
		clear(files[:n])
		files, digests = files[n:], digests[n:]
	}
	return nil
}

// aboutAll makes the files that tell about all others, sorted by path. It needs no
// contents.
func aboutAll(t *topology.Topology, set artifact.Set) ([]artifact.File, error) {
	readme, err := runbook.Render(t, set)
	if err != nil {
		return nil, fmt.Errorf("rendering the runbook: %w", err)
	}
	about, err := plan.About(t, set)
	about = append(about, readme)
	slices.SortFunc(about, artifact.Compare)
	return about, err
}
