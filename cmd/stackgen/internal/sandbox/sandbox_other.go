//go:build !linux

package sandbox

import (
	"context"
	"os"
	"runtime"
)

// Enter does nothing: there is no box to enter.
func Enter() {}

// Available says that there is no box on this system.
func Available(context.Context) error {
	return &SetupError{"it is made of what Linux has, and this is " + runtime.GOOS}
}

// Scratch makes a folder in a folder that exists.
func Scratch(in string) (string, error) { return os.MkdirTemp(in, "") }

func start(ctx context.Context, _ Command) (func(), func() error, error) {
	return nil, nil, Available(ctx)
}
