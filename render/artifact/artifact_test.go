package artifact

import (
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
