package plan

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"strings"

	"stackgen/render/artifact"
)

// order sorts steps by phase, then by what they come after, then by ID. It
// fails on a step that comes after itself or after one that does not exist:
// both are faults of a renderer.
func order(steps []artifact.Step) ([]artifact.Step, error) {
	turns := turnsOf(steps)
	var ready queue
	for i := range turns {
		if turns[i].waits == 0 {
			ready = append(ready, &turns[i])
		}
	}
	heap.Init(&ready)
	ordered := make([]artifact.Step, 0, len(steps))
	for ready.Len() > 0 {
		next := heap.Pop(&ready).(*turn)
		ordered = append(ordered, *next.step)
		for _, n := range next.next {
			if n.waits--; n.waits == 0 {
				heap.Push(&ready, n)
			}
		}
	}
	if len(ordered) < len(steps) {
		return nil, stuck(turns)
	}
	return ordered, nil
}

// turn is a step, how many others it still waits for, and who waits for it.
type turn struct {
	step  *artifact.Step
	waits int
	next  []*turn
}

func turnsOf(steps []artifact.Step) []turn {
	turns, byStep := make([]turn, len(steps)), make(map[stepKey]*turn, len(steps))
	for i := range steps {
		turns[i] = turn{step: &steps[i], waits: len(steps[i].After)}
		byStep[stepKey{steps[i].Machine, steps[i].Name}] = &turns[i]
	}
	for i := range turns {
		for _, id := range turns[i].step.After {
			machine, name, _ := strings.Cut(id, "/")
			if before := byStep[stepKey{machine, name}]; before != nil {
				before.next = append(before.next, &turns[i])
			}
		}
	}
	return turns
}

// stepKey is what the ID of a step is made of.
type stepKey struct{ machine, name string }

// stuck names the first step that never gets its turn.
func stuck(turns []turn) error {
	s := turns[slices.IndexFunc(turns, func(t turn) bool { return t.waits > 0 })].step
	return fmt.Errorf("ordering steps: %s waits for %v, which never come", s.ID(), s.After)
}

// queue is a heap of the steps whose turn it could be.
type queue []*turn

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return compare(q[i].step, q[j].step) < 0 }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(t any)        { *q = append(*q, t.(*turn)) }

func (q *queue) Pop() any {
	last := len(*q) - 1
	t := (*q)[last]
	*q = (*q)[:last]
	return t
}

// compare puts the bridges of a host right before its network: between the two
// the host may be cut off, so they run as one guarded job.
func compare(a, b *artifact.Step) int {
	if c := cmp.Compare(rank(a.Phase), rank(b.Phase)); c != 0 {
		return c
	}
	if c := strings.Compare(a.Machine, b.Machine); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.Phase, b.Phase), strings.Compare(a.Name, b.Name))
}

func rank(p artifact.Phase) artifact.Phase {
	if p == artifact.HostNetwork {
		return artifact.Bridges
	}
	return p
}
