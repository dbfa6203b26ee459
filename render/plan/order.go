package plan

import (
	"cmp"
	"fmt"
	"slices"

	"stackgen/render/artifact"
)

// order sorts steps by phase, then by what they come after, then by ID. It
// fails on a step that comes after itself or after one that does not exist:
// both are faults of a renderer.
func order(steps []artifact.Step) ([]artifact.Step, error) {
	waiting := slices.SortedFunc(slices.Values(steps), func(a, b artifact.Step) int {
		return cmp.Or(cmp.Compare(a.Phase, b.Phase), cmp.Compare(a.ID(), b.ID()))
	})
	done := make(map[string]bool, len(steps))
	ordered := make([]artifact.Step, 0, len(steps))
	for len(waiting) > 0 {
		i := slices.IndexFunc(waiting, func(s artifact.Step) bool {
			return !slices.ContainsFunc(s.After, func(id string) bool { return !done[id] })
		})
		if i < 0 {
			return nil, fmt.Errorf("ordering steps: %s waits for %v, which never come", waiting[0].ID(), waiting[0].After)
		}
		done[waiting[i].ID()] = true
		ordered = append(ordered, waiting[i])
		waiting = slices.Delete(waiting, i, i+1)
	}
	return ordered, nil
}
