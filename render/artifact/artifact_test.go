package artifact

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestSort: the order is that of whole paths, also where a machine's name is the
// beginning of another's, or of a path at the top: '-' is before '/', '0' after it.
func TestSort(t *testing.T) {
	var set Set
	for _, machine := range []string{"", "a", "ab", "a-b", "a0", "b"} {
		for _, path := range []string{"a", "a-b", "a/b", "ab", "b/a", "-", "0", "z"} {
			set.Files = append(set.Files, File{Machine: machine, Path: path})
		}
	}
	want := paths(set)
	slices.Sort(want)
	set.Sort()
	if got := paths(set); !slices.Equal(got, want) {
		t.Errorf("order\n got %s\nwant %s", strings.Join(got, " "), strings.Join(want, " "))
	}
}

func TestByMachine(t *testing.T) {
	set := Set{Files: []File{{Machine: "b", Path: "x"}, {Path: "a/z"}, {Machine: "a", Path: "y"}, {Path: "c"}, {Machine: "a", Path: "x"}}}
	set.Sort()
	var got []string
	for machine, files := range ByMachine(set.Files) {
		got = append(got, machine+":"+strings.Join(paths(Set{Files: files}), " "))
	}
	want := []string{"a:a/x a/y", ":a/z", "b:b/x", ":c"}
	if !slices.Equal(got, want) {
		t.Errorf("by machine\n got %q\nwant %q", got, want)
	}
}

func paths(s Set) []string {
	all := make([]string, len(s.Files))
	for i, f := range s.Files {
		all[i] = f.TreePath()
	}
	return all
}

// TestShare: nothing that can be seen changes.
func TestShare(t *testing.T) {
	set := func() Set {
		var s Set
		for _, machine := range []string{"a", "b", "c"} {
			s.Files = append(s.Files, File{Machine: machine, Path: "etc/hosts", Install: At("etc/hosts")}, File{Machine: machine, Path: "own", Install: At("own/" + machine)}, File{Path: "only read"})
			s.Steps = append(s.Steps, Step{Machine: machine, After: []string{machine + "/packages"}, Packages: []string{"a", "b"}, Check: []string{"ab"}, Apply: []string{"a", "b"}, Verify: []string{}, Undo: []string{""}})
		}
		return s
	}
	got := set()
	got.Share()
	if want := set(); !reflect.DeepEqual(got, want) {
		t.Errorf("shared\n got %+v\nwant %+v", got, want)
	}
	if got.Files[0].Install != got.Files[3].Install || &got.Steps[0].Packages[0] != &got.Steps[2].Packages[0] {
		t.Error("what is equal is there several times")
	}
}
