//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peakOf is the peak of a process's resident memory in bytes: getrusage(2)
// gives kilobytes, but bytes on Darwin.
func peakOf(p *os.ProcessState) int64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(usage.Maxrss)
	}
	return int64(usage.Maxrss) << 10
}
