package outdir

import (
	"runtime"
	"sync"
)

// inParallel calls do for all paths with as many workers as there are
// processors and gives the first error; after it no new call begins.
func inParallel(paths []string, do func(string) error) error {
	var (
		mu    sync.Mutex
		next  int
		first error
		group sync.WaitGroup
	)
	take := func() (string, bool) {
		mu.Lock()
		defer mu.Unlock()
		if first != nil || next == len(paths) {
			return "", false
		}
		next++
		return paths[next-1], true
	}
	worker := func() {
		for path, ok := take(); ok; path, ok = take() {
			if err := do(path); err != nil {
				mu.Lock()
				if first == nil {
					first = err
				}
				mu.Unlock()
			}
		}
	}
	for range min(len(paths), runtime.GOMAXPROCS(0)) {
		group.Go(worker)
	}
	group.Wait()
	return first
}
