package plan

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"

	"stackgen/render/artifact"
)

// order sorts steps by phase, then by what they come after, then by ID. It
// fails on a step that comes after itself or after one that does not exist:
// both are faults of a renderer.
func order(steps []artifact.Step) ([]artifact.Step, error) {
	waits := make(map[string]int, len(steps)) // how many steps each still waits for
	next := make(map[string][]artifact.Step)  // who waits for a step
	var ready queue
	for _, s := range steps {
		waits[s.ID()] = len(s.After)
		for _, id := range s.After {
			next[id] = append(next[id], s)
		}
		if len(s.After) == 0 {
			ready = append(ready, s)
		}
	}
	heap.Init(&ready)
	ordered := make([]artifact.Step, 0, len(steps))
	for ready.Len() > 0 {
		s := heap.Pop(&ready).(artifact.Step)
		ordered = append(ordered, s)
		for _, n := range next[s.ID()] {
			if waits[n.ID()]--; waits[n.ID()] == 0 {
				heap.Push(&ready, n)
			}
		}
	}
	if len(ordered) < len(steps) {
		return nil, stuck(steps, waits)
	}
	return ordered, nil
}

// stuck names the first step that never gets its turn.
func stuck(steps []artifact.Step, waits map[string]int) error {
	i := slices.IndexFunc(steps, func(s artifact.Step) bool { return waits[s.ID()] > 0 })
	return fmt.Errorf("ordering steps: %s waits for %v, which never come", steps[i].ID(), steps[i].After)
}

// queue is a heap of the steps whose turn it could be.
type queue []artifact.Step

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return compare(q[i], q[j]) < 0 }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(s any)        { *q = append(*q, s.(artifact.Step)) }

func (q *queue) Pop() any {
	last := len(*q) - 1
	s := (*q)[last]
	*q = (*q)[:last]
	return s
}

// compare puts the bridges of a host right before its network: between the two
// the host may be cut off, so they run as one guarded job.
func compare(a, b artifact.Step) int {
	return cmp.Or(
		cmp.Compare(rank(a.Phase), rank(b.Phase)),
		cmp.Compare(a.Machine, b.Machine),
		cmp.Compare(a.Phase, b.Phase),
		cmp.Compare(a.Name, b.Name))
}

func rank(p artifact.Phase) artifact.Phase {
	if p == artifact.HostNetwork {
		return artifact.Bridges
	}
	return p
}
