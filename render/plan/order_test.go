package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"stackgen/render/artifact"
)

func TestOrder(t *testing.T) {
	step := func(id string, p artifact.Phase, after ...string) artifact.Step {
		machine, name, _ := strings.Cut(id, "/")
		return artifact.Step{Machine: machine, Name: name, Phase: p, After: after}
	}
	tests := []struct {
		name string
		in   []artifact.Step
		want string
	}{{
		name: "phases, then machines",
		in: []artifact.Step{step("web/nginx", artifact.Web), step("db/mariadb", artifact.Database),
			step("b/packages", artifact.Packages), step("a/packages", artifact.Packages)},
		want: "a/packages b/packages db/mariadb web/nginx",
	}, {
		name: "after, against the phases",
		in:   []artifact.Step{step("a/one", artifact.Packages, "z/last"), step("z/last", artifact.Cache)},
		want: "z/last a/one",
	}, {
		name: "the bridges and the network of a host stay together",
		in: []artifact.Step{step("b/network", artifact.HostNetwork), step("a/network", artifact.HostNetwork),
			step("b/ovs", artifact.Bridges), step("a/ovs", artifact.Bridges), step("a/storage", artifact.Storage)},
		want: "a/ovs a/network b/ovs b/network a/storage",
	}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := order(tt.in)
			if err != nil || ids(got) != tt.want {
				t.Errorf("order\n got %s, %v\nwant %s", ids(got), err, tt.want)
			}
		})
	}
}

func ids(steps []artifact.Step) string {
	names := make([]string, len(steps))
	for i, s := range steps {
		names[i] = s.ID()
	}
	return strings.Join(names, " ")
}

func TestOrderFails(t *testing.T) {
	tests := []struct {
		name string
		in   []artifact.Step
	}{
		{"after itself", []artifact.Step{{Machine: "a", Name: "x", After: []string{"a/x"}}}},
		{"after nobody", []artifact.Step{{Machine: "a", Name: "x", After: []string{"a/y"}}}},
		{"a circle", []artifact.Step{{Machine: "a", Name: "x", After: []string{"a/y"}}, {Machine: "a", Name: "y", After: []string{"a/x"}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := order(tt.in); err == nil {
				t.Errorf("order gives %s, want an error", ids(got))
			}
		})
	}
}

// many is a stack of n machines with five steps each, in no useful order.
func many(n int) []artifact.Step {
	var steps []artifact.Step
	for i := range n {
		m := fmt.Sprintf("m%05d", i)
		for p := artifact.Cache; p >= artifact.Guest; p-- {
			steps = append(steps, artifact.Step{Machine: m, Name: fmt.Sprintf("s%d", p), Phase: p, After: []string{m + "/packages"}})
		}
		steps = append(steps, artifact.Step{Machine: m, Name: "packages", Phase: artifact.Guest})
	}
	return steps
}

func TestOrderOfMany(t *testing.T) {
	steps := many(10_000)
	got, err := order(steps)
	if err != nil || len(got) != len(steps) {
		t.Fatalf("order gives %d of %d steps, %v", len(got), len(steps), err)
	}
	if !slices.IsSortedFunc(got, func(a, b artifact.Step) int { return int(a.Phase) - int(b.Phase) }) {
		t.Error("the phases are mixed")
	}
}

func BenchmarkOrder(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		steps := many(n)
		b.Run(fmt.Sprint(len(steps)), func(b *testing.B) {
			for b.Loop() {
				if _, err := order(steps); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
