package outdir

import (
	"os"

	"golang.org/x/sys/unix"
)

// flush writes the file system that a directory is on to the disk.
func flush(root *os.Root, dir string) error {
	f, err := root.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.Syncfs(int(f.Fd()))
}
