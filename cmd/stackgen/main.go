// Command stackgen renders one Jsonnet topology into the files and commands
// that a virtualised application stack is made of.
//
// This package is the driver: flags, files, processes, exit codes. What a
// topology means is in package schema, what comes out in package render.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// Exit codes; part of the manual.
const (
	exitOK          = 0  // success, or no difference
	exitFailed      = 1  // the job could not be done
	exitDifferent   = 2  // differences found
	exitInvalid     = 3  // the topology has errors
	exitNotVerified = 4  // a real program refused an artifact
	exitUsage       = 64 // the command line is wrong (EX_USAGE of sysexits.h)
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the whole program. Data goes to stdout, everything else to stderr.
func run(args []string, stdout, stderr io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.Execute()
	var status exitStatus
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &status):
		return int(status)
	}
	fmt.Fprintf(stderr, "stackgen: error: %v\n", err)
	var usage usageError
	if errors.As(err, &usage) {
		fmt.Fprintf(stderr, "stackgen: hint: see stackgen %s --help\n", usage.command)
		return exitUsage
	}
	return exitFailed
}

// exitStatus ends the program when all that is to be said has been said.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// usageError is a mistake on the command line.
type usageError struct {
	command string // the subcommand, for the hint
	err     error
}

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "stackgen",
		Short:         "render a virtualised application stack from one topology",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return usageError{c.Name(), err} })
	root.AddCommand(renderCommand(), validateCommand())
	return root
}
