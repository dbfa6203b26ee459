// Command stackgen renders one Jsonnet topology into the files and commands
// that a virtualised application stack is made of.
//
// This package is the driver: flags, files, processes, exit codes. What a
// topology means is in package schema, what comes out in package render.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"stackgen/cmd/stackgen/internal/git"
	"stackgen/cmd/stackgen/internal/outdir"
	"stackgen/cmd/stackgen/internal/sandbox"
)

// Exit codes; part of the manual.
const (
	exitOK          = 0  // success, or no difference
	exitFailed      = 1  // the job could not be done
	exitDifferent   = 2  // differences found, or something expected does not hold
	exitInvalid     = 3  // the topology has errors
	exitNotVerified = 4  // a real program refused an artifact
	exitUsage       = 64 // the command line is wrong (EX_USAGE of sysexits.h)
)

func main() {
	sandbox.Enter()
	collectLater()
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program. Data goes to stdout, everything else to stderr.
func run(args []string, stdout, stderr io.Writer) int {
	root := rootCommand()
	out := &errorWriter{Writer: stdout}
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(stderr)
	err := root.ExecuteContext(context.WithValue(context.Background(), projectKey{}, new(projectRead)))
	var status exitStatus
	if out.err != nil && (err == nil || errors.As(err, &status)) {
		err = fmt.Errorf("printing: %w", out.err)
	}
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &status):
		return int(status)
	}
	fmt.Fprintf(stderr, "stackgen: error: %v\n", err)
	if hint := hintFor(err); hint != "" {
		fmt.Fprintf(stderr, "stackgen: hint: %s\n", hint)
	}
	var usage usageError
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitFailed
}

// errorWriter keeps the first error of a write, for those who print and return no
// error, such as cobra's help.
type errorWriter struct {
	io.Writer
	err error
}

// Write implements [io.Writer].
func (w *errorWriter) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if w.err == nil {
		w.err = err
	}
	return n, err
}

// hintFor says what to do about an error, if that is known.
func hintFor(err error) string {
	var (
		hinted  hintedError
		usage   usageError
		foreign *outdir.ForeignError
		edited  *outdir.EditedError
		noGit   *git.Error
	)
	switch {
	case errors.As(err, &hinted):
		return hinted.hint
	case errors.As(err, &usage):
		return "see " + usage.command + " --help"
	case errors.As(err, &foreign):
		return foreign.Hint
	case errors.As(err, &noGit):
		return noGit.Hint
	case errors.As(err, &edited):
		return "put the change into the topology; --force replaces what was edited"
	}
	return ""
}

// exitStatus ends the program when all that is to be said has been said.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// usageError is a mistake on the command line.
type usageError struct {
	command string // as it is called, for the hint
	err     error
}

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// hintedError is an error about which the user can do something.
type hintedError struct {
	err  error
	hint string
}

func (e hintedError) Error() string { return e.err.Error() }
func (e hintedError) Unwrap() error { return e.err }
