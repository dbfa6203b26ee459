package impact

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"stackgen/schema/topology"
)

// change is a difference of two models.
type change struct {
	path     []string // keys from the top; members of lists by name or number
	old, new any      // nil where there is nothing
	onChange string   // what the file of a program needs that it is about
}

func (c change) added() bool   { return c.old == nil }
func (c change) removed() bool { return c.new == nil }

// String is the change in a few words. Text of many lines is not shown.
func (c change) String() string {
	switch {
	case c.added() && !isScalar(c.new):
		return "added"
	case c.removed() && !isScalar(c.old):
		return "removed"
	}
	return value(c.old) + " → " + value(c.new)
}

func isScalar(v any) bool {
	switch v.(type) {
	case map[string]any, members, []any:
		return false
	}
	return true
}

func value(v any) string {
	switch v := v.(type) {
	case nil:
		return "none"
	case string:
		if strings.Contains(v, "\n") || len(v) > 60 {
			return "other text"
		}
		return v
	case []any:
		if slices.ContainsFunc(v, func(e any) bool { return !isScalar(e) }) {
			return fmt.Sprintf("%d", len(v))
		}
		words := make([]string, len(v))
		for i, e := range v {
			words[i] = value(e)
		}
		return strings.Join(words, ", ")
	}
	return fmt.Sprint(v)
}

// modelChanges compares two models field by field.
func modelChanges(old, new *topology.Topology) []change {
	list := differences(nil, generic(old), generic(new))
	for i := range list {
		c := &list[i]
		if c.onChange = onChangeOf(new, c.path); c.onChange == "" {
			c.onChange = onChangeOf(old, c.path)
		}
	}
	return list
}

// onChangeOf is what the file of a program needs that a path is about; empty if it is
// about none.
func onChangeOf(t *topology.Topology, path []string) string {
	if len(path) < 6 || path[0] != "vms" || path[2] != "services" || path[4] != "files" || t.VM(path[1]) == nil {
		return ""
	}
	if p := t.VM(path[1]).Program(path[3]); p != nil {
		for _, f := range p.Files {
			if f.Path == path[5] {
				return f.OnChange
			}
		}
	}
	return ""
}

// generic is a model as maps, lists of named things as maps by name.
func generic(t *topology.Topology) any {
	text, err := json.Marshal(t)
	if err != nil {
		panic("a model does not marshal: " + err.Error())
	}
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		panic("a model does not unmarshal: " + err.Error())
	}
	return keyed(v)
}

func keyed(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = keyed(e)
		}
	case []any:
		if m, ok := byName(v); ok {
			for k, e := range m {
				m[k] = keyed(e)
			}
			return m
		}
	}
	return v
}

// members is a list whose members have names, as a map. None at all and one
// without members are the same.
type members map[string]any

// byName makes a map of a list whose members all have a name, a number or a
// path.
func byName(list []any) (members, bool) {
	m := make(members, len(list))
	for _, e := range list {
		o, ok := e.(map[string]any)
		if !ok {
			return nil, false
		}
		key := ""
		for _, k := range []string{"name", "number", "path"} {
			if id, ok := o[k]; ok && key == "" {
				key = fmt.Sprint(id)
				delete(o, k)
			}
		}
		if key == "" {
			return nil, false
		}
		m[key] = o
	}
	return m, len(list) > 0
}

// differences lists changes in the order of their paths. What is wholly added
// or removed is one change.
func differences(path []string, old, new any) (list []change) {
	a, b, ok := bothMaps(old, new)
	if !ok {
		if empty(old) && empty(new) || reflect.DeepEqual(old, new) {
			return nil
		}
		return append(list, change{path: slices.Clone(path), old: old, new: new})
	}
	keys := maps.Clone(a)
	maps.Copy(keys, b)
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		list = append(list, differences(append(path, k), a[k], b[k])...)
	}
	return list
}

// bothMaps gives the maps to compare key by key, if both sides are maps, or one
// is a list of members and the other is not there.
func bothMaps(old, new any) (a, b map[string]any, ok bool) {
	asMap := func(v, other any) (map[string]any, bool) {
		switch v := v.(type) {
		case map[string]any:
			return v, true
		case members:
			return v, true
		case nil:
			_, ok := other.(members)
			return map[string]any{}, ok
		}
		l, isList := v.([]any)
		_, ok := other.(members)
		return map[string]any{}, ok && isList && len(l) == 0
	}
	a, okA := asMap(old, new)
	b, okB := asMap(new, old)
	return a, b, okA && okB
}

// empty takes an empty list for one that is not there. An empty map is a block
// that is there.
func empty(v any) bool {
	l, isList := v.([]any)
	return v == nil || isList && len(l) == 0
}

// renamed is the old model with the new names of the VMs and disks that have one: a
// machine that is renamed does not go, and no other one comes.
func renamed(old, new *topology.Topology) *topology.Topology {
	t := *old
	t.VMs = slices.Clone(old.VMs)
	for i := range t.VMs {
		vm := &t.VMs[i]
		now := renamedVM(new, vm)
		if now == nil {
			continue
		}
		vm.Name = now.Name
		vm.Disks = slices.Clone(vm.Disks)
		for j := range vm.Disks {
			d := &vm.Disks[j]
			same := func(other topology.Disk) bool { return other.RenamedFrom == cmp.Or(d.RenamedFrom, d.Name) }
			if k := slices.IndexFunc(now.Disks, same); k >= 0 {
				d.Name = now.Disks[k].Name
			}
		}
	}
	return &t
}

// renamedVM is what a VM of an old model is in a new one: that of its name, or the one
// that has its name from it.
func renamedVM(new *topology.Topology, vm *topology.VM) *topology.VM {
	if now := new.VM(vm.Name); now != nil {
		return now
	}
	first := cmp.Or(vm.RenamedFrom, vm.Name)
	i := slices.IndexFunc(new.VMs, func(other topology.VM) bool { return other.RenamedFrom == first })
	if i < 0 {
		return nil
	}
	return &new.VMs[i]
}
