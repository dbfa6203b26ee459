package outdir

import (
	"errors"
	"os"
)

// lockDir does nothing: Windows cannot lock a directory.
func lockDir(string) (*os.File, error) { return nil, nil }

const canSwap = false

// swapDirs is not to be had.
func swapDirs(*os.File, string, string) error { return errors.ErrUnsupported }

// flush is left to the system.
func flush(*os.Root, string) error { return nil }
