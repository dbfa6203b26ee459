package outdir

import (
	"os"

	"golang.org/x/sys/unix"
)

const canSwap = true

// swapDirs exchanges two directories of a parent in one step; see rename(2),
// RENAME_EXCHANGE.
func swapDirs(parent *os.File, a, b string) error {
	fd := int(parent.Fd())
	return unsupported(unix.Renameat2(fd, a, fd, b, unix.RENAME_EXCHANGE))
}

// flush writes the file system that a directory is on to the disk.
func flush(root *os.Root, dir string) error {
	f, err := root.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.Syncfs(int(f.Fd()))
}
