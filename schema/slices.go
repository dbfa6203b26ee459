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
	"github.com/google/go-jsonnet/ast"
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
// VM that has it. It does not do so for one that is small or has any fault: the
// plain way then words the findings, which so are the same.
func loadSliced(in Input, vm *fastVM) (decoded, bool) {
	if vm == nil || len(in.TLAVars)+len(in.TLACode) > 0 {
		return decoded{}, false // a function makes the whole topology anew for each slice
	}
	s := slicer{vm: vm, file: in.File}
	if !s.takeNames() || len(s.machines) < sliceFrom {
		return decoded{}, false
	}
	topo := s.whole(in)
	return decoded{topo: topo, slicer: &s}, topo != nil
}

// whole takes all slices and the rest, and joins them.
func (s *slicer) whole(in Input) *topology.Topology {
	size := sliceSize(len(s.machines))
	parts := make([]*topology.Topology, (len(s.machines)+size-1)/size)
	var next, done atomic.Int32
	var failed atomic.Bool // and so there is no need to take more
	take := func(own *slicer) {
		for i := int(next.Add(1)) - 1; i < len(parts) && !failed.Load(); i = int(next.Add(1)) - 1 {
			machines := s.machines[i*size : min((i+1)*size, len(s.machines))]
			parts[i] = own.slice(machines)
			failed.CompareAndSwap(false, parts[i] == nil)
			if in.Progress != nil {
				in.Progress(int(done.Add(int32(len(machines)))), len(s.machines))
			}
		}
	}
	var others sync.WaitGroup
	for range min(len(parts), runtime.GOMAXPROCS(0), mostVMs) - 1 {
		others.Go(func() { take(&slicer{vm: newFastVM(in), file: s.file, name: s.name}) })
	}
	whole := s.takeRest()
	failed.CompareAndSwap(false, whole == nil)
	take(s)
	others.Wait()
	if failed.Load() {
		return nil
	}
	return join(whole, parts)
}

// join puts the machines of all slices into a topology; they come in the order
// of their names.
func join(whole *topology.Topology, parts []*topology.Topology) *topology.Topology {
	for _, p := range parts {
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
	name     any // of the topology
	machines []string
	rest     map[string]any // all but the machines
}

// takeNames evaluates what is to be known before the first slice.
func (s *slicer) takeNames() bool {
	v, err := s.capture("{ name: t.name, machines: std.objectFields(t.vms) }")
	if err != nil {
		return false
	}
	names := object(v.(map[string]any))
	s.name, s.machines = names["name"], names.strs("machines")
	return true
}

// takeRest evaluates all but the machines, and gives a topology without any, or nil
// if there is anything to say about it.
func (s *slicer) takeRest() *topology.Topology {
	rest, err := s.capture("{ [k]: t[k] for k in std.objectFields(t) if k != 'vms' }")
	if err != nil {
		return nil
	}
	s.rest = rest.(map[string]any)
	s.rest["vms"] = map[string]any{}
	return s.decode(s.rest)
}

// slice gives a topology with some of the machines, or nil if there is anything to
// say about it. Adding an empty object gives the machines a cache of values that is
// dropped with the slice.
func (s *slicer) slice(machines []string) *topology.Topology {
	all, err := s.program("t.vms + {}")
	if err != nil {
		return nil
	}
	vms, err := s.vm.capture(only(machines, all))
	if err != nil {
		return nil
	}
	return s.decode(map[string]any{
		"apiVersion": topology.APIVersion, "name": s.name, "networks": map[string]any{},
		"hosts": map[string]any{"none": map[string]any{}}, "vms": vms,
	})
}

// only makes a program of another: an object with some of its fields.
func only(fields []string, of ast.Node) ast.Node {
	object := &ast.DesugaredObject{}
	object.FreeVars = ast.Identifiers{valuesName}
	for _, name := range fields {
		object.Fields = append(object.Fields, ast.DesugaredObjectField{Name: text(name), Body: fieldOf(variable(valuesName), name), Hide: ast.ObjectFieldInherit})
	}
	return &ast.Local{Binds: ast.LocalBinds{{Variable: valuesName, Body: of}}, Body: object}
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

// capture evaluates an expression about the topology.
func (s *slicer) capture(expression string) (any, error) {
	node, err := s.program(expression)
	if err != nil {
		return nil, err
	}
	return s.vm.capture(node)
}

// program is an expression about the topology, which it knows as t.
func (s *slicer) program(expression string) (ast.Node, error) {
	file, err := json.Marshal(s.file) // text in JSON is text in Jsonnet
	if err != nil {
		return nil, err
	}
	return jsonnet.SnippetToAST("", "local t = import "+string(file)+"; "+expression)
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
