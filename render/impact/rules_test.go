package impact

import (
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"stackgen/render/artifact"
	"stackgen/schema/topology"
)

// TestRulesAreComplete wants a rule for every field of the model.
func TestRulesAreComplete(t *testing.T) {
	for _, path := range fields(nil, reflect.TypeFor[topology.Topology]()) {
		c := change{path: path, old: "a", new: "b"}
		if _, ok := ruleFor(c); !ok {
			t.Errorf("no rule for %s", strings.Join(path, "/"))
		}
	}
	if _, ok := ruleFor(change{path: []string{"vms", "a", "colour"}, old: "a", new: "b"}); ok {
		t.Error("a field that there is not has a rule")
	}
}

// fields lists the paths of all that can change in a type.
func fields(path []string, typ reflect.Type) (paths [][]string) {
	switch {
	case typ.Kind() == reflect.Pointer:
		return fields(path, typ.Elem())
	case typ == reflect.TypeFor[netip.Addr](), typ == reflect.TypeFor[netip.Prefix](), typ == reflect.TypeFor[topology.Ports](), typ == reflect.TypeFor[topology.AddrRange]():
		return [][]string{path}
	case typ.Kind() == reflect.Slice && typ.Elem().Kind() == reflect.Struct && hasKey(typ.Elem()):
		return fields(append(path[:len(path):len(path)], "*"), typ.Elem())
	case typ.Kind() != reflect.Struct:
		return [][]string{path}
	}
	for _, f := range reflect.VisibleFields(typ) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if isKey(typ, name) || !f.IsExported() {
			continue
		}
		paths = append(paths, fields(append(path[:len(path):len(path)], name), f.Type)...)
	}
	return paths
}

// hasKey reports whether members of a list of this type are known by a name.
func hasKey(typ reflect.Type) bool {
	for _, f := range reflect.VisibleFields(typ) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "name" || name == "number" || typ == reflect.TypeFor[topology.File]() && name == "path" {
			return true
		}
	}
	return false
}

func isKey(typ reflect.Type, name string) bool {
	return typ != reflect.TypeFor[topology.Topology]() && (name == "name" || name == "number") ||
		typ == reflect.TypeFor[topology.File]() && name == "path"
}

// TestRulesCanFit wants no rule that one before it always hides.
func TestRulesCanFit(t *testing.T) {
	table := rules()
	for i, r := range table {
		path := strings.Split(strings.ReplaceAll(r.path, "**", "below"), "/")
		c := change{path: path, old: []any{"a"}, new: []any{"b"}}
		switch r.on {
		case added:
			c.old = nil
		case removed:
			c.new = nil
		}
		if r.when != nil {
			c.new = []any{"a", "b"}
		}
		for j, o := range table {
			if o.fits(c) {
				if j < i {
					t.Errorf("the rule for %s is hidden by that for %s", r.path, o.path)
				}
				break
			}
		}
		if r.reason == "" || r.class < None || r.class > Outage {
			t.Errorf("the rule for %s has class %v and reason %q", r.path, r.class, r.reason)
		}
	}
}

func TestMeaning(t *testing.T) {
	tests := []struct {
		name, path, old, new string
		same                 bool
	}{
		{"XML in another order", "vmm/libvirt/a.xml", "<domain><name>a</name>\n<memory unit='KiB'>1</memory></domain>", "<domain>\n  <memory unit='KiB'>1</memory><!-- x --><name>a</name></domain>", true},
		{"XML attributes in another order", "vmm/libvirt/a.xml", "<d><t a='1' b='2'/></d>", "<d><t b=\"2\" a=\"1\"></t></d>", true},
		{"XML with another value", "vmm/libvirt/a.xml", "<d><m>1</m></d>", "<d><m>2</m></d>", false},
		{"disks in another order", "vmm/libvirt/a.xml", "<d><disk a='1'/><disk a='2'/></d>", "<d><disk a='2'/><disk a='1'/></d>", false},
		{"text that looks like markup", "vmm/libvirt/a.xml", "<d><n>&lt;a/&gt;</n></d>", "<d><n><a/></n></d>", false},
		{"commands in another order", "rtr/vyos/commands.txt", "# a\nset a\nset b\n", "set b\n\nset a\n", true},
		{"a command more", "rtr/vyos/commands.txt", "set a\n", "set a\nset b\n", false},
		{"a script in another order", "vmm/ovs/bridges.sh", "a\nb\n", "b\na\n", false},
		{"broken XML", "vmm/libvirt/a.xml", "<d>", "<e>", false},
	}
	for _, tt := range tests {
		got := len(Files([]artifact.File{{Path: tt.path, Content: tt.old}}, []artifact.File{{Path: tt.path, Content: tt.new}})) == 0
		if got != tt.same {
			t.Errorf("%s: the same is %t, want %t", tt.name, got, tt.same)
		}
	}
}
