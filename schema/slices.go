package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"stackgen/schema/diag"
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

// loadSliced evaluates, validates and decodes a large topology in slices, with a
// VM that has it. It does not do so for one that is small or has any fault: the
// plain way then words the findings, which so are the same.
func loadSliced(in Input, vm *fastVM) (decoded, bool) {
	if vm == nil || len(in.TLAVars)+len(in.TLACode) > 0 {
		return decoded{}, false // a function makes the whole topology anew for each slice
	}
	first := slicer{vm: vm, file: in.File}
	machines, err := first.capture("std.length(t.vms)")
	if err != nil || machines.(float64) < sliceFrom {
		return decoded{}, false
	}
	first.machines = int(machines.(float64))
	topo := first.whole(in)
	return decoded{topo: topo, slicer: &first}, topo != nil
}

// whole takes all slices, and joins them.
func (s *slicer) whole(in Input) *topology.Topology {
	if !s.takeRest() {
		return nil
	}
	whole := s.decode(maps.Clone(s.rest))
	if whole == nil {
		return nil
	}
	parts := make([]*topology.Topology, (s.machines+sliceSize-1)/sliceSize)
	next := make(chan int)
	var work sync.WaitGroup
	var failed atomic.Bool // and so there is no need to take the rest
	var done atomic.Int32
	for worker := range min(len(parts), runtime.GOMAXPROCS(0)) {
		work.Go(func() {
			own := s
			if worker > 0 {
				own = &slicer{vm: newFastVM(in), file: s.file, rest: s.rest}
			}
			for i := range next {
				parts[i] = own.slice(i*sliceSize, (i+1)*sliceSize)
				failed.CompareAndSwap(false, parts[i] == nil)
				if in.Progress != nil {
					in.Progress(min(int(done.Add(1))*sliceSize, s.machines), s.machines)
				}
			}
		})
	}
	for i := 0; i < len(parts) && !failed.Load(); i++ {
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
	whole.Complete()
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

// takeRest evaluates all but the machines.
func (s *slicer) takeRest() bool {
	rest, err := s.capture("{ [k]: t[k] for k in std.objectFields(t) if k != 'vms' }")
	if err != nil {
		return false
	}
	s.rest = rest.(map[string]any)
	s.rest["vms"] = map[string]any{}
	return true
}

// slice gives a topology with the machines from one index up to another, or nil
// if there is anything to say about it. Adding an empty object gives the
// machines a cache of values that is dropped with the slice.
func (s *slicer) slice(from, to int) *topology.Topology {
	vms, err := s.capture(fmt.Sprintf("local vms = t.vms + {}; { [k]: vms[k] for k in std.objectFields(vms)[%d:%d] }", from, to))
	if err != nil {
		return nil
	}
	return s.decode(map[string]any{
		"apiVersion": topology.APIVersion, "name": s.rest["name"], "networks": map[string]any{},
		"hosts": map[string]any{"none": map[string]any{}}, "vms": vms,
	})
}

// about is the topology with those of its machines that findings are about.
func (s *slicer) about(diags diag.List) (any, error) {
	named := map[string]bool{}
	for _, d := range diags {
		named[machineIn(d.Path)] = true
		for _, r := range d.Related {
			named[machineIn(r.Path)] = true
		}
	}
	names, _ := json.Marshal(slices.Sorted(maps.Keys(named))) // of text: cannot fail
	vms, err := s.capture(fmt.Sprintf("{ [k]: t.vms[k] for k in %s if std.objectHas(t.vms, k) }", names))
	doc := maps.Clone(s.rest)
	doc["vms"] = vms
	return doc, err
}

// machineIn is the name of the machine that a path leads into, if it does.
func machineIn(path string) string {
	if tokens := diag.Split(path); len(tokens) > 1 && tokens[0] == "vms" {
		return tokens[1]
	}
	return ""
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
