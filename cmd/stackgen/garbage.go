package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// youngGrowth is how much the heap may grow before the first collection of garbage,
// in per cent of 4 MiB.
const youngGrowth = 300

// usualMost is how much memory is taken, in bytes, while no more than two thirds of it
// are in use. To keep to it, what was collected goes back to the system: a text of
// 30 MiB does not fit where a million small ones were.
const usualMost = 168 << 20

// collectLater gives garbage the room that it may take. Go's own rule, as much as is
// in use but 4 MiB at least, makes the collector run without a rest where little is
// in use at a time, and takes too much where much is. GOGC and GOMEMLIMIT have the
// last word.
func collectLater() {
	if os.Getenv("GOGC")+os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(youngGrowth)
		debug.SetMemoryLimit(usualMost)
		afterCollection(allowance{youngGrowth, usualMost})
	}
}

// allowance is what the heap may grow by, in per cent, and all memory may come to, in bytes.
type allowance struct {
	growth int
	most   int64
}

// afterCollection adapts the allowance to what is in use after each collection.
func afterCollection(has allowance) {
	garbage := new([64]byte) // of a size that shares its place with nothing else
	runtime.AddCleanup(garbage, func(has allowance) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		inUse := int(live[0].Value.Uint64())
		wanted := allowance{growthFor(inUse), max(usualMost, 3*int64(inUse)/2)}
		if wanted != has { // for setting them stops all goroutines
			debug.SetGCPercent(wanted.growth)
			debug.SetMemoryLimit(wanted.most)
		}
		afterCollection(wanted)
	}, has)
}

// growthFor is the growth of a heap by the bytes in use, so that what a topology takes
// grows with it. One of four machines is done with 12 MiB before there is anything to
// collect. Of a hundred there are 3 in use at a time, of a thousand 20, and as much
// again has room. Of ten thousand there are 40 while they are evaluated, when the
// collector has most to do, and a hundred in the end.
func growthFor(live int) int {
	const mib = 1 << 20
	small := max(12*mib-live, live)
	room := min(max(small, 4*live-96*mib), 64*mib)
	return min(100*max(room, live/4)/live, youngGrowth)
}
