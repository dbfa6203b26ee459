package outdir

import (
	"runtime"
	"sync"
)

// inParallel calls do for all items with as many workers as there are processors
// and gives the first error; after it no new call begins.
func inParallel[T any](items []T, do func(T) error) error {
	var (
		mu    sync.Mutex
		next  int
		first error
		group sync.WaitGroup
	)
	take := func() (item T, ok bool) {
		mu.Lock()
		defer mu.Unlock()
		if first != nil || next == len(items) {
			return item, false
		}
		next++
		return items[next-1], true
	}
	worker := func() {
		for item, ok := take(); ok; item, ok = take() {
			if err := do(item); err != nil {
				mu.Lock()
				if first == nil {
					first = err
				}
				mu.Unlock()
			}
		}
	}
	for range min(len(items), runtime.GOMAXPROCS(0)) {
		group.Go(worker)
	}
	group.Wait()
	return first
}
