package outdir

import (
	"os"

	"golang.org/x/sys/unix"
)

// flush asks the system to write to the disk; see sync(2).
func flush(*os.Root, string) error {
	unix.Sync()
	return nil
}
