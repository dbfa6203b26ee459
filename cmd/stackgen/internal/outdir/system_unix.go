//go:build linux || darwin

package outdir

import (
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// lockDir locks a directory against other writers of ours. The system frees
// the lock when the process ends, however it ends.
func lockDir(dir string) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("locking the output folder: %w", err)
	}
	for range 200 {
		// A file system without locks, such as some of NFS, goes without.
		if err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); !errors.Is(err, unix.EWOULDBLOCK) {
			return f, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	f.Close()
	return nil, fmt.Errorf("another stackgen has been writing in %s for ten seconds; run this again when it is done", dir)
}
