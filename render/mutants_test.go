package render_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stackgen/render"
	"stackgen/schema"

	"github.com/google/go-jsonnet"
)

// oddities are values that some place of a topology is not made for, and another
// one is: ends of ranges, the other family, text with what languages find special.
func oddities() []any {
	return []any{
		0.0, 1.0, 4095.0, 9000.0, 65535.0, 65536.0, true, false,
		"10.0.1.0", "10.0.1.255", "255.255.255.255", "127.0.0.1", "::1", "2001:DB8::0:1", "fe80::1", "ff02::1",
		"0.0.0.0/0", "::/0", "2001:db8:0:1::/64", "192.0.2.0/31", "224.0.0.0/4", "128.0.0.0/1",
		"lo", "all", "default", "eth1", "vtun0", "root", "0x1f", "1.2.3.4.5", "a..b", strings.Repeat("a", 63), strings.Repeat("a", 255),
		"", " ", "-n", "# x", "%s", "$(id)", `it's "x" \`, "ü 🦊", "a\nb", "1-65535", "0s", "876000h", "1KiB", "4194304TiB",
	}
}

// mutantsOf is how many are made of a fixture.
func mutantsOf() int {
	if os.Getenv("STACKGEN_NIGHTLY") == "1" {
		return 20000
	}
	return 300
}

var sayMutants = flag.Bool("mutants", false, "say each mutant before it is tried: a panic says only where in the program it was")

// TestMutants: whatever a value of a topology, or two, are changed into, it is refused
// or it is rendered, and what is rendered has no words of our own language in it.
// Errors that a policy could lower count as lowered.
func TestMutants(t *testing.T) {
	files, err := filepath.Glob("../fixtures/*/topology.jsonnet")
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			t.Parallel()
			doc, diags, err := schema.Evaluate(schema.Input{File: file, Importer: &jsonnet.FileImporter{}})
			if err != nil || diags.HasErrors() {
				t.Fatal(diags, err)
			}
			whole, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			d, rendered := dice{rand.New(rand.NewPCG(uint64(i), 9))}, 0
			for range mutantsOf() {
				var mutant any
				if err := json.Unmarshal(whole, &mutant); err != nil {
					t.Fatal(err)
				}
				what := mutate(d, mutant)
				if d.chance(30) {
					what += mutate(d, mutant)
				}
				if *sayMutants {
					fmt.Fprintln(os.Stderr, what)
				}
				if isRendered(t, mutant, what) {
					rendered++
				}
			}
			t.Logf("%d of %d are rendered", rendered, mutantsOf())
			if rendered < mutantsOf()/10 {
				t.Errorf("only %d of %d are rendered: that shows little", rendered, mutantsOf())
			}
		})
	}
}

// isRendered reports whether a topology is let through; what is wrong with its
// rendering fails the test.
func isRendered(t *testing.T, doc any, what string) bool {
	t.Helper()
	_, diags, err := schema.LoadValue(doc)
	if err != nil {
		t.Errorf("%s: %v", what, err)
	}
	if len(firm(diags)) > 0 {
		return false
	}
	topo, _, err := schema.ModelValue(doc)
	if err != nil || topo == nil {
		t.Errorf("%s: %v", what, err)
		return false
	}
	diags, r := render.Prepare(topo)
	if diags.HasErrors() {
		return false
	}
	files, err := r.Files()
	if err != nil {
		t.Errorf("%s: %v", what, err)
	}
	for _, f := range files {
		for _, words := range []string{"invalid IP", "invalid Prefix", "%!", "<nil>", "<no value>"} {
			if strings.Contains(f.Content, words) {
				t.Errorf("%s: %s has %q", what, f.TreePath(), words)
			}
		}
	}
	return true
}

// mutate changes a value of a document to another one of its type, or removes it,
// and says which.
func mutate(d dice, doc any) (what string) {
	leaf := one(d, leavesOf(doc, "")...)
	odd := oddOf(d, leaf.value)
	if leaf.remove != nil && (odd == nil || d.chance(20)) {
		leaf.remove()
		return leaf.path + " is gone; "
	}
	leaf.set(odd)
	return fmt.Sprintf("%s is %q; ", leaf.path, fmt.Sprint(odd))
}

// leaf is a value of a document that has none below it.
type leaf struct {
	path   string
	value  any
	set    func(any)
	remove func() // nil in a list
}

func leavesOf(v any, path string) (all []leaf) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			at := path + "/" + key
			if below := leavesOf(v[key], at); len(below) > 0 {
				all = append(all, below...)
				continue
			}
			all = append(all, leaf{at, v[key], func(odd any) { v[key] = odd }, func() { delete(v, key) }})
		}
	case []any:
		for i := range v {
			at := fmt.Sprintf("%s/%d", path, i)
			if below := leavesOf(v[i], at); len(below) > 0 {
				all = append(all, below...)
				continue
			}
			all = append(all, leaf{at, v[i], func(odd any) { v[i] = odd }, nil})
		}
	}
	return all
}

// oddOf is a value of the type of another, or nil for one that is none of text,
// numbers and truth values.
func oddOf(d dice, v any) any {
	alike := slices.DeleteFunc(oddities(), func(o any) bool { return fmt.Sprintf("%T", o) != fmt.Sprintf("%T", v) })
	if len(alike) == 0 {
		return nil
	}
	return one(d, alike...)
}
