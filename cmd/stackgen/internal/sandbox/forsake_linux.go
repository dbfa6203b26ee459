package sandbox

import (
	"fmt"
	"runtime"
	"syscall"
	"unsafe"
)

// Capabilities, by their numbers in capabilities(7) and <linux/capability.h>.
const (
	capSetpcap     = 8
	capNetAdmin    = 12
	capSysAdmin    = 21
	capSysResource = 24
	maxCap         = 63
)

// Operations of prctl(2).
const (
	setParentDeath  = 1
	dropFromBound   = 24
	setNoNewPrivs   = 38
	ambient         = 47
	ambientRaise    = 2
	ambientClearAll = 4
)

// forsake gives up all privileges but, if told so, those over the box's own network,
// and all ways to get them back. It is about one thread, which then becomes the
// program.
func forsake(netAdmin bool) error {
	runtime.LockOSThread()
	if err := limit(); err != nil {
		return err
	}
	if err := prctl(ambient, ambientClearAll, 0); err != nil {
		return fmt.Errorf("giving up privileges: %w", err)
	}
	for c := uintptr(0); c <= maxCap; c++ {
		if c != capNetAdmin || !netAdmin {
			prctl(dropFromBound, c, 0) // of those that this kernel knows
		}
	}
	var kept uint32
	if netAdmin {
		kept = 1 << capNetAdmin
	}
	if err := setCapabilities(kept); err != nil {
		return fmt.Errorf("giving up privileges: %w", err)
	}
	if netAdmin {
		if err := prctl(ambient, ambientRaise, capNetAdmin); err != nil {
			return fmt.Errorf("keeping the network: %w", err)
		}
	}
	if err := prctl(setNoNewPrivs, 1, 0); err != nil {
		return fmt.Errorf("refusing new privileges: %w", err)
	}
	return prctl(setParentDeath, uintptr(syscall.SIGKILL), 0)
}

func prctl(operation, a, b uintptr) error {
	if _, _, errno := syscall.RawSyscall6(syscall.SYS_PRCTL, operation, a, b, 0, 0, 0); errno != 0 {
		return errno
	}
	return nil
}

// setCapabilities leaves the thread those of a set, also over exec.
func setCapabilities(set uint32) error {
	header := struct{ version, pid uint32 }{version: 0x20080522}
	data := [2]struct{ effective, permitted, inheritable uint32 }{{set, set, set}}
	_, _, errno := syscall.RawSyscall(syscall.SYS_CAPSET, uintptr(unsafe.Pointer(&header)),
		uintptr(unsafe.Pointer(&data)), 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// limit is for each process of the box. What is lower already stays.
func limit() error {
	const maxProcs = 6 // RLIMIT_NPROC, which package syscall lacks
	for _, l := range []struct {
		what int
		max  uint64
	}{
		{syscall.RLIMIT_AS, maxMemory}, {syscall.RLIMIT_FSIZE, maxFile}, {syscall.RLIMIT_CPU, maxSeconds},
		{maxProcs, maxProcesses}, {syscall.RLIMIT_CORE, 0},
	} {
		var now syscall.Rlimit
		if err := syscall.Getrlimit(l.what, &now); err != nil {
			return fmt.Errorf("reading a limit: %w", err)
		}
		lower := min(now.Max, l.max)
		if err := syscall.Setrlimit(l.what, &syscall.Rlimit{Cur: lower, Max: lower}); err != nil {
			return fmt.Errorf("setting a limit: %w", err)
		}
	}
	return nil
}
