package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"runtime"
	"sync"

	"stackgen/schema/topology"

	"github.com/google/go-jsonnet"
)

// Jsonnet is lazy: a VM that is asked for some of the machines evaluates only
// those. A large topology is therefore taken in slices of its machines, on all
// processors, and what was built for a slice is dropped after it.
const (
	sliceFrom = 256 // machines; below, one piece is quicker
	sliceSize = 256 // machines in a slice
)

// loadSliced evaluates, validates and decodes a large topology in slices. It
// gives nil for one that is small or has any fault: the plain way then words the
// findings, which so are the same.
func loadSliced(in Input) *topology.Topology {
	if len(in.TLAVars)+len(in.TLACode) > 0 {
		return nil // a function makes the whole topology anew for each slice
	}
	in.Importer = &sharedImporter{next: in.Importer}
	first, err := newSlicer(in)
	if err != nil || first.machines < sliceFrom {
		return nil
	}
	whole := first.decode(maps.Clone(first.rest))
	if whole == nil {
		return nil
	}
	parts := make([]*topology.Topology, (first.machines+sliceSize-1)/sliceSize)
	next := make(chan int)
	var work sync.WaitGroup
	for worker := range min(len(parts), runtime.GOMAXPROCS(0)) {
		work.Go(func() {
			s := first
			if worker > 0 {
				s, _ = newSlicer(in)
			}
			for i := range next {
				parts[i] = s.slice(i*sliceSize, (i+1)*sliceSize)
			}
		})
	}
	for i := range parts {
		next <- i
	}
	close(next)
	work.Wait()
	return join(whole, parts)
}

// join puts the machines of all slices into a topology; they come in the order
// of their names.
func join(whole *topology.Topology, parts []*topology.Topology) *topology.Topology {
	for _, p := range parts {
		if p == nil {
			return nil
		}
		whole.VMs = append(whole.VMs, p.VMs...)
	}
	return whole
}

// slicer is a VM that holds a topology of which it evaluates what it is asked
// for. VMs are not safe to share: each worker has its own.
type slicer struct {
	vm       *fastVM
	file     string
	machines int
	rest     map[string]any // all but the machines
}

func newSlicer(in Input) (*slicer, error) {
	vm, err := newFastVM(in)
	if err != nil {
		return nil, err
	}
	s := &slicer{vm: vm, file: in.File}
	doc, err := s.capture("[std.length(t.vms), { [k]: t[k] for k in std.objectFields(t) if k != 'vms' }]")
	if err != nil {
		return nil, err
	}
	pair := doc.([]any)
	s.machines, s.rest = int(pair[0].(float64)), pair[1].(map[string]any)
	s.rest["vms"] = map[string]any{}
	return s, nil
}

// slice gives a topology with the machines from one index up to another, or nil
// if there is anything to say about it. Adding an empty object gives the
// machines a cache of values that is dropped with the slice.
func (s *slicer) slice(from, to int) *topology.Topology {
	if s == nil {
		return nil
	}
	vms, err := s.capture(fmt.Sprintf("local vms = t.vms + {}; { [k]: vms[k] for k in std.objectFields(vms)[%d:%d] }", from, to))
	if err != nil {
		return nil
	}
	return s.decode(map[string]any{
		"apiVersion": topology.APIVersion, "name": s.rest["name"], "networks": map[string]any{},
		"hosts": map[string]any{"none": map[string]any{}}, "vms": vms,
	})
}

func (s *slicer) decode(doc map[string]any) *topology.Topology {
	if diags, err := validate(doc); err != nil || len(diags) > 0 {
		return nil
	}
	topo, err := decode(doc)
	if err != nil {
		return nil
	}
	return topo
}

// capture evaluates an expression about the topology, which it knows as t.
func (s *slicer) capture(expression string) (any, error) {
	file, err := json.Marshal(s.file) // text in JSON is text in Jsonnet
	if err != nil {
		return nil, err
	}
	node, err := jsonnet.SnippetToAST("", "local t = import "+string(file)+"; "+expression)
	if err != nil {
		return nil, err
	}
	return s.vm.capture(node)
}

// sharedImporter lets several VMs use one importer.
type sharedImporter struct {
	mu   sync.Mutex
	next jsonnet.Importer
}

// Import implements [jsonnet.Importer].
func (i *sharedImporter) Import(from, name string) (jsonnet.Contents, string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.next.Import(from, name)
}
