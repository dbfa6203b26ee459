package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"

	"stackgen/schema/diag"
	"stackgen/schema/internal/decode"
	"stackgen/schema/internal/evaluate"
	"stackgen/schema/topology"

	"github.com/google/go-jsonnet"
)

// slicer is a VM that holds a topology of which it evaluates what it is asked
// for. VMs are not safe to share: each worker has its own.
type slicer struct {
	vm       *evaluate.FastVM
	file     string
	name     any // of the topology
	machines []string
	rest     map[string]any // all but the machines
}

// takeNames evaluates what is to be known before the first slice.
func (s *slicer) takeNames() bool {
	v, err := s.capture("if std.objectHas(t, 'name') && std.objectHas(t, 'vms') then { name: t.name, machines: std.objectFields(t.vms) }")
	names, ok := v.(map[string]any)
	if err != nil || !ok { // a field that is hidden is not there
		return false
	}
	s.name = names["name"]
	for _, machine := range names["machines"].([]any) {
		s.machines = append(s.machines, machine.(string))
	}
	return true
}

// takeRest evaluates all but the machines.
func (s *slicer) takeRest() (slice, bool) {
	rest, err := s.capture("{ [k]: t[k] for k in std.objectFields(t) if k != 'vms' }")
	if err != nil {
		return slice{}, false
	}
	s.rest = rest.(map[string]any)
	s.rest["vms"] = map[string]any{}
	return s.decode(s.rest)
}

// take evaluates some of the machines. Adding an empty object gives the machines a
// cache of values that is dropped with the slice.
func (s *slicer) take(machines []string) (slice, bool) {
	vms, err := s.vm.Fields(s.file, "t.vms + {}", machines)
	if err != nil {
		return slice{}, false
	}
	part, ok := s.decode(map[string]any{
		"apiVersion": topology.APIVersion, "name": s.name, "networks": map[string]any{},
		"hosts": map[string]any{"none": map[string]any{}}, "vms": vms,
	})
	part.diags = slices.DeleteFunc(part.diags, isAboutRest)
	return part, ok
}

// isAboutRest tells findings that takeRest has, too: the name of the stack is in all
// slices.
func isAboutRest(d diag.Diagnostic) bool { return machineIn(d.Path) == "" }

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

func (s *slicer) decode(doc map[string]any) (part slice, ok bool) {
	var err error
	if part.diags, err = validated(doc); err != nil || len(part.diags) > 0 {
		return part, err == nil
	}
	part.topo, err = decode.Topology(doc)
	return part, err == nil
}

// capture evaluates an expression about the topology, which it knows as t.
func (s *slicer) capture(expression string) (any, error) { return s.vm.About(s.file, expression) }

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
