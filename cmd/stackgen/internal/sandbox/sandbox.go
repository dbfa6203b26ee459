// Package sandbox runs a program on files of a stranger so that nothing comes of
// it but what the program says.
//
// It takes a command line and a scratch folder. The program has namespaces of its
// own for users, mounts, processes, network, IPC and host name. It sees the
// programs of the machine read-only, a few files of /etc, an empty /var and /run,
// and the scratch folder as /tmp; no home, no device but null, zero and random, no
// socket of anyone, no environment. It is nobody: the caller's account with all
// privileges gone, or, when that is root, the account 65534. What it may take of
// time, memory, processes and file sizes is limited, and all that it has started
// ends with it.
//
// No help of another program is needed: this program starts itself once more, in
// the new namespaces, and becomes the other after it has closed the doors. So
// [Enter] has to be the first that main does.
package sandbox

import (
	"context"
	"io"
	"time"
)

// Home is where the scratch folder is for a program in the box.
const Home = "/tmp"

// Command is a program and what it is given.
type Command struct {
	Program string   // absolute path
	Args    []string // without the program's own name
	Scratch string   // folder that is [Home] inside; made by [Scratch]
	Stdin   io.Reader
	Output  io.Writer // standard output and standard error
	// NetAdmin lets the program change its own network, which is empty: nft(8)
	// asks the kernel about a ruleset and cannot without.
	NetAdmin bool
}

// patience is how long a program that is told to end may take to close its output.
const patience = time.Second

// Limits of each process in a box. A program that comes near them does something
// else than reading a configuration.
const (
	maxMemory    = 4 << 30 // bytes of address space
	maxFile      = 1 << 28 // bytes
	maxProcesses = 256     // of the box
	maxSeconds   = 600     // of processor time
)

// environment is all that a program in the box knows of its surroundings.
func environment() []string {
	return []string{
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"LC_ALL=C", "HOME=" + Home, "TMPDIR=" + Home, "XDG_CACHE_HOME=" + Home,
	}
}

// Run runs a command and waits for it. Its error is that of [exec.Cmd.Wait], a
// [*SetupError] if there is no box, or the context's cause.
func Run(ctx context.Context, c Command) error {
	stop, wait, err := start(ctx, c)
	if err != nil {
		return err
	}
	defer stop()
	return wait()
}

// Start is Run of a server; stop ends it with all that it has started, and waits.
func Start(ctx context.Context, c Command) (stop func(), err error) {
	stop, _, err = start(ctx, c)
	return stop, err
}

// SetupError says why a box cannot be made on this machine.
type SetupError struct{ Why string }

func (e *SetupError) Error() string { return "no sandbox: " + e.Why }
