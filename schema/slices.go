package schema

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"stackgen/schema/diag"
	"stackgen/schema/internal/evaluate"
	"stackgen/schema/topology"
)

// Jsonnet is lazy: a VM that is asked for some of the machines evaluates only
// those. A large topology is therefore taken in slices of its machines, on several
// processors, and what was built for a slice is dropped after it.
const (
	sliceFrom  = 96 // machines; below, one piece is about as quick and is less work
	sliceLeast = 24 // machines in a slice: one has costs of its own
	sliceMost  = 64
	mostVMs    = 8 // that evaluate slices: each holds all machines, of ten thousand 10 MiB
)

// sliceSize is how many machines of a topology are in a slice: so few that all
// processors have work until the end.
func sliceSize(machines int) int { return min(max(machines/16, sliceLeast), sliceMost) }

// loadSliced evaluates, validates and decodes a large topology in slices, with a
// VM that has it. It does not do so for one that is small, or whose evaluation fails
// elsewhere than in a machine: the plain way then words the finding.
func loadSliced(in Input, vm *evaluate.FastVM) (d decoded, diags diag.List, ok bool) {
	if vm == nil || len(in.TLAVars)+len(in.TLACode) > 0 {
		return d, nil, false // a function makes the whole topology anew for each slice
	}
	s := slicer{vm: vm, file: in.File}
	if !s.takeNames() || len(s.machines) < sliceFrom {
		return d, nil, false
	}
	parts, ok := s.takeAll(in)
	if !ok {
		diags = s.failure(in, parts)
		return d, diags, diags != nil
	}
	for _, p := range parts {
		diags = append(diags, p.diags...)
	}
	if len(diags) == 0 {
		d = decoded{topo: join(parts), slicer: &s}
	}
	return d, diags, true
}

// slice is a part of a topology, or what the schema says about it.
type slice struct {
	machines []string
	failed   bool // to evaluate them
	topo     *topology.Topology
	diags    diag.List
}

// takeAll takes the rest of the topology, and all slices. It is not ok if one cannot be
// evaluated.
func (s *slicer) takeAll(in Input) (parts []slice, ok bool) {
	size := sliceSize(len(s.machines))
	n := (len(s.machines) + size - 1) / size
	parts = make([]slice, 1+n)
	var next, done atomic.Int32
	var failed atomic.Bool // and so there is no need to take more
	take := func(own *slicer) {
		for i := int(next.Add(1)) - 1; i < n && !failed.Load(); i = int(next.Add(1)) - 1 {
			machines := s.machines[i*size : min((i+1)*size, len(s.machines))]
			part, ok := own.take(machines)
			failed.CompareAndSwap(false, !ok)
			part.machines, part.failed = machines, !ok
			parts[1+i] = part
			if in.Progress != nil {
				in.Progress(int(done.Add(int32(len(machines)))), len(s.machines))
			}
		}
	}
	var others sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0), mostVMs) - 1 {
		others.Go(func() { take(&slicer{vm: evaluate.NewFastVM(in), file: s.file, name: s.name}) })
	}
	parts[0], ok = s.takeRest()
	parts[0].failed = !ok
	failed.CompareAndSwap(false, !ok)
	take(s)
	others.Wait()
	return parts, !failed.Load()
}

// failure evaluates as they stand the machines of the first slice that failed, and gives
// the finding about them: Jsonnet, too, takes one after the other, and stops at the first
// that is wrong. There is none if it is not the machines, or only the fast way that
// failed.
func (s *slicer) failure(in Input, parts []slice) diag.List {
	first := slices.IndexFunc(parts, func(p slice) bool { return p.failed })
	if first < 1 {
		return nil
	}
	return evaluate.FailureIn(in, "vms", parts[first].machines)
}

// join puts the machines of all slices into the rest of the topology, which is first;
// they come in the order of their names.
func join(parts []slice) *topology.Topology {
	whole := parts[0].topo
	for _, p := range parts[1:] {
		whole.VMs = append(whole.VMs, p.topo.VMs...)
	}
	whole.Complete()
	return whole
}
